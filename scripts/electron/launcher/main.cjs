// @ts-check
/**
 * Opens the app in a folder: `electron FOLDER [flags]`. For an Electron that was taken out of a packaged program and so lacks
 * the default app that official ones bring along; what an app sees of the two is the same. argv is left as it is.
 */
/* oxlint-disable typescript/no-require-imports -- what Electron loads as a CommonJS module has run before it is ready. */
const { app } = require("electron");
const { readLaunch } = require("./launch.cjs");

/**
 * @param {Introduced} shown
 * @param {import("./launch.cjs").Launch} launch
 *
 * @typedef Introduced the last two are there for default apps, and Electron's types do not tell of them
 * @property {(name: string) => void} setName
 * @property {(name: string) => void} [setDesktopName]
 * @property {(version: string) => void} [setVersion]
 * @property {(path: string) => void} [setAppPath]
 */
function introduce(shown, launch) {
  shown.setName(launch.name);
  shown.setVersion?.(launch.version);
  shown.setAppPath?.(launch.folder);
  if (process.platform === "linux") shown.setDesktopName?.(launch.desktopName);
}

try {
  const launch = readLaunch(process.argv, process.cwd());
  Object.defineProperty(process, "defaultApp", { configurable: false, enumerable: true, value: true });
  introduce(app, launch);
  require(launch.main);
} catch (error) {
  process.stderr.write(`The app could not be opened: ${error instanceof Error ? error.message : String(error)}\n`);
  app.exit(1);
}
