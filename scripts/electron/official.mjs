// @ts-check
/** The official Electron of package.json: as its npm package unpacked it, or downloaded the way that package does. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../run.mjs";
import { electronCache, keep } from "./store.mjs";

/** After so long without a byte the place counts as out of reach (ms). */
const FIRST_BYTE = 6_000;
const NEXT_BYTE = 20_000;
/** So long nobody asks again after a failure (ms). */
const REMEMBERED = 6 * 3_600_000;

const packageFolder = join(root, "node_modules", "electron");

/** What may send the download elsewhere: another answer here, and what we remember is void. */
const MIRROR = /^(npm_config_|npm_package_config_)?electron_(mirror|custom_?dir|custom_?filename)$|_proxy$/i;

/** @returns {string} where the executable stands in a dist folder */
export function executableName() {
  if (process.platform === "darwin") return "Electron.app/Contents/MacOS/Electron";
  return process.platform === "win32" ? "electron.exe" : "electron";
}

/** @returns {Promise<string | null>} the version that package.json pins; null when the npm package is not installed */
export async function officialVersion() {
  return textAt(join(packageFolder, "package.json"), "version");
}

/** @returns {Promise<string | null>} the dist folder that the npm package unpacked for itself, if it did */
export async function installedDist() {
  const dist = join(packageFolder, "dist");
  const version = await readFile(join(dist, "version"), "utf8").catch(() => null);
  if (version === null || version.trim().replace(/^v/, "") !== (await officialVersion())) return null;
  return (await stat(join(dist, executableName())).catch(() => null))?.isFile() === true ? dist : null;
}

/**
 * @param {string} version
 * @returns {string} its folder in the cache
 */
export function officialFolder(version) {
  return join(electronCache(), `${version}-${process.platform}-${process.arch}`);
}

/**
 * Downloads it, checked against the checksums in its npm package. Fails within seconds where the place is out of reach.
 * @param {import("../run.mjs").Runner} run
 * @param {string} version
 * @param {boolean} again also when it failed a short while ago
 * @returns {Promise<string | null>} null when it is in the cache, else the reason why not
 */
export async function fetchOfficial(run, version, again) {
  const memory = join(electronCache(), `${version}-failed.json`);
  const settings = Object.entries(process.env).filter(([name]) => MIRROR.test(name));
  // A hash: the address of a proxy may hold a password.
  const from = createHash("sha256").update(JSON.stringify(settings)).digest("hex");
  const since = Number(await textAt(memory, "at"));
  const fresh = since <= Date.now() && Date.now() - since < REMEMBERED;
  if (!again && fresh && (await textAt(memory, "from")) === from) return "its download failed a short while ago";
  const reason = await keep(officialFolder(version), async (work) => {
    run.say(`Downloading Electron ${version} …`);
    const zip = await download(version);
    if (zip.path === null) return zip.why;
    const { extract } = await import("@electron-internal/extract-zip");
    const dist = join(work, "dist");
    await mkdir(dist);
    await extract(zip.path, { dir: dist });
    return { version, executable: executableName() };
  });
  if (reason === null) await rm(memory, { force: true });
  else {
    await mkdir(electronCache(), { recursive: true });
    await writeFile(memory, JSON.stringify({ at: String(Date.now()), from }));
  }
  return reason;
}

/**
 * @param {string} version
 * @returns {Promise<{ path: string } | { path: null, why: string }>}
 */
async function download(version) {
  const given = await readFile(join(packageFolder, "checksums.json"), "utf8").catch(() => null);
  if (given === null) return { path: null, why: "its npm package brings no checksums" };
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), FIRST_BYTE);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), NEXT_BYTE);
    return Promise.resolve();
  };
  try {
    const { downloadArtifact } = await import("@electron/get");
    const path = await downloadArtifact({
      version,
      artifactName: "electron",
      platform: process.platform,
      arch: process.arch,
      checksums: stringsOf(JSON.parse(given)),
      ...(process.env["electron_config_cache"] && { cacheRoot: process.env["electron_config_cache"] }),
      downloadOptions: { quiet: true, signal: silence.signal, getProgressCallback: alive },
    });
    return { path };
  } catch (error) {
    return { path: null, why: silence.signal.aborted ? "no answer came in time" : wordsOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** @param {unknown} error */
function wordsOf(error) {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
  return `${error.message}${code}`;
}

/**
 * @param {unknown} value
 * @returns {Record<string, string>}
 */
function stringsOf(value) {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)]));
}

/**
 * @param {string} file JSON
 * @param {string} key
 * @returns {Promise<string | null>}
 */
async function textAt(file, key) {
  try {
    /** @type {unknown} */
    const value = JSON.parse(await readFile(file, "utf8"));
    /** @type {unknown} */
    const found = typeof value === "object" && value !== null ? Reflect.get(value, key) : null;
    return typeof found === "string" ? found : null;
  } catch {
    return null;
  }
}
