// @ts-check
/**
 * Makes the unpacked app for this system in release/, on the Electron that scripts/electron/electron.mjs finds, and looks
 * into it.
 */

import { stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { build, Platform } from "electron-builder";
import config, { FUSES } from "../../electron-builder.config.mjs";
import { buildIfStale } from "../build.mjs";
import { findElectron } from "../electron/electron.mjs";
import { root } from "../run.mjs";
import { productVersion } from "../version.mjs";
import { fusesOf, lookInto } from "./check.mjs";

/**
 * The test flavour keeps the inspector, which Playwright needs, and goes to release/test/.
 * @param {import("../run.mjs").Runner} run
 * @param {"release" | "test"} flavour
 * @returns {Promise<string | null>} null when the package stands there and is as it should be, else why not
 */
export async function packageApp(run, flavour) {
  if (!(await buildIfStale(run))) return "see above";
  const electron = await findElectron(run);
  if (electron.path === null) return electron.why;
  if (!/^\d+\.\d+\.\d+/.test(electron.version)) return `the version of the Electron in ${electron.dist} is unknown`;
  // electron-builder would pack it beside ours.
  if (await exists(join(electron.dist, "resources", "app"))) return `${electron.dist} has an app in it already`;

  const marks = [
    ...(electron.kind === "fallback"
      ? [`its Electron is ${electron.version}, since the official one could not be downloaded`]
      : []),
    ...(flavour === "test" ? ["its inspector is open"] : []),
  ];
  const output = join("release", ...(flavour === "test" ? ["test"] : []));
  const fuses = { ...FUSES, enableNodeCliInspectArguments: flavour === "test" };
  const mark = marks.join("; ");
  const testBuild = mark === "" ? {} : { version: `${await productVersion()}-testbuild`, testBuild: mark };
  let folder = "";
  await build({
    projectDir: root,
    targets: Platform.current().createTarget("dir"),
    config: {
      ...config,
      directories: { ...config.directories, output },
      electronDist: electron.dist,
      electronVersion: electron.version,
      electronFuses: fuses,
      extraMetadata: { ...config.extraMetadata, ...testBuild },
      afterPack: ({ appOutDir }) => {
        folder = appOutDir;
      },
    },
  });
  if (mark !== "") await writeFile(join(folder, "TEST-BUILD.txt"), `A test build, for trying out: ${mark}.\n`);
  const places = placesIn(folder);
  const wrong = await lookInto(places, fuses);
  if (wrong.length > 0) return wrong.join("; ");
  const states = Object.entries(await fusesOf(places.executable)).map(([name, on]) => `${name} ${on ? "on" : "off"}`);
  run.say(`Fuses: ${states.join(", ")}.`);
  run.say(`${mark === "" ? "The app" : `A TEST BUILD (${mark})`} is in ${relative(root, folder)}.`);
  return null;
}

/**
 * @param {string} folder
 * @returns {import("./check.mjs").Places}
 */
function placesIn(folder) {
  const bundle = join(folder, `${config.productName}.app`);
  if (process.platform === "darwin") return { executable: bundle, resources: join(bundle, "Contents", "Resources") };
  const name = process.platform === "win32" ? `${config.win.executableName}.exe` : config.linux.executableName;
  return { executable: join(folder, name), resources: join(folder, "resources") };
}

/** @param {string} path */
async function exists(path) {
  return (await stat(path).catch(() => null)) !== null;
}
