// @ts-check
/** Builds the product into out/, when a source is newer than what stands there. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./run.mjs";

/** @typedef {import("./run.mjs").Runner} Runner */

/** The parts of the product, each a bundle of its own (vite.config.ts). */
const PARTS = ["main", "preload", "renderer", "cli"];

/** The command line: the one file that a build makes last. */
export const commandLine = join(root, "out", "cli", "pilot-light.mjs");

const SOURCES = ["app", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"];

/**
 * @param {Runner} run
 * @returns {Promise<boolean>} false when the build failed; the reason is on the screen
 */
export async function build(run) {
  for (const part of PARTS) {
    if ((await run.tool("vite", ["build", "--mode", part, "--logLevel", "warn"])) !== 0) return false;
  }
  return true;
}

/**
 * @param {Runner} run
 * @returns {Promise<boolean>} false when a build was needed and failed
 */
export async function buildIfStale(run) {
  const built = await stat(commandLine).catch(() => null);
  if (built === null) return build(run);
  const newest = Math.max(...(await Promise.all(SOURCES.map((path) => newestIn(join(root, path))))));
  return newest < built.mtimeMs || build(run);
}

/**
 * Folders count too: theirs is the only time that a removed file changes.
 * @param {string} path
 * @returns {Promise<number>} the newest modification in it, ms since the epoch
 */
async function newestIn(path) {
  const here = await stat(path);
  if (!here.isDirectory()) return here.mtimeMs;
  const inside = await Promise.all((await readdir(path)).map((name) => newestIn(join(path, name))));
  return Math.max(here.mtimeMs, ...inside);
}
