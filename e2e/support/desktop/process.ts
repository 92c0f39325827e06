import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { exists } from "../files.ts";

/** How long a program of the desktop may take to come up. */
const READY_MS = 20_000;
/** How long one may take to end before it is killed. */
const END_MS = 3_000;
const KEPT_STDERR = 8_000;

export type Environment = Readonly<Record<string, string>>;

/** A program that we started, and that we end. */
export interface OwnProcess {
  readonly pid: number;
  /** File descriptor 1, or 3 where it was asked for. */
  readonly output: Readable;
  readonly child: ChildProcess;
  running(): boolean;
  /** The last of what it said on stderr. */
  stderr(): string;
  /** Ends it by its pid, and waits for its end. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a program that dies with us, whatever happens to us.
 * @throws when it cannot be started.
 */
export async function startOwn(
  program: string,
  args: readonly string[],
  env: Environment,
  options: { readonly input?: boolean; readonly fd3?: boolean } = {},
): Promise<OwnProcess> {
  const bound = await exists("/usr/bin/setpriv");
  const [file, words] = bound
    ? ["/usr/bin/setpriv", ["--pdeathsig", "KILL", "--", program, ...args]]
    : [program, [...args]];
  const child = spawn(file, words, {
    env: { ...env },
    stdio: [options.input === true ? "pipe" : "ignore", "pipe", "pipe", options.fd3 === true ? "pipe" : "ignore"],
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-KEPT_STDERR);
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await once(child, "spawn");
  const output = child.stdio[options.fd3 === true ? 3 : 1];
  if (output === null || output === undefined || !("read" in output)) throw new Error(`${program} has no output`);
  if (options.fd3 === true) child.stdout?.resume();
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    pid: child.pid ?? 0,
    output,
    child,
    running,
    stderr: () => said,
    async end(signal = "SIGTERM") {
      if (running()) child.kill(signal);
      const patience = setTimeout(() => child.kill("SIGKILL"), END_MS);
      // Its own children may hold our pipes open for a moment; its end is what counts.
      if (running()) await Promise.race([once(child, "exit"), ended]);
      clearTimeout(patience);
      for (const stream of [child.stdout, child.stderr, output]) stream?.destroy();
    },
  };
}

/** @returns the first line of its output. @throws with what it said, when it ends without one or is too slow. */
export function firstLine(process: OwnProcess, what: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const finish = (act: () => void): void => {
      clearTimeout(patience);
      process.output.off("data", onData);
      process.child.off("exit", onExit);
      process.output.resume();
      act();
    };
    const fail = (why: string) => () => reject(new Error(`${what} ${why}; it said: ${process.stderr() || "nothing"}`));
    const onData = (chunk: Buffer | string): void => {
      text += String(chunk);
      const line = /^(.*)\n/.exec(text)?.[1];
      if (line !== undefined) finish(() => resolve(line.trim()));
    };
    const onExit = (): void => finish(fail("ended at once"));
    const patience = setTimeout(() => finish(fail(`was not ready within ${READY_MS} ms`)), READY_MS);
    process.output.on("data", onData);
    process.child.once("exit", onExit);
  });
}

/** Looks again and again until `check` is true. @throws with what the program said, when it ends before or is too slow. */
export async function untilReady(process: OwnProcess, what: string, check: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + READY_MS;
  while (!(await check())) {
    if (!process.running()) throw new Error(`${what} ended at once; it said: ${process.stderr() || "nothing"}`);
    if (Date.now() > end) throw new Error(`${what} was not ready within ${READY_MS} ms; it said: ${process.stderr()}`);
    await pause(50);
  }
}

/**
 * Kills what still lives of all that inherited this variable: helpers that our programs started.
 * @returns their names.
 */
export async function killHeirs(name: string, value: string): Promise<readonly string[]> {
  const wanted = `${name}=${value}`;
  const found: string[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const environ = await readFile(`/proc/${entry}/environ`, "utf8").catch(() => "");
    if (!environ.split("\0").includes(wanted)) continue;
    found.push((await readFile(`/proc/${entry}/comm`, "utf8").catch(() => "?")).trim());
    try {
      process.kill(Number(entry), "SIGKILL");
    } catch {
      // It is gone already.
    }
  }
  return found;
}
