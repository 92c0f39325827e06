/** Composition root of the app: wires and decides nothing. */
import { join } from "node:path";
import { app, BrowserWindow, clipboard, ipcMain, Menu, nativeImage, nativeTheme, powerMonitor, Tray } from "electron";
import { type Surroundings, surroundings } from "../platform/assemble/options.ts";
import { createClock } from "../platform/clock.ts";
import { createFiles } from "../platform/files.ts";
import { runProgram, startDetached } from "../platform/programs.ts";
import { createRandom } from "../platform/random.ts";
import { sessionKindOf, waitForTrayHost } from "../platform/tray-host.ts";
import { plainReason, UserError } from "../shared/errors.ts";
import { HIDDEN_FLAG } from "./autostart/hidden-flag.ts";
import { createStartAtLogin, isLoginLaunch } from "./autostart/index.ts";
import { bringUp } from "./bring-up.ts";
import { planDemo, type RunningDemo } from "./demo.ts";
import { createEnding } from "./ending.ts";
import { firstView } from "./first-view.ts";
import { APP_HELP, type Launch, parseAppArguments, wordsOf } from "./flags.ts";
import { createHandlers } from "./handlers.ts";
import { instanceOf } from "./instance.ts";
import { registerHandlers } from "./ipc.ts";
import { createKeeperHost } from "./keeper-host.ts";
import { openAnotherDemo } from "./open-demo.ts";
import { denyEverything } from "./security.ts";
import { takeSignals } from "./signals.ts";
import { otherFileSentence, readSecondStart } from "./single-instance.ts";
import { createStatusWindow } from "./status-window.ts";
import { createTrayItem } from "./tray.ts";
import { trayImagePath } from "./tray-image.ts";
import { carryOut, trayModel } from "./tray-menu.ts";
import { takeUnexpected } from "./unexpected.ts";
import { createViewStore } from "./view-store.ts";

/** The product's version, put in by the build. */
declare const __VERSION__: string;

// Not there at all in a packaged app.
const inCheckout = process.defaultApp;
const asked = parseAppArguments(wordsOf(process.argv, inCheckout));
switch (asked.kind) {
  case "wrong":
    process.stderr.write(`${asked.sentence}\n`);
    app.exit(2);
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
    prepare(asked).catch((error: unknown) => {
      const why = error instanceof UserError ? error.message : plainReason(error);
      process.stderr.write(`Pilot Light could not start: ${why}\n`);
      app.exit(3);
    });
    break;
}

/** What must happen before Electron is ready, all of it at once; without the lock of this instance, nothing else. */
async function prepare(launch: Launch): Promise<void> {
  const around = surroundings();
  const demo = launch.demo ? planDemo() : null;
  const instance = instanceOf(launch, around);
  app.setPath("userData", demo?.userData ?? instance.userData);
  if (!app.requestSingleInstanceLock({ ...instance.secondStart })) {
    process.stderr.write(`Pilot Light already runs${launch.hidden ? "." : "; its window was asked to open."}\n`);
    app.exit(0);
    return;
  }
  // Not to be had as root: Chromium's own processes would end at once.
  if (!isUnsandboxed(around)) app.enableSandbox();
  // A page of text and a few buttons: the GPU process would cost more than it gives. And where a signal for the whole group
  // ends it first, Chromium ends the app at once, in the middle of an answer.
  app.disableHardwareAcceleration();
  app.commandLine.appendSwitch("in-process-gpu");
  Menu.setApplicationMenu(null);
  denyEverything(app, join(app.getAppPath(), "out", "renderer"));
  // Without a listener the app would end with its last window.
  app.on("window-all-closed", () => undefined);
  const [running] = await Promise.all([demo?.start(launch, around), app.whenReady()]);
  compose(launch, around, running ?? { launch, around, close: async () => undefined });
}

/** Was this Electron started without Chromium's sandbox? Only the development launcher does so, as root. */
function isUnsandboxed({ env }: Surroundings): boolean {
  return app.commandLine.hasSwitch("no-sandbox") || Boolean(env["ELECTRON_DISABLE_SANDBOX"]);
}

