/** A desktop of its own for a test: a display, a session bus, a panel with a tray; nothing of it touches the user's. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findFile } from "../files.ts";
import { homeEnvironment } from "../home.ts";
import { startBus } from "./bus.ts";
import { type Logind, startLogind } from "./logind.ts";
import { ICON_PX, panelSettings, XFCONFD } from "./panel.ts";
import { type Environment, firstLine, killHeirs, type OwnProcess, startOwn, untilReady } from "./process.ts";
import { connectTrayClient, type TrayClient } from "./tray-client.ts";

const run = promisify(execFile);
/** Every process of a desktop inherits this, so that none is left behind. */
const MARK = "PILOT_LIGHT_TEST_DESKTOP";

export interface DesktopOptions {
  /** Start the panel now, and wait until it shows icons. */
  readonly panel: boolean;
  /** A system bus with a made-up logind. */
  readonly logind?: boolean;
  /** A window manager: windows get borders, and can be focused and minimised. */
  readonly windowManager?: boolean;
  /** A light panel, with light menus. */
  readonly light?: boolean;
  /** What its programs find in their environment besides; asked once there is a home. */
  readonly env?: (home: string) => Promise<Environment>;
  /** Pixels; default 1280 x 800. */
  readonly width?: number;
  readonly height?: number;
}

export interface Desktop {
  /** All that a program needs to know of this desktop, and of its home; nothing of ours but PATH and LANG. */
  readonly env: Environment;
  readonly home: string;
  /** A program of this session that sees tray items as a panel does. */
  readonly tray: TrayClient;
  /** @throws when it was not asked for. */
  readonly logind: Logind;
  /** Resolves when the panel shows icons. Nothing if it runs already. */
  startPanel(): Promise<void>;
  /** As in a crash; resolves when the bus knows that it is gone. */
  killPanel(): Promise<void>;
  /** The same desktop for another user of this machine, with a home of that user's own. Only root can do this. */
  envFor(user: { readonly uid: number; readonly gid: number }): Promise<Environment>;
  /** A click of the real mouse on the newest icon in the panel: 1 = left, 3 = right, which opens the menu. */
  clickIcon(button: 1 | 3): Promise<void>;
  /** A click of the real mouse at a place of the screen. */
  clickAt(x: number, y: number, button?: 1 | 3): Promise<void>;
  /** Text by the real keyboard, into the window that has the focus. */
  type(text: string): Promise<void>;
  /** Keys of the real keyboard, one after the other, as xdotool names them: "Down". */
  press(...keys: readonly string[]): Promise<void>;
  /** The whole screen, as PNG. */
  screenshot(path: string): Promise<void>;
  /** Ends every process of the desktop, and removes its folder. Programs of the test itself end before it. */
  close(): Promise<void>;
}

