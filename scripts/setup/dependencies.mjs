// @ts-check
/** Makes sure that the dependencies stand in node_modules, as package-lock.json names them. Needs nothing but Node and npm. */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../run.mjs";

/** @typedef {import("../run.mjs").Runner} Runner */

const stampFile = join(root, "node_modules", ".pilot-light-stamp");

/**
 * @param {Runner} run
 * @returns {boolean} false, and one sentence, when Node is older than package.json's `engines`
 */
function nodeIsNewEnough(run) {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return true;
  run.say(`Pilot Light needs Node 20.19 or newer, and this is ${process.versions.node}; see https://nodejs.org.`);
  return false;
}

/**
 * Installs what package-lock.json names, unless exactly that was installed here before.
 * @param {Runner} run
 * @returns {Promise<boolean>} false when that failed; the reason is on the screen
 */
export async function ensureDependencies(run) {
  if (!nodeIsNewEnough(run)) return false;
  const lock = createHash("sha256")
    .update(await readFile(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = await readFile(stampFile, "utf8").catch(() => null);
  if (stamp === lock) return true;
  const code = await run.npm(["ci", "--ignore-scripts", "--include=dev"]);
  if (code !== 0) {
    run.say("The dependencies could not be installed; npm says why above.");
    return false;
  }
  await writeFile(stampFile, lock);
  return true;
}
