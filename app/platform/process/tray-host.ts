/** Does this session have something that shows tray icons? (A "StatusNotifierHost", in the words of the protocol.) */

import { posix } from "node:path";
import { type Clock } from "../../ports/clock.ts";
import type { Environment, RunProgram } from "./programs.ts";

const WATCHER = "org.kde.StatusNotifierWatcher";
const CALL_MS = 2_000;
/** How long a desktop that starts is given before the icon counts as missing. */
const WAIT_MS = { wayland: 15_000, x11: 3_000 } as const;
const WAITING_MS = 1_000;
const LATER_MS = 5_000;
const MUCH_LATER_MS = 30_000;
const MUCH_LATER_AFTER_MS = 10 * 60_000;

export type SessionKind = "wayland" | "x11";

/** One question to the session bus. */
export type BusQuestion =
  /** Is there a watcher? The bus itself answers, so nothing is started by the asking. */
  | { readonly ask: "hasWatcher" }
  /** Its unique name: what is sent there never starts a program, as a well-known name might. */
  | { readonly ask: "watcherName" }
  | { readonly ask: "hasHost"; readonly watcher: string };

/** A program that can ask the session bus. */
export interface BusProgram {
  readonly file: string;
  args(question: BusQuestion): readonly string[];
  /** @returns the one value in what it printed, or null where there is none. */
  parse(stdout: string): boolean | string | null;
}

/** @returns whether a tray host is there now; a session without a bus, or without any program to ask it, has none. */
export type AskTrayHost = () => Promise<boolean>;

export interface TrayHostSurroundings {
  readonly runProgram: RunProgram;
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
}

/** @returns how to ask. macOS and Windows always have a host. */
export function trayHostProbe({ runProgram, env, platform }: TrayHostSurroundings): AskTrayHost {
  if (platform === "darwin" || platform === "win32") return () => Promise.resolve(true);
  const address = sessionBusAddress(env);
  if (address === null) return () => Promise.resolve(false);
  const busEnv = { ...env, DBUS_SESSION_BUS_ADDRESS: address };

  /** The value; null = this program is of no use here. */
  const put = async (program: BusProgram, question: BusQuestion): Promise<boolean | string | null> => {
    const result = await runProgram(program.file, program.args(question), { timeoutMs: CALL_MS, env: busEnv });
    // A bus that is silent to one is silent to all: the others would only wait as long again.
    if ("failed" in result) return result.failed === "timeout" ? false : null;
    return result.code === 0 ? program.parse(result.stdout) : null;
  };

  return async () => {
    for (const program of BUS_PROGRAMS) {
      const watched = await put(program, { ask: "hasWatcher" });
      if (watched === null) continue;
      if (watched !== true) return false;
      const watcher = await put(program, { ask: "watcherName" });
      if (typeof watcher !== "string" || !watcher.startsWith(":")) return false;
      return (await put(program, { ask: "hasHost", watcher })) === true;
    }
    return false;
  };
}

export interface TrayHostWait extends TrayHostSurroundings {
  readonly clock: Pick<Clock, "monotonic" | "sleep">;
  /** Ends the looking; nothing is called after it. */
  readonly signal: AbortSignal;
  readonly session: SessionKind;
  /** A host is there: at most once, and the last call. */
  onHost(): void;
  /** None came in time; it is looked for further on. At most once. */
  onMissing(): void;
}

/** Looks for a tray host until there is one. Resolves then, or when `signal` is aborted; never rejects. */
export async function waitForTrayHost(wait: TrayHostWait): Promise<void> {
  const { clock, signal, session } = wait;
  const ask = trayHostProbe(wait);
  const start = clock.monotonic();
  let missing = false;
  while (!signal.aborted) {
    const found = await ask();
    if (signal.aborted) return;
    if (found) {
      wait.onHost();
      return;
    }
    const waited = clock.monotonic() - start;
    if (!missing && waited >= WAIT_MS[session]) {
      missing = true;
      wait.onMissing();
    }
    const rest = WAIT_MS[session] - waited;
    if (!missing) await clock.sleep(Math.min(WAITING_MS, rest), signal);
    else await clock.sleep(waited < MUCH_LATER_AFTER_MS ? LATER_MS : MUCH_LATER_MS, signal);
  }
}