/** Starts a desktop. Several may run side by side. @throws with the missing package, or with what a program said. */
export async function startDesktop(options: DesktopOptions): Promise<Desktop> {
  const { width = 1280, height = 800 } = options;
  const folder = await mkdtemp(join(tmpdir(), "pilot-light-desktop-"));
  const mark = randomUUID();
  // Other users may reach the bus in it, and their own homes.
  await chmod(folder, 0o711);
  const started: OwnProcess[] = [];
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.reverse()) await closer();
    for (const process of started.reverse()) await process.end();
    await killHeirs(MARK, mark);
    // What was just killed may still be writing its last file.
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  const own = async (...args: Parameters<typeof startOwn>): Promise<OwnProcess> => {
    const process = await startOwn(...args);
    started.push(process);
    return process;
  };

  try {
    const folders = foldersIn(folder);
    const { home } = folders;
    for (const path of [home, folders.runtime, folders.temp]) await mkdir(path, { mode: 0o700 });
    const bare = { ...environmentIn(folders), ...(await options.env?.(home)), [MARK]: mark };

    const screen = ["-screen", "0", `${width}x${height}x24`, "-nolisten", "tcp", "-noreset"];
    const xvfb = await own("Xvfb", ["-displayfd", "3", ...screen], bare, { fd3: true });
    const display = `:${await firstLine(xvfb, "Xvfb")}`;
    const sessionBus = await startBus({ own, folder, name: "session", env: bare });
    const systemBus = options.logind === true ? await startBus({ own, folder, name: "system", env: bare }) : null;
    const env: Environment = {
      ...bare,
      DISPLAY: display,
      DBUS_SESSION_BUS_ADDRESS: sessionBus,
      // Without one of its own a program would talk to the machine's.
      DBUS_SYSTEM_BUS_ADDRESS: systemBus ?? `unix:path=${join(folder, "no-system-bus")}`,
    };

    const logind = systemBus === null ? null : await startLogind(own, env);
    if (logind !== null) closers.push(() => logind.close());
    const tray = await connectTrayClient(own, env);
    closers.push(() => tray.close());
    if (options.windowManager === true) await startWindowManager(own, env);

    let panel: OwnProcess | null = null;
    let xfconf: OwnProcess | null = null;
    const startPanel = async (): Promise<void> => {
      if (panel?.running() === true) return;
      if (xfconf === null) {
        const settings = join(home, ".config", "xfce4", "xfconf", "xfce-perchannel-xml");
        await mkdir(settings, { recursive: true });
        await writeFile(join(settings, "xfce4-panel.xml"), panelSettings(options.light ?? false));
        xfconf = await own(await findFile(XFCONFD, "xfconf"), [], env);
        await untilReady(xfconf, "xfconfd", () => tray.nameIsOwned("org.xfce.Xfconf"));
      }
      panel = await own("xfce4-panel", ["--disable-wm-check"], env);
      await untilReady(panel, "xfce4-panel", () => tray.hostRegistered());
    };
    if (options.panel) await startPanel();
    const screenshot = async (path: string): Promise<void> => {
      await run("import", ["-window", "root", path], { env: { ...env }, timeout: 20_000 });
    };
    const clickAt = async (x: number, y: number, button: 1 | 3 = 1): Promise<void> => {
      const place = [x, y].map((each) => String(Math.round(each)));
      await run("xdotool", ["mousemove", "--sync", ...place, "click", String(button)], {
        env: { ...env },
        timeout: 10_000,
      });
    };

    return {
      env,
      home,
      tray,
      get logind() {
        if (logind === null) throw new Error("this desktop was started without logind");
        return logind;
      },
      startPanel,
      async killPanel() {
        if (panel === null) return;
        await panel.end("SIGKILL");
        panel = null;
        await tray.until("the tray host is gone", async () => !(await tray.hostRegistered()));
      },
      async envFor({ uid, gid }) {
        const base = join(folder, `user-${uid}`);
        await mkdir(base, { recursive: true });
        const theirs = foldersIn(base);
        for (const path of [theirs.home, theirs.runtime, theirs.temp]) {
          await mkdir(path, { recursive: true, mode: 0o700 });
          await chown(path, uid, gid);
        }
        return { ...env, ...environmentIn(theirs) };
      },
      async clickIcon(button) {
        await tray.until("the panel has drawn an icon", async () => {
          const shot = join(folder, "panel.png");
          await screenshot(shot);
          const [icon, empty] = await Promise.all([signatureAt(shot, width - ICON_PX), signatureAt(shot, ICON_PX)]);
          return icon !== empty;
        });
        await clickAt(width - ICON_PX / 2, ICON_PX / 2, button);
      },
      clickAt,
      async type(text) {
        await run("xdotool", ["type", "--delay", "20", text], { env: { ...env }, timeout: 30_000 });
      },
      async press(...keys) {
        await run("xdotool", ["key", "--delay", "100", ...keys], { env: { ...env }, timeout: 10_000 });
      },
      screenshot,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Folders {
  readonly home: string;
  readonly runtime: string;
  readonly temp: string;
}

function foldersIn(base: string): Folders {
  return { home: join(base, "home"), runtime: join(base, "runtime"), temp: join(base, "tmp") };
}

function environmentIn({ home, runtime, temp }: Folders): Environment {
  return {
    ...homeEnvironment(home, temp),
    LANG: "C.UTF-8",
    XDG_RUNTIME_DIR: runtime,
    XDG_CURRENT_DESKTOP: "XFCE",
    XDG_SESSION_TYPE: "x11",
    // GTK would start an accessibility bus and a settings daemon of its own.
    NO_AT_BRIDGE: "1",
    GSETTINGS_BACKEND: "memory",
  };
}

async function startWindowManager(own: typeof startOwn, env: Environment): Promise<void> {
  const manager = await own("xfwm4", ["--compositor=off", "--vblank=off"], env);
  await untilReady(manager, "xfwm4", async () => {
    const { stdout } = await run("xprop", ["-root", "_NET_SUPPORTING_WM_CHECK"], { env: { ...env }, timeout: 10_000 });
    return stdout.includes("window id");
  });
}

/** @returns what a place in the panel looks like, `x` pixels from the left. */
async function signatureAt(picture: string, x: number): Promise<string> {
  const crop = ["-crop", `${ICON_PX}x${ICON_PX}+${x}+0`, "+repage", "-format", "%#", "info:"];
  return (await run("convert", [picture, ...crop], { timeout: 20_000 })).stdout;
}
