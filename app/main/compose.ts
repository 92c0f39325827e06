/** Composition root of the app, once Electron is ready: wires and decides nothing. */

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
import { type Surroundings } from "../assemble/options.ts";
import { exists, setSettingsAside } from "../assemble/set-aside.ts";
import { createClock } from "../platform/clock.ts";
import { createFiles } from "../platform/files/files.ts";
import { createLog } from "../platform/log/log.ts";
import { createFileSink } from "../platform/log/log-file.ts";
import { createDeparture } from "../platform/process/departure.ts";
import { runProgram, startDetached } from "../platform/process/programs.ts";
import { createRandom } from "../platform/random.ts";
import { createTerminals } from "../platform/terminal/open-terminal.ts";
import { atMost } from "../shared/data/pace.ts";
import { windowEnded } from "../shared/words/window.ts";
import { createStartAtLogin } from "./autostart/index.ts";
import { isLoginLaunch } from "./autostart/login-items.ts";
import { type KeeperPlace } from "./demo/demo.ts";
import { demoOpener } from "./demo/open-demo.ts";
import { createEnding } from "./end/ending.ts";
import { takeSignals } from "./end/signals.ts";
import { openMemory } from "./notify/memory.ts";
import { createNotifier } from "./notify/notifier.ts";
import { notificationShower } from "./notify/show.ts";
import { letCommandsOpen } from "./start/answer-open.ts";
import { bringUp, openOptions } from "./start/bring-up.ts";
import { type Launch } from "./start/flags.ts";
import { instanceOf } from "./start/instance.ts";
import { createKeeperHost } from "./start/keeper-host.ts";
import { listenToPower, powerSource } from "./start/power.ts";
import { isUnsandboxed } from "./start/sandbox.ts";
import { answerSecondStart } from "./start/single-instance.ts";
import { takeUnexpected } from "./start/unexpected.ts";
import { trayImagePath } from "./tray/image.ts";
import { runMenuAction, trayModel } from "./tray/menu.ts";
import { createTrayItem } from "./tray/tray.ts";
import { createTrayWatch } from "./tray/watch.ts";
import { firstView } from "./window/first-view.ts";
import { createHandlers, showStartAtLogin } from "./window/handlers.ts";
import { registerHandlers } from "./window/ipc.ts";
import { openRemembered } from "./window/remembered.ts";
import { screenAreas } from "./window/screens.ts";
import { desktopShell } from "./window/shell.ts";
import { createStatusWindow } from "./window/status-window.ts";
import { terminalOpener } from "./window/terminal.ts";
import { createViewStore } from "./window/view-store.ts";

/** The product's version, put in by the build. */
declare const __VERSION__: string;

/**
 * Wires the app once Electron is ready.
 * @param place what the keeper is started with; apart from a demo the same as the app.
 */
export function compose(launch: Launch, { env, platform, home }: Surroundings, place: KeeperPlace): void {
  const { flags } = place.launch;
  const { folders, isOwn } = instanceOf(place.launch, place.around);
  const root = app.getAppPath();
  const clock = createClock();
  const now = () => clock.now();
  const steady = () => clock.monotonic();
  const random = createRandom();
  const files = createFiles();
  const departure = createDeparture(clock);
  const log = createLog({ sinks: [createFileSink(folders.stateDir)], clock, level: () => "info", service: "app" });
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
    log,
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
      platform,
      keep: new Set(),
    }),
    open,
  });
  const mayShow = atMost(4, 1_000, steady);
  const stopAnswering = letCommandsOpen({
    stateDir: folders.stateDir,
    platform,
    files,
    log,
    onOpen: () => void (mayShow() && open()),
  });
  const ending = createEnding({
    app,
    onBegin: () => {
      tray.stop();
      notifier.stop();
      stopAnswering();
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
    shell: desktopShell(platform, env),
    mayOpen: atMost(4, 2_000, steady),
    mayChange: atMost(20, 1_000, steady),
    exists: (path) => exists(files, path),
    setSettingsAside: () =>
      setSettingsAside({
        files,
        settingsFile: folders.settingsFile,
        check: () => openOptions({ flags, around: place.around, folders, onProblem: () => undefined }),
        now,
      }),
    openTerminal: terminalOpener({ run: (command) => terminals.run(command), now: steady }),
    openDemo: demoOpener({
      start: startDetached,
      now: steady,
      execPath: process.execPath,
      appFolder: app.isPackaged ? null : root,
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
  takeUnexpected((error) => host.unexpected(error));

  if (!isLoginLaunch({ hidden: launch.hidden, platform, app })) open();
  tray.look();
  void startAtLogin
    .repair()
    .catch((error: unknown) => host.commands.fail(error))
    .then(() => showStartAtLogin(view, startAtLogin));
}