/** @returns which display server this session has; where both are there, Wayland, as Electron prefers it. */
export function sessionKindOf(env: Environment): SessionKind {
  return env["WAYLAND_DISPLAY"] || env["XDG_SESSION_TYPE"] === "wayland" ? "wayland" : "x11";
}

/** @returns the address of the session bus, or null. Never one that would start a bus. */
export function sessionBusAddress(env: Environment): string | null {
  const address = env["DBUS_SESSION_BUS_ADDRESS"];
  if (address) return address.startsWith("autolaunch:") ? null : address;
  const folder = env["XDG_RUNTIME_DIR"];
  if (!folder || !posix.isAbsolute(folder)) return null;
  return `unix:path=${escapeAddress(posix.join(folder, "bus"))}`;
}

/** The D-Bus rule: all but a few characters are written as %XX, byte by byte. */
function escapeAddress(path: string): string {
  return Array.from(Buffer.from(path, "utf8"), (byte) => {
    const sign = String.fromCharCode(byte);
    return /[-0-9A-Za-z_/.\\*]/.test(sign) ? sign : `%${byte.toString(16).padStart(2, "0")}`;
  }).join("");
}

const BUS = "org.freedesktop.DBus";
const BUS_PATH = "/org/freedesktop/DBus";
const WATCHER_PATH = "/StatusNotifierWatcher";
const PROPERTIES = "org.freedesktop.DBus.Properties";
const HOST_PROPERTY = "IsStatusNotifierHostRegistered";
const BUS_METHOD = { hasWatcher: "NameHasOwner", watcherName: "GetNameOwner" } as const;

const gdbus: BusProgram = {
  file: "gdbus",
  args: (question) => {
    const call = ["call", "--session", "--timeout", String(CALL_MS / 1_000)];
    if (question.ask === "hasHost") {
      const target = ["--dest", question.watcher, "--object-path", WATCHER_PATH, "--method", `${PROPERTIES}.Get`];
      return [...call, ...target, WATCHER, HOST_PROPERTY];
    }
    const method = `${BUS}.${BUS_METHOD[question.ask]}`;
    return [...call, "--dest", BUS, "--object-path", BUS_PATH, "--method", method, WATCHER];
  },
  /** `(true,)`, `(<true>,)`, `(':1.5',)` */
  parse: (stdout) => valueOf(/^\(<?(?:(true|false)|'([^']*)')>?,\)$/.exec(stdout.trim())),
};

const busctl: BusProgram = {
  file: "busctl",
  args: (question) => {
    const options = ["--user", "--auto-start=no", `--timeout=${CALL_MS / 1_000}`];
    if (question.ask === "hasHost") {
      return [...options, "get-property", question.watcher, WATCHER_PATH, WATCHER, HOST_PROPERTY];
    }
    return [...options, "call", BUS, BUS_PATH, BUS, BUS_METHOD[question.ask], "s", WATCHER];
  },
  /** `b true`, `s ":1.5"` */
  parse: (stdout) => valueOf(/^(?:b (true|false)|s "([^"]*)")$/.exec(stdout.trim())),
};

const dbusSend: BusProgram = {
  file: "dbus-send",
  args: (question) => {
    const options = ["--session", "--print-reply=literal", `--reply-timeout=${CALL_MS}`];
    if (question.ask === "hasHost") {
      const words = [`string:${WATCHER}`, `string:${HOST_PROPERTY}`];
      return [...options, `--dest=${question.watcher}`, WATCHER_PATH, `${PROPERTIES}.Get`, ...words];
    }
    return [...options, `--dest=${BUS}`, BUS_PATH, `${BUS}.${BUS_METHOD[question.ask]}`, `string:${WATCHER}`];
  },
  /** `   boolean true`, `   variant       boolean true`, `   :1.5` */
  parse: (stdout) => valueOf(/^(?:variant\s+)?(?:boolean (true|false)|(\S+))$/.exec(stdout.trim())),
};

/** In the order in which they are tried. */
export const BUS_PROGRAMS: readonly BusProgram[] = [gdbus, busctl, dbusSend];

function valueOf(match: RegExpExecArray | null): boolean | string | null {
  if (match === null) return null;
  const [, truth, text] = match;
  return truth === undefined ? (text ?? null) : truth === "true";
}
