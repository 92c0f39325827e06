/** Start of the app: reads the command line, prepares Electron, then `compose` wires it. */

import { join } from "node:path";
import { app, Menu } from "electron";
import { resolveOptions, surroundings } from "../assemble/options.ts";
import { createOwnFolders, ensureOwnFolder } from "../platform/files/own-folders.ts";
import { keepMemoryOutOfCoreDumps } from "../platform/process/core-dumps.ts";
import { plainReason, UserError } from "../shared/data/errors.ts";
import { parseSettings } from "../shared/settings.ts";
import { compose } from "./compose.ts";
import { planDemo } from "./demo/demo.ts";
import { APP_HELP, type Launch, parseAppArguments, wordsOf } from "./start/flags.ts";
import { instanceOf } from "./start/instance.ts";
import { isUnsandboxed } from "./start/sandbox.ts";
import { denyEverything } from "./start/security.ts";
import { takeUnexpected } from "./start/unexpected.ts";
import { menuTemplate } from "./window/menu.ts";

/** The product's version, put in by the build. */
declare const __VERSION__: string;

// Whatever is made from here on, by Chromium, too, is for this user's eyes only.
process.umask(0o077);
keepMemoryOutOfCoreDumps();

// Not there at all in a packaged app.
const inCheckout = process.defaultApp;
const asked = parseAppArguments(wordsOf(process.argv, inCheckout));
switch (asked.kind) {
  case "wrong":
    fail(new UserError(asked.sentence, 2));
    break;
  case "help":
    process.stdout.write(APP_HELP);
    app.exit(0);
    break;
  case "version":
    process.stdout.write(`${__VERSION__}\n`);
    app.exit(0);
    break;
  case "launch":
    takeUnexpected(fail);
    prepare(asked).catch(fail);
    break;
}

/** Before there is a view to say it in. */
function fail(error: unknown): void {
  const known = error instanceof UserError;
  process.stderr.write(`${known ? error.message : `Pilot Light could not start: ${plainReason(error)}.`}\n`);
  app.exit(known ? error.exitCode : 3);
}

/** What must happen before Electron is ready, all of it at once; without the lock of this instance, nothing else. */
async function prepare(launch: Launch): Promise<void> {
  const around = surroundings();
  // A flag cannot change any more, so a wrong one is no matter of trying again; the settings are.
  resolveOptions(launch.flags, parseSettings({}), around);
  const demo = launch.demo ? planDemo() : null;
  const instance = instanceOf(launch, around);
  const userData = demo?.userData ?? instance.userData;
  // Electron's own folder stands inside the state dir of an instance of its own.
  if (demo === null && instance.isOwn) createOwnFolders(instance.folders.stateDir).check();
  ensureOwnFolder(userData);
  app.setPath("userData", userData);
  if (!app.requestSingleInstanceLock({ ...instance.secondStart })) {
    process.stderr.write(`Pilot Light already runs${launch.hidden ? "." : "; its window was asked to open."}\n`);
    app.exit(0);
    return;
  }
  // Not to be had as root: Chromium's own processes would end at once.
  if (!isUnsandboxed(app, around.env)) app.enableSandbox();
  // A page of text and a few buttons: the GPU process would cost more than it gives. And where a signal for the whole group
  // ends it first, Chromium ends the app at once, in the middle of an answer.
  app.disableHardwareAcceleration();
  app.commandLine.appendSwitch("in-process-gpu");
  denyEverything(app, join(app.getAppPath(), "out", "renderer"));
  // Without a listener the app would end with its last window.
  app.on("window-all-closed", () => undefined);
  const [running] = await Promise.all([demo?.start(launch, around), app.whenReady()]);
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate()));
  compose(launch, around, running ?? { launch, around, close: async () => undefined });
}
