// @ts-check
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./run.mjs";

/** @returns {Promise<string>} the one version of the product, from package.json */
export async function productVersion() {
  /** @type {unknown} */
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) return String(manifest.version);
  throw new Error("package.json names no version");
}
