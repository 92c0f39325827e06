/** SIGSTOP, time that passes, SIGCONT: what suspend, Ctrl+Z and a paused container do to a process. */
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { stateOfProcess } from "../../e2e/support/proc.ts";
import { until } from "../../e2e/support/wait.ts";

/** So long it stands at least: the real timer below the virtual ones is due then, as every timer is after a suspend. */
const LEAST_MS = 40;

/** @returns whether no thread of it runs until SIGCONT. Under a tracer the letter is a small one. */
export async function standsStill(pid: number): Promise<boolean> {
  return /^t$/i.test((await stateOfProcess(pid)) ?? "");
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
      return /^t$/i.test(state) ? "stopped" : null;
    });
    if (stopped === "ended") return false;
    const since = performance.now();
    await meanwhile();
    await pause(Math.max(LEAST_MS - (performance.now() - since), 0));
  } finally {
    signal(pid, "SIGCONT");
  }
  return true;
}

/** @returns false when there is no such process any more. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
