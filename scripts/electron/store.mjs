// @ts-check
/**
 * The cache of Electrons, outside the checkout: one folder each, which appears whole or not at all. In it stand
 * `dist/` as electron-builder packs it, `stamp.json`, which tells a damaged one, and a `run-…` folder, the same files (hard
 * links) with our launcher beside them, where dist has no default app of its own.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import {
  chmod,
  copyFile,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { root } from "../run.mjs";

/**
 * @typedef Stamp
 * @property {string} version of Electron
 * @property {string} executable its path in dist/
 * @property {string} sha256 of the executable
 * @property {Readonly<Record<string, number>>} sizes bytes of each file of dist/
 */

/** After so long a half-made one belongs to nobody any more: who made it was ended (ms). */
const ABANDONED = 24 * 3_600_000;

const MAKING = ".making-";

const LAUNCHER = ["main.cjs", "launch.cjs", "package.json"];

/** @returns {string} the folder of all Electrons in the cache */
export function electronCache() {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "pilot-light-dev", "electron");
}

/**
 * @param {string} folder of one Electron in the cache
 * @returns {Promise<Stamp | null>} null when there is none, or a damaged one
 */
export async function intact(folder) {
  const stamp = readStamp(await readFile(join(folder, "stamp.json"), "utf8").catch(() => "null"));
  if (stamp === null) return null;
  const sizes = await sizesIn(join(folder, "dist")).catch(() => null);
  if (sizes === null) return null;
  const names = Object.keys(stamp.sizes);
  if (names.length !== Object.keys(sizes).length) return null;
  if (names.some((name) => stamp.sizes[name] !== sizes[name])) return null;
  return (await hashOf(join(folder, "dist", stamp.executable))) === stamp.sha256 ? stamp : null;
}

/**
 * Puts an Electron into the cache, unless an intact one is there. Two that do so at once do not disturb each other.
 * @param {string} folder
 * @param {(work: string) => Promise<{ version: string, executable: string } | string>} make fills `work`/dist; or says why not
 * @returns {Promise<string | null>} null when it is there, else the reason why not
 */
export async function keep(folder, make) {
  if ((await intact(folder)) !== null) return null;
  await mkdir(dirname(folder), { recursive: true });
  await sweep(dirname(folder));
  const work = await mkdtemp(join(dirname(folder), MAKING));
  try {
    const made = await make(work);
    if (typeof made === "string") return made;
    const dist = join(work, "dist");
    const sha256 = await hashOf(join(dist, made.executable));
    /** @type {Stamp} */
    const stamp = { ...made, sha256, sizes: await sizesIn(dist) };
    await writeFile(join(work, "stamp.json"), JSON.stringify(stamp, null, 2));
    if ((await intact(folder)) === null) {
      // A damaged one steps aside as a whole; a neighbour who was faster has brought an intact one.
      await rename(folder, join(work, "damaged")).catch(() => undefined);
      const whole = join(work, "whole");
      await mkdir(whole);
      await Promise.all(["dist", "stamp.json"].map((name) => rename(join(work, name), join(whole, name))));
      await rename(whole, folder).catch(() => undefined);
    }
    // A neighbour that saw none a moment ago may have put ours aside, and puts his own there now.
    for (let look = 0; look < 50; look += 1) {
      if ((await intact(folder)) !== null) return null;
      await pause(50);
    }
    return `it could not be put into ${folder}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * Removes what makers left behind who were killed: each is some hundred megabytes.
 * @param {string} cache
 */
async function sweep(cache) {
  for (const name of await readdir(cache)) {
    if (!name.startsWith(MAKING)) continue;
    const path = join(cache, name);
    const made = (await lstat(path).catch(() => null))?.mtimeMs ?? Date.now();
    if (Date.now() - made > ABANDONED) await rm(path, { recursive: true, force: true });
  }
}

/**
 * The same Electron with our launcher in its resources, made when it is missing.
 * @param {string} folder of an intact Electron in the cache
 * @param {Stamp} stamp
 * @returns {Promise<string>} its executable; `executable APP_FOLDER flags` opens the app
 */
export async function withLauncher(folder, stamp) {
  const sources = await Promise.all(
    LAUNCHER.map((name) => readFile(join(root, "scripts/electron/launcher", name), "utf8")),
  );
  const hash = createHash("sha256");
  hash.update(sources.join("\0"));
  const tree = join(folder, `run-${hash.digest("hex").slice(0, 12)}`);
  const executable = join(tree, stamp.executable);
  if ((await lstat(executable).catch(() => null))?.isFile()) return executable;
  const work = await mkdtemp(join(folder, ".run-"));
  try {
    await linkTree(join(folder, "dist"), work);
    const app = join(work, "resources", "app");
    await mkdir(app, { recursive: true });
    await Promise.all(LAUNCHER.map((name, at) => writeFile(join(app, name), sources[at] ?? "")));
    await chmod(work, 0o755);
    // A neighbour may have been faster; his is as good.
    await rename(work, tree).catch(() => undefined);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return executable;
}

/**
 * @param {string} path
 * @param {"sha256" | "sha512"} [algorithm]
 * @param {"hex" | "base64"} [encoding]
 * @returns {Promise<string>}
 */
export async function hashOf(path, algorithm = "sha256", encoding = "hex") {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest(encoding);
}

/**
 * @param {string} text
 * @returns {Stamp | null}
 */
function readStamp(text) {
  /** @type {unknown} */
  let value = null;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  if (!("version" in value && "executable" in value && "sha256" in value && "sizes" in value)) return null;
  const { version, executable, sha256, sizes } = value;
  if (typeof version !== "string" || typeof executable !== "string" || typeof sha256 !== "string") return null;
  if (typeof sizes !== "object" || sizes === null) return null;
  return { version, executable, sha256, sizes: Object.fromEntries(Object.entries(sizes)) };
}

/**
 * @param {string} folder
 * @param {string} [inside]
 * @returns {Promise<Record<string, number>>} bytes of each file, by its path in the folder; links are not followed
 */
async function sizesIn(folder, inside = "") {
  /** @type {Record<string, number>} */
  const sizes = {};
  for (const entry of await readdir(join(folder, inside), { withFileTypes: true })) {
    const name = inside === "" ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) Object.assign(sizes, await sizesIn(folder, name));
    else if (entry.isFile()) sizes[name] = (await lstat(join(folder, name))).size;
  }
  return sizes;
}

/**
 * @param {string} from
 * @param {string} to an empty folder on the same file system
 */
async function linkTree(from, to) {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) {
      await mkdir(target);
      await linkTree(source, target);
    } else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await link(source, target).catch(() => copyFile(source, target));
  }
}
