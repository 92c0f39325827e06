/** The command line under strace, which kills it, or lets a call fail, at a call that is chosen beforehand. */
import { randomUUID } from "node:crypto";
import { opendir, rm } from "node:fs/promises";
import { join } from "node:path";
import { CLI, type Cli, type CliHome, spawnCli } from "../../../e2e/support/cli.ts";
import { textOf } from "../../../e2e/support/files.ts";
import { stateOfProcess } from "../../../e2e/support/proc.ts";
import { until } from "../../../e2e/support/wait.ts";

/** `pool`: where Node works on files. `main`: where it speaks to the network, and hands the pool its work. */
export type Thread = "pool" | "main";

/** One system call, as strace saw it. */
export interface Call {
  readonly name: string;
  /** The how manieth of this name, from 1: what `when=` counts. */
  readonly n: number;
  /** Its arguments and its result, as text. */
  readonly text: string;
  /** When it began, ms since the epoch. */
  readonly at: number;
  readonly done: boolean;
}

export interface Traced {
  readonly run: Cli;
  /** Resolves when it has ended and what strace wrote is whole. */
  calls(): Promise<readonly Call[]>;
}

/** What happens at the call that is meant: `signal=KILL`, `error=ENOSPC`. */
export interface Injection {
  readonly name: string;
  readonly n: number;
  readonly what: string;
}

/** Stops itself before the program begins, and with its one pool thread already there: only then strace is let in. */
const GATE = `--import=data:text/javascript,${encodeURIComponent(
  'import { stat } from "node:fs/promises"; await stat("/"); process.kill(process.pid, "SIGSTOP");',
)}`;

/** With one worker the file operations come in the same order in each run. */
export const ONE_WORKER = { UV_THREADPOOL_SIZE: "1" } as const;

/** All that changes or reads something outside the process; the rest is Node's own house. */
const TRACED = "%file,%desc,%network";

/** Far more than it takes, also on a busy machine. */
const READY_MS = 60_000;

/** Starts the command line with one of its threads under strace. @throws when strace cannot be attached. */
export async function startTraced(
  home: CliHome,
  args: readonly string[],
  thread: Thread,
  injection: Injection | null = null,
): Promise<Traced> {
  const log = join(home.home, "tmp", `trace-${randomUUID()}`);
  const env = { ...home.env, ...ONE_WORKER };
  const run = spawnCli(process.execPath, [GATE, CLI, ...args], env, home.home);
  try {
    await until("the program waits at its gate", async () => (await stateOfProcess(run.pid)) === "T", READY_MS);
    const target = thread === "main" ? run.pid : await youngestThread(run.pid);
    const inject = injection === null ? [] : ["-e", `inject=${injection.name}:${injection.what}:when=${injection.n}`];
    const strace = spawnCli(
      "strace",
      ["-p", String(target), "-ttt", "-y", "-s", "24", "-e", `trace=${TRACED}`, ...inject, "-o", log],
      process.env,
      home.home,
    );
    await strace.prints("attached", READY_MS);
    process.kill(run.pid, "SIGCONT");
    return {
      run,
      async calls() {
        await Promise.all([run.ended, strace.ended]);
        const text = (await textOf(log)) ?? "";
        await rm(log, { force: true });
        return parsed(text);
      },
    };
  } catch (error) {
    run.kill("SIGKILL");
    throw error;
  }
}

/** The kernel lists threads in the order in which they were made; the gate made the pool's last. */
async function youngestThread(pid: number): Promise<number> {
  let last = pid;
  for await (const { name } of await opendir(`/proc/${pid}/task`)) last = Number(name);
  return last;
}

/** @returns the calls in an output of `strace -ttt` of one thread. */
export function parsed(text: string): readonly Call[] {
  const counts = new Map<string, number>();
  return text.split("\n").flatMap((line): readonly Call[] => {
    const [, at, name, rest] = /^(\d+\.\d+) (\w+)\((.*)$/.exec(line) ?? [];
    if (at === undefined || name === undefined || rest === undefined) return [];
    const n = (counts.get(name) ?? 0) + 1;
    counts.set(name, n);
    return [{ name, n, text: rest, at: Number(at) * 1000, done: !rest.endsWith("= ?") }];
  });
}
