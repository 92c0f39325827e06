// @ts-check
/** What the launcher takes from a command line; apart from main.cjs, so that it can be tried without an Electron. */
/* oxlint-disable typescript/no-require-imports -- it belongs to main.cjs. */
const { readFileSync } = require("node:fs");
const path = require("node:path");

/**
 * @typedef Launch
 * @property {string} folder the app's folder, absolute
 * @property {string} main the file to load, absolute
 * @property {string} name
 * @property {string} version
 * @property {string} desktopName
 */

/**
 * `electron [switches] FOLDER [flags]`: the first word that is no switch is the app's folder.
 * @param {readonly string[]} argv as Electron got it, the executable first
 * @param {string} cwd
 * @returns {Launch}
 * @throws Error with one sentence for people
 */
function readLaunch(argv, cwd) {
  const word = argv.slice(1).find((each) => !each.startsWith("-"));
  if (word === undefined) throw new Error("Name the folder of an app: electron FOLDER [flags].");
  const folder = path.resolve(cwd, word);
  /** @type {unknown} */
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  /** @param {string} key */
  const text = (key) => {
    /** @type {unknown} */
    const value = typeof manifest === "object" && manifest !== null ? Reflect.get(manifest, key) : undefined;
    return typeof value === "string" && value !== "" ? value : null;
  };
  const name = text("productName") ?? text("name") ?? "Electron";
  return {
    folder,
    main: path.join(folder, text("main") ?? "index.js"),
    name,
    version: text("version") ?? "0.0.0",
    desktopName: text("desktopName") ?? `${name}.desktop`,
  };
}

module.exports = { readLaunch };
