/** A made-up logind on a private system bus: programs of the desktop fall asleep and wake when a test says so. */
import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { type Environment, type startOwn, untilReady } from "./process.ts";
import { findPython } from "./tray-client.ts";

const run = promisify(execFile);
const NAME = "org.freedesktop.login1";
const PATH = "/org/freedesktop/login1";
const MANAGER = "org.freedesktop.login1.Manager";

export interface Logind {
  /** The machine is about to sleep. */
  suspend(): Promise<void>;
  /** It woke up. */
  resume(): Promise<void>;
  /** The machine is about to shut down. */
  shutDown(): Promise<void>;
  /** What programs ask it to wait for, as gdbus prints it: what, who, why, mode of each. */
  inhibitors(): Promise<string>;
  /**
   * Resolves when a program of this name asks to be told before the machine sleeps: only from then on does it listen.
   * @param who as the program calls itself; absent = any.
   * @throws after `withinMs`.
   */
  listenedTo(who?: string, withinMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts it on the system bus of `env`. */
export async function startLogind(own: typeof startOwn, env: Environment): Promise<Logind> {
  const mock = await own(await findPython(), ["-m", "dbusmock", "--template", "logind"], env);
  const address = env["DBUS_SYSTEM_BUS_ADDRESS"] ?? "";
  const call = async (method: string, ...words: readonly string[]): Promise<string> => {
    const target = ["--dest", NAME, "--object-path", PATH, "--method", method];
    const args = ["call", "--address", address, "--timeout", "5", ...target, ...words];
    return (await run("gdbus", args, { env: { ...env }, timeout: 10_000 })).stdout;
  };
  const inhibitors = (): Promise<string> => call(`${MANAGER}.ListInhibitors`);
  await untilReady(mock, "logind", () =>
    inhibitors().then(
      () => true,
      () => false,
    ),
  );
  const announce = async (what: "Sleep" | "Shutdown", begins: boolean): Promise<void> => {
    await call("org.freedesktop.DBus.Mock.EmitSignal", MANAGER, `PrepareFor${what}`, "b", `[<${begins}>]`);
  };
  return {
    suspend: () => announce("Sleep", true),
    resume: () => announce("Sleep", false),
    shutDown: () => announce("Shutdown", true),
    inhibitors,
    async listenedTo(who = "", withinMs = 20_000) {
      const end = Date.now() + withinMs;
      for (;;) {
        const found = await inhibitors();
        if (found.includes("'sleep'") && found.includes(who)) return;
        if (Date.now() > end) throw new Error(`no program ${who} listens for sleep; there are: ${found.trim()}`);
        await pause(50);
      }
    },
    close: () => mock.end(),
  };
}
