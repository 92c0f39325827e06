import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/** What became of another program: its own end, or why there was none. */
export type ProgramResult =
  | { readonly code: number; readonly stdout: string }
  | { readonly failed: "missing" | "timeout" | "signal" | "too much output" | "not started" };

export interface ProgramOptions {
  /** After so long it is killed. */
  readonly timeoutMs: number;
  /** All of its environment; absent = ours. */
  readonly env?: Environment;
  /** More on stdout kills it; default 64 KiB. */
  readonly maxBytes?: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;
export type RunProgram = (file: string, args: readonly string[], options: ProgramOptions) => Promise<ProgramResult>;

const MAX_BYTES = 64 * 1024;

export interface Piped {
  /** Tells of its end by "exit" or, where it could not be started, by "error". */
  readonly child: ChildProcess;
  /** null unless it was asked for. */
  readonly stdin: Writable | null;
  readonly stdout: Readable;
}

export interface PipedOptions {
  readonly env?: Environment | undefined;
  /** Its input is a pipe of ours; else it reads nothing. */
  readonly input?: true;
  /** In a session of its own, out of reach of the terminal's Ctrl+C, and a group that its pid names. */
  readonly detached?: true;
}

/**
 * Starts another program without a shell; its stderr is dropped. Errors of its pipes are nobody's concern. Never throws.
 * @returns null where it cannot be started at all, not even so as to tell why.
 */
export function startPiped(file: string, args: readonly string[], options: PipedOptions = {}): Piped | null {
  const { env, input = false, detached = false } = options;
  let child: ChildProcess;
  try {
    const stdio = [input ? "pipe" : "ignore", "pipe", "ignore"] as const;
    child = spawn(file, [...args], { stdio: [...stdio], windowsHide: true, detached, ...withEnv(env) });
  } catch {
    return null;
  }
  child.on("error", () => undefined);
  const { stdin, stdout } = child;
  // Where no more files can be opened there are no pipes, whatever the types say.
  if (!stdout || (input && !stdin)) return null;
  for (const stream of [stdin, stdout]) stream?.on("error", () => undefined);
  return { child, stdin, stdout };
}

/**
 * Runs another program without a shell and waits for its end; it reads nothing and its stderr is dropped. Never rejects,
 * and leaves nothing behind: a program that outlasts its time or talks too much is killed.
 * @param file an absolute path, or a name to be found on the PATH.
 */
export const runProgram: RunProgram = (file, args, { timeoutMs, env, maxBytes = MAX_BYTES }) =>
  new Promise((resolve) => {
    const started = startPiped(file, args, { env });
    if (started === null) {
      resolve({ failed: "not started" });
      return;
    }
    const { child, stdout } = started;
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (result: ProgramResult): void => {
      clearTimeout(patience);
      // Another program that it started may hold the pipe open: without this it would keep us alive.
      stdout.destroy();
      resolve(result);
    };
    const end = (failed: "timeout" | "too much output"): void => {
      child.kill("SIGKILL");
      finish({ failed });
    };
    const patience = setTimeout(() => end("timeout"), timeoutMs);
    stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) end("too much output");
      else chunks.push(chunk);
    });
    child.once("error", (error) => finish({ failed: whyNotStarted(error) }));
    child.once("close", (code) =>
      finish(code === null ? { failed: "signal" } : { code, stdout: Buffer.concat(chunks).toString("utf8") }),
    );
  });

/**
 * Starts another program that lives on without us, with no tie to our terminal or streams.
 * @returns whether it was started.
 */
export function startDetached(file: string, args: readonly string[], env?: Environment): Promise<boolean> {
  return new Promise((resolve) => {
    let child;
    try {
      child = spawn(file, args, { stdio: "ignore", detached: true, ...withEnv(env) });
    } catch {
      resolve(false);
      return;
    }
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}

/**
 * The same for a program that fails soon or not at all.
 * @returns whether it still runs after so long, or has ended well by then.
 */
export function startsWell(
  file: string,
  args: readonly string[],
  { env, withinMs }: { readonly env: Environment; readonly withinMs: number },
): Promise<boolean> {
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      child = spawn(file, args, { stdio: "ignore", detached: true, windowsHide: true, ...withEnv(env) });
    } catch {
      resolve(false);
      return;
    }
    const end = (well: boolean): void => {
      clearTimeout(patience);
      resolve(well);
    };
    const patience = setTimeout(() => end(true), withinMs);
    child.once("error", () => end(false));
    child.once("exit", (code) => end(code === 0));
    child.unref();
  });
}

function withEnv(env: Environment | undefined): { env?: NodeJS.ProcessEnv } {
  return env === undefined ? {} : { env: { ...env } };
}

/** @returns what the "error" event of a program means. */
export function whyNotStarted(error: unknown): "missing" | "not started" {
  return error instanceof Error && "code" in error && error.code === "ENOENT" ? "missing" : "not started";
}
