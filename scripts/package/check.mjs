// @ts-check
/** Looks into a package that was just made: its fuses as the executable holds them, and what it brings along. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { extractFile, listPackage, statFile } from "@electron/asar";
import { FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { DRAWN } from "../icons/drawings.mjs";

/** Without one of these there is no app. */
const NEEDED = [
  "package.json",
  "out/main/index.cjs",
  "out/preload/index.cjs",
  "out/renderer/index.html",
  "out/renderer/index.js",
  "out/renderer/index.css",
  "resources/icon.png",
  ...DRAWN.flatMap((degree) =>
    [".png", ".ico", "Template.png", "Template@2x.png"].map((end) => `resources/tray/${degree}${end}`),
  ),
];

/** Besides them nothing but more scales of the tray's pictures. */
const MAY_BE_THERE = /^resources\/tray\/[\w-]+(@\d+x)?\.png$/;

/** Fuses by the names that the packager's configuration gives them, in the order of the wire. */
const FUSE_NAMES = /** @type {const} */ ([
  ["runAsNode", FuseV1Options.RunAsNode],
  ["enableCookieEncryption", FuseV1Options.EnableCookieEncryption],
  ["enableNodeOptionsEnvironmentVariable", FuseV1Options.EnableNodeOptionsEnvironmentVariable],
  ["enableNodeCliInspectArguments", FuseV1Options.EnableNodeCliInspectArguments],
  ["enableEmbeddedAsarIntegrityValidation", FuseV1Options.EnableEmbeddedAsarIntegrityValidation],
  ["onlyLoadAppFromAsar", FuseV1Options.OnlyLoadAppFromAsar],
  ["loadBrowserProcessSpecificV8Snapshot", FuseV1Options.LoadBrowserProcessSpecificV8Snapshot],
  ["grantFileProtocolExtraPrivileges", FuseV1Options.GrantFileProtocolExtraPrivileges],
]);

/** What stands for "on" in the wire. */
const ON = "1".charCodeAt(0);

/**
 * @typedef Places
 * @property {string} executable the app's, or on macOS the bundle
 * @property {string} resources
 */

/**
 * @param {string} executable
 * @returns {Promise<Record<string, boolean>>} each fuse that this Electron has, read from the executable
 */
export async function fusesOf(executable) {
  const wire = await getCurrentFuseWire(executable);
  /** @type {Record<string, boolean>} */
  const fuses = {};
  for (const [name, at] of FUSE_NAMES) {
    /** @type {number | undefined} */
    const state = wire[at];
    if (state !== undefined) fuses[name] = state === ON;
  }
  return fuses;
}

/**
 * @param {Places} places
 * @param {Readonly<Record<string, boolean>>} wanted fuses by name
 * @returns {Promise<string[]>} what is not as it should be, in words; empty = all well
 */
export async function lookInto({ executable, resources }, wanted) {
  const fuses = await fusesOf(executable);
  const wrong = Object.entries(wanted)
    .filter(([name, on]) => fuses[name] !== on)
    .map(([name, on]) => `the fuse ${name} should be ${on ? "on" : "off"}`);
  const beside = (await readdir(resources)).filter((name) => /\.asar$|^app/.test(name) && name !== "app.asar");
  wrong.push(...beside.map((name) => `${name} stands beside app.asar`));
  const archive = join(resources, "app.asar");
  const files = filesIn(archive);
  wrong.push(...NEEDED.filter((path) => !files.includes(path)).map((path) => `${path} is not packed`));
  const foreign = files.filter((path) => !NEEDED.includes(path) && !MAY_BE_THERE.test(path));
  wrong.push(...foreign.map((path) => `${path} is packed, which the app does not need`));
  const manifest = extractFile(archive, "package.json").toString("utf8");
  if (!manifest.includes('"main": "out/main/index.cjs"')) wrong.push("the packed package.json names another main file");
  return wrong;
}

/**
 * @param {string} archive
 * @returns {string[]} paths of its files, with forward slashes
 */
export function filesIn(archive) {
  return listPackage(archive, { isPack: false })
    .map((path) => path.replace(/^[\\/]/, ""))
    .filter((path) => !("files" in statFile(archive, path)))
    .map((path) => path.replaceAll("\\", "/"));
}