/** @param kept what the keeper is started with; apart from a demo the same as the app. */
function compose(launch: Launch, { env, platform, home }: Surroundings, kept: RunningDemo): void {
  const { folders, flags, isOwn } = instanceOf(kept.launch, kept.around);
  const root = app.getAppPath();
  const clock = createClock();
  const now = () => clock.now();
  const random = createRandom();
  const view = createViewStore(firstView(__VERSION__, launch.demo, folders));

  const host = createKeeperHost({
    bringUp: () =>
      bringUp({ version: __VERSION__, flags, around: kept.around, folders, onProblem: (text) => host.say(text) }),
    view,
    clock,
  });
  const window = createStatusWindow({
    create: (options) => new BrowserWindow(options),
    page: join(root, "out", "renderer", "index.html"),
    preload: join(root, "out", "preload", "index.cjs"),
    icon: join(root, "resources", "icon.png"),
    devTools: !app.isPackaged,
    isDark: () => nativeTheme.shouldUseDarkColors,
    hasTray: () => view.get().tray !== "missing",
    now,
    onCrash: (reason) => host.say(`The window ended unexpectedly (${reason}); the keeper is not affected.`),
  });
  const login = createStartAtLogin({
    platform,
    home,
    env,
    execPath: process.execPath,
    isPackaged: app.isPackaged,
    ownInstance: isOwn,
    files: createFiles(),
    tempId: () => random.id(),
    app,
  });
  const stopLooking = new AbortController();
  const ending = createEnding({
    app,
    onBegin: () => {
      stopLooking.abort();
      window.letGo();
      view.change((before) => ({ ...before, ending: true }));
    },
    stop: () => host.stop(),
    cleanUp: () => kept.close(),
  });
  const handlers = createHandlers({
    view,
    host,
    startAtLogin: login,
    now,
    copy: async (text) => {
      await clipboard.writeText(text);
    },
    openDemo: () =>
      openAnotherDemo({
        start: startDetached,
        execPath: process.execPath,
        appFolder: inCheckout ? root : null,
        unsandboxed: app.commandLine.hasSwitch("no-sandbox"),
      }),
    quit: () => ending.begin(),
  });
  const item = createTrayItem({
    create: (image) => new Tray(image),
    image: (icon) => nativeImage.createFromPath(join(root, trayImagePath(icon, platform))),
    buildMenu: (template) => Menu.buildFromTemplate(template),
    onAction: (action) =>
      void carryOut(action, handlers, () => window.show(), now())
        .catch((error: unknown) => host.fail(error))
        .finally(render),
    onOpen: () => window.show(),
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

  app.on("second-instance", (_event, _argv, _cwd, data) => {
    const second = readSecondStart(data);
    const sentence = otherFileSentence(view.get().snapshot?.file.path ?? null, second);
    if (sentence !== null) host.say(sentence);
    if (!second.hidden) window.show();
  });
  app.on("activate", () => window.show());
  powerMonitor.on("resume", () => host.wake());
  powerMonitor.on("unlock-screen", () => host.wake());
  // The types do not tell of the event, which asks the system to wait for us.
  powerMonitor.on("shutdown", (event?: { preventDefault(): void }) => {
    event?.preventDefault();
    ending.begin();
  });
  takeSignals(() => ending.begin());
  takeUnexpected((error) => host.fail(error));

  const hidden = isLoginLaunch({ argv: launch.hidden ? [HIDDEN_FLAG] : [], platform, app });
  if (!hidden) window.show();
  void waitForTrayHost({
    runProgram,
    env,
    platform,
    clock,
    signal: stopLooking.signal,
    session: sessionKindOf(env),
    onHost: () => view.change((before) => ({ ...before, tray: "shown" })),
    onMissing: () => {
      view.change((before) => ({ ...before, tray: "missing" }));
      // Nothing else would show that it runs.
      window.show();
    },
  });
  const readLogin = async () => {
    await login.repair().catch((error: unknown) => host.fail(error));
    const state = await login.read();
    view.change((before) => ({ ...before, startAtLogin: state }));
  };
  void readLogin();
}
