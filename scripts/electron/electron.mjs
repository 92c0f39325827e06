// @ts-check
/** Finds an Electron for development, tests and packaging (docs/electron.md). */
import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { FALLBACK_VERSION, fallbackFolder, fetchFallback, whyNoFallback } from "./fallback.mjs";
import { executableName, fetchOfficial, installedDist, officialFolder, officialVersion } from "./official.mjs";
import { intact, withLauncher } from "./store.mjs";

/**
 * @typedef Electron
 * @property {string} path the executable: `path [switches] APP_FOLDER [flags]` opens the app in that folder
 * @property {string} dist its folder as it was packed, nothing of ours inside; electron-builder's `electronDist`
 * @property {string} version
 * @property {"override" | "official" | "fallback"} kind
 * @property {string} why how it was found, in words
 *
 * @typedef NoElectron
 * @property {null} path
 * @property {string} why there is none, in words
 *
 * @typedef {import("../run.mjs").Runner} Runner
 */

/**
 * Finds an Electron, fetches one if need be, and says in one line which and why.
 * @param {Runner} run
 * @param {{ again?: boolean }} [options] again: ask the network also when that failed a short while ago
 * @returns {Promise<Electron | NoElectron>}
 */
export async function findElectron(run, { again = false } = {}) {
  const found = await search(run, again);
  run.say(found.path === null ? `No Electron: ${found.why}.` : `Electron ${found.version}: ${found.why}.`);
  return found;
}

/**
 * The Electron that `findElectron` found before; asks no network.
 * @returns {Promise<Electron | NoElectron>}
 */
export function cachedElectron() {
  return search(null, false);
}

/**
 * @param {Runner | null} run null = fetch nothing
 * @param {boolean} again
 * @returns {Promise<Electron | NoElectron>}
 */
async function search(run, again) {
  const override = process.env["ELECTRON_OVERRIDE_DIST_PATH"];
  if (override) return overridden(resolve(override));
  const first = await searchOfficial(run, again);
  if (first.path !== null) return first;
  const unfit = whyNoFallback();
  if (unfit !== null) return { path: null, why: `${first.why}, and ${unfit}` };
  const folder = fallbackFolder();
  const reason = run === null ? null : await fetchFallback(run);
  const stamp = reason === null ? await intact(folder) : null;
  if (stamp === null) return { path: null, why: `${first.why}; its stand-in: ${reason ?? "not in the cache"}` };
  return {
    path: await withLauncher(folder, stamp),
    dist: join(folder, "dist"),
    version: FALLBACK_VERSION,
    kind: "fallback",
    why: `for trying out, because ${first.why}`,
  };
}

/**
 * @param {Runner | null} run
 * @param {boolean} again
 * @returns {Promise<Electron | NoElectron>}
 */
async function searchOfficial(run, again) {
  const version = await officialVersion();
  if (version === null) return { path: null, why: "the npm package electron is not installed" };
  const installed = await installedDist();
  if (installed !== null) return official(installed, version, "installed in node_modules");
  const folder = officialFolder(version);
  const reason = run === null || (await intact(folder)) ? null : await fetchOfficial(run, version, again);
  if (reason === null && (await intact(folder)) !== null)
    return official(join(folder, "dist"), version, "downloaded before");
  const how = reason === null ? "is not in the cache" : `could not be downloaded (${reason})`;
  return { path: null, why: `the official ${version} ${how}` };
}

/**
 * @param {string} dist
 * @param {string} version
 * @param {string} how
 * @returns {Electron}
 */
function official(dist, version, how) {
  return { path: join(dist, executableName()), dist, version, kind: "official", why: `the official one, ${how}` };
}

/**
 * Where it is named but unfit, nothing else takes its place: who names one means that one.
 * @param {string} dist
 * @returns {Promise<Electron | NoElectron>}
 */
async function overridden(dist) {
  const path = join(dist, executableName());
  const isFile = async (/** @type {string} */ file) => (await stat(file).catch(() => null))?.isFile() === true;
  if (!(await isFile(path)))
    return { path: null, why: `ELECTRON_OVERRIDE_DIST_PATH names ${dist}, where no ${executableName()} is` };
  const resources = join(dist, process.platform === "darwin" ? "Electron.app/Contents/Resources" : "resources");
  const opensFolders =
    (await isFile(join(resources, "default_app.asar"))) || (await isFile(join(resources, "app/launch.cjs")));
  if (!opensFolders)
    return {
      path: null,
      why: `ELECTRON_OVERRIDE_DIST_PATH names ${dist}, which has no default app to open a folder with`,
    };
  const version = await readFile(join(dist, "version"), "utf8").catch(() => "");
  return {
    path,
    dist,
    version: version.trim().replace(/^v/, "") || "of unknown version",
    kind: "override",
    why: "named by ELECTRON_OVERRIDE_DIST_PATH",
  };
}
