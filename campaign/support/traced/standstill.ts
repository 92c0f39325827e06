/** SIGSTOP, time that passes, SIGCONT: what suspend, Ctrl+Z and a paused container do to a process. */
import { readdir } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { stateOfProcess } from "../../../e2e/support/proc.ts";
import { until } from "../../../e2e/support/wait.ts";

/** So long it stands at least: the real timer below the virtual ones is due then, as every timer is after a suspend. */
const LEAST_MS = 40;

/** @returns whether none of its threads runs or waits, until SIGCONT. A tracer alone stops one at a time. */
export async function standsStill(pid: number): Promise<boolean> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const states = await Promise.all(threads.map((thread) => stateOfProcess(`${pid}/task/${thread}`)));
  return states.length > 0 && states.every((state) => state !== null && /^t$/i.test(state));
}

/**
 * Stops a process, lets `meanwhile` happen, and lets it go on. @returns false when it had ended before.
 * @param pid one that we started
 */
export async function standstill(pid: number, meanwhile: () => Promise<void>): Promise<boolean> {
  if (!signal(pid, "SIGSTOP")) return false;
  try {
    const stopped = await until("it stands still, or has ended", async () => {
      const state = await stateOfProcess(pid);
      if (state === null || state === "Z" || state === "X") return "ended";
      return state === "T" ? "stopped" : null;
    });
    if (stopped === "stopped") await goOnAfter(pid, meanwhile);
    return stopped === "stopped";
  } finally {
    signal(pid, "SIGCONT");
  }
}

/** Lets `meanwhile` happen, and then a process go on that stands still already. */
export async function goOnAfter(pid: number, meanwhile: () => Promise<void>): Promise<void> {
  const since = performance.now();
  try {
    await meanwhile();
    await pause(Math.max(LEAST_MS - (performance.now() - since), 0));
  } finally {
    signal(pid, "SIGCONT");
  }
}

/** @returns false when there is no such process any more. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
