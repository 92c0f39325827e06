/** Composition root of the app: wires and decides nothing. */

import { join } from "node:path";
import {
  app,
  BrowserWindow,
  clipboard,
  ipcMain,
  Menu,
  Notification,
  nativeImage,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  screen,
  Tray,
} from "electron";
import { resolveOptions, type Surroundings, surroundings } from "../assemble/options.ts";
import { exists, setSettingsAside } from "../assemble/set-aside.ts";
import { createClock } from "../platform/clock.ts";
import { createFiles } from "../platform/files/files.ts";
import { createOwnFolders, ensureOwnFolder } from "../platform/files/own-folders.ts";
import { keepMemoryOutOfCoreDumps } from "../platform/process/core-dumps.ts";
import { createDeparture } from "../platform/process/departure.ts";
import { runProgram, startDetached } from "../platform/process/programs.ts";
import { createRandom } from "../platform/random.ts";
import { createTerminals } from "../platform/terminal/open-terminal.ts";
import { plainReason, UserError } from "../shared/data/errors.ts";
import { parseSettings } from "../shared/settings.ts";
import { windowEnded } from "../shared/words/window.ts";
import { createStartAtLogin } from "./autostart/index.ts";
import { isLoginLaunch } from "./autostart/login-items.ts";
import { type KeeperPlace, planDemo } from "./demo/demo.ts";
import { demoOpener } from "./demo/open-demo.ts";
import { createEnding } from "./end/ending.ts";
import { takeSignals } from "./end/signals.ts";
import { openMemory } from "./notify/memory.ts";
import { createNotifier } from "./notify/notifier.ts";
import { notificationShower } from "./notify/show.ts";
import { bringUp, openOptions } from "./start/bring-up.ts";
import { APP_HELP, type Launch, parseAppArguments, wordsOf } from "./start/flags.ts";
import { instanceOf } from "./start/instance.ts";
import { createKeeperHost } from "./start/keeper-host.ts";
import { listenToPower, powerSource } from "./start/power.ts";
import { isUnsandboxed } from "./start/sandbox.ts";
import { denyEverything } from "./start/security.ts";
import { answerSecondStart } from "./start/single-instance.ts";
import { takeUnexpected } from "./start/unexpected.ts";
import { trayImagePath } from "./tray/image.ts";
import { runMenuAction, trayModel } from "./tray/menu.ts";
import { createTrayItem } from "./tray/tray.ts";
import { createTrayWatch } from "./tray/watch.ts";
import { firstView } from "./window/first-view.ts";
import { createHandlers, showStartAtLogin } from "./window/handlers.ts";
import { registerHandlers } from "./window/ipc.ts";
import { menuTemplate } from "./window/menu.ts";
import { openRemembered } from "./window/remembered.ts";
import { screenAreas } from "./window/screens.ts";
import { desktopShell } from "./window/shell.ts";
import { createStatusWindow } from "./window/status-window.ts";
import { terminalOpener } from "./window/terminal.ts";
import { createViewStore } from "./window/view-store.ts";

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

