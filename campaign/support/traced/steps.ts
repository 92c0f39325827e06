/** The system calls of one run of the command line, and a way to stop it right after any of them: strace. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CLI, type Cli, type CliHome, spawnCli } from "../../../e2e/support/cli.ts";
import { lookAtProcess } from "../../../e2e/support/proc.ts";
import { until } from "../../../e2e/support/wait.ts";
import { ONE_WORKER } from "./traced.ts";

/** A system call of a run: the `nth` of its name in its thread. */
export interface Step {
  readonly call: string;
  readonly nth: number;
}

export interface Traced {
  /** strace itself: its end, and what it printed, are the program's. */
  readonly run: Cli;
  /** The program below it. */
  readonly pid: number;
}

/** Starts the command line so that it stops (SIGSTOP) as soon as this step is done. */
export function stoppingAt(home: CliHome, step: Step, args: readonly string[]): Promise<Traced> {
  const inject = ["-e", `trace=${step.call}`, "-e", `inject=${step.call}:signal=SIGSTOP:when=${step.nth}`];
  return traced(home, inject, args);
}

/** How often they come depends on the moment: the loop looking for news, and its own wake-up calls. */
const RESTLESS = new Set(["epoll_pwait", "epoll_ctl", "read", "write", "getpid", "sched_yield"]);

/** @returns the steps of a whole run, in order, from the connection on until its answer stands in the file for good. */
export async function stepsOf(home: CliHome, args: readonly string[]): Promise<readonly Step[]> {
  const { run } = await traced(home, ["-e", "trace=!futex,mmap,munmap,madvise,mprotect"], args);
  const { code, stderr } = await run.ended;
  if (code !== 0) throw new Error(`the run whose steps are counted ended with ${code}: ${stderr.slice(0, 200)}`);
  return stepsIn(await readFile(logIn(home), "utf8"));
}

/** Pure: from the text that strace wrote. */
function stepsIn(text: string): readonly Step[] {
  const seen = new Map<string, number>();
  const steps: Step[] = [];
  let renamed = false;
  for (const line of text.split("\n")) {
    const [, thread = "", call = "", rest = ""] = /^(\d+) +(\w+)\((.*)/.exec(line) ?? [];
    // The second half of one that was interrupted in the log, a signal, an end.
    if (call === "") continue;
    const nth = (seen.get(`${thread} ${call}`) ?? 0) + 1;
    seen.set(`${thread} ${call}`, nth);
    if (RESTLESS.has(call)) continue;
    const connects = call === "connect" && rest.includes("AF_INET");
    if (connects || steps.length > 0) steps.push({ call, nth });
    if (call === "rename" && rest.includes("auth.json")) renamed = true;
    // The folder's own, after the file's new name.
    if (renamed && call === "fsync") break;
  }
  return steps;
}

const logIn = (home: CliHome): string => join(home.home, "strace.log");

async function traced(home: CliHome, words: readonly string[], args: readonly string[]): Promise<Traced> {
  // Not with --seccomp-bpf: a signal that is injected at a stop of that kind gets lost now and then.
  const command = ["-f", "-qq", "-o", logIn(home), ...words, process.execPath, CLI, ...args];
  const run = spawnCli("strace", command, { ...home.env, ...ONE_WORKER }, home.home);
  const children = `/proc/${run.pid}/task/${run.pid}/children`;
  const pid = await until("strace has started the program", async () => {
    if (!run.running()) throw new Error(`strace ended at once: ${run.printed().slice(0, 200)}`);
    // At first it has children of its own, to try out what the system lets it do.
    for (const child of (await readFile(children, "utf8").catch(() => "")).split(" ")) {
      const look = child === "" ? null : await lookAtProcess(Number(child));
      if (look?.cmdline.startsWith(`${process.execPath}\0${CLI}`) === true) return Number(child);
    }
    return null;
  });
  return { run, pid };
}