/** @param place what the keeper is started with; apart from a demo the same as the app. */
function compose(launch: Launch, { env, platform, home }: Surroundings, place: KeeperPlace): void {
  const { flags } = place.launch;
  const { folders, isOwn } = instanceOf(place.launch, place.around);
  const root = app.getAppPath();
  const clock = createClock();
  const now = () => clock.now();
  const random = createRandom();
  const files = createFiles();
  const departure = createDeparture(clock);
  const terminals = createTerminals(platform, env);
  // A demo's logins are made up: the real sign-in would be one of the user's own.
  const terminal = launch.demo ? null : terminals.find();
  const view = createViewStore({ ...firstView(__VERSION__, launch.demo, folders), terminal });

  const host = createKeeperHost({
    bringUp: () =>
      bringUp({
        version: __VERSION__,
        flags,
        around: place.around,
        folders,
        power: { ...powerSource(departure, powerSaveBlocker), idle: launch.demo },
        onProblem: (problem) => host.settingsProblem(problem),
      }),
    view,
    clock,
    isShown: () => window.isOpen(),
  });
  const window = createStatusWindow({
    title: launch.demo ? "Pilot Light (demo)" : "Pilot Light",
    create: (options) => new BrowserWindow(options),
    page: join(root, "out", "renderer", "index.html"),
    preload: join(root, "out", "preload", "index.cjs"),
    icon: join(root, "resources", "icon.png"),
    devTools: !app.isPackaged,
    remembered: openRemembered(app.getPath("userData")),
    areas: () => screenAreas(screen),
    isDark: () => nativeTheme.shouldUseDarkColors,
    hasTray: () => tray.isThere(),
    now,
    onCrash: (reason) => host.commands.say(windowEnded(reason)),
  });
  const open = (id?: string) => {
    view.change((before) => ({ ...before, shownLogin: id === undefined ? null : { id, at: now() } }));
    window.show();
    host.shown();
  };
  const startAtLogin = createStartAtLogin({
    platform,
    home,
    env,
    execPath: process.execPath,
    isPackaged: app.isPackaged,
    ownInstance: isOwn,
    files,
    tempId: () => random.id(),
    app,
  });
  const tray = createTrayWatch({
    surroundings: { runProgram, env, platform },
    clock,
    view,
    onMissing: () => open(),
  });
  const notifier = createNotifier({
    view,
    clock,
    graceMs: launch.notifyGraceMs,
    memory: openMemory(app.getPath("userData")),
    show: notificationShower({
      create: (options) => (Notification.isSupported() ? new Notification(options) : null),
      icon: join(root, "resources", "icon.png"),
      keep: new Set(),
    }),
    open,
  });
  const ending = createEnding({
    app,
    onBegin: () => {
      tray.stop();
      notifier.stop();
      window.letGo();
      view.change((before) => ({ ...before, ending: true }));
    },
    stop: () => host.stop(),
    cleanUp: () => place.close(),
  });
  const handlers = createHandlers({
    view,
    host,
    startAtLogin,
    now,
    copy: async (text) => {
      await clipboard.writeText(text);
    },
    shell: desktopShell,
    exists: (path) => exists(files, path),
    setSettingsAside: () =>
      setSettingsAside({
        files,
        settingsFile: folders.settingsFile,
        check: () => openOptions({ flags, around: place.around, folders, onProblem: () => undefined }),
        now,
      }),
    openTerminal: terminalOpener({ run: (command) => terminals.run(command), now }),
    openDemo: demoOpener({
      start: startDetached,
      now,
      execPath: process.execPath,
      appFolder: inCheckout ? root : null,
      unsandboxed: isUnsandboxed(app, env),
    }),
    fit: (height) => window.fit(height),
    quit: () => ending.begin(),
  });
  const item = createTrayItem({
    create: (image) => new Tray(image),
    image: (icon) => nativeImage.createFromPath(join(root, trayImagePath(icon, platform))),
    buildMenu: (template) => Menu.buildFromTemplate(template),
    onAction: (action) =>
      void runMenuAction(action, handlers, open, now())
        .catch((error: unknown) => host.commands.fail(error))
        .finally(render),
    onOpen: () => open(),
  });
  const render = () => {
    if (view.get().tray === "shown") item.render(trayModel(view.get(), now()));
  };

  registerHandlers({ ipcMain, handlers, isOurPage: (event) => window.isOurPage(event) });
  view.onChange((next) => {
    render();
    window.send(next);
  });
  // Times of day in the menu change their words at midnight.
  setInterval(render, 60_000);

  app.on("second-instance", (_event, _argv, _cwd, data) =>
    answerSecondStart(data, {
      watched: () => view.get().snapshot?.file.path ?? null,
      say: (sentence) => host.commands.say(sentence),
      show: () => open(),
    }),
  );
  app.on("activate", () => open());
  listenToPower({
    powerMonitor,
    departure,
    wake: () => host.wake(),
    slept: () => notifier.wake(),
    end: () => ending.begin(),
  });
  takeSignals(() => ending.begin());
  takeUnexpected((error) => host.commands.fail(error));

  if (!isLoginLaunch({ hidden: launch.hidden, platform, app })) open();
  tray.look();
  void startAtLogin
    .repair()
    .catch((error: unknown) => host.commands.fail(error))
    .then(() => showStartAtLogin(view, startAtLogin));
}
