import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** What Linux tells of a process that we started. */
export interface ProcessLook {
  readonly cmdline: string;
  readonly environ: string;
}

/** @returns null once the process is gone. */
export async function lookAtProcess(pid: number): Promise<ProcessLook | null> {
  try {
    const [cmdline, environ] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, "utf8"),
      readFile(`/proc/${pid}/environ`, "utf8"),
    ]);
    return { cmdline, environ };
  } catch {
    return null;
  }
}

/** A command has started up and only waits, once it has computed at least so much … */
const STARTED_TICKS = 8;
/** … and then hardly anything in so long: looking at a lock twenty times a second costs next to nothing. */
const CALM_MS = 800;
const CALM_TICKS = 4;

/** Resolves when all these processes have started up and wait for something. @throws when one ends, or after `withinMs`. */
export async function allWaiting(pids: readonly number[], withinMs: number): Promise<void> {
  const end = Date.now() + withinMs;
  await Promise.all(pids.map((pid) => waiting(pid, end)));
}

async function waiting(pid: number, end: number): Promise<void> {
  let since = Date.now();
  let mark = await standing(pid);
  while (mark.ticks < STARTED_TICKS || Date.now() - since < CALM_MS) {
    if (Date.now() > end) throw new Error(`process ${pid} did not come to rest in time`);
    await pause(50);
    const now = await standing(pid);
    const late = Date.now() - since >= CALM_MS;
    // Who wants to compute and may not is not calm.
    if (now.ticks - mark.ticks <= CALM_TICKS && mark.sleeping && (now.sleeping || !late)) continue;
    since = Date.now();
    mark = now;
  }
}

/**
 * @param pid or `PID/task/THREAD`
 * @returns the letter that Linux gives for what it does: S sleeps, T was stopped …; null once it is gone.
 */
export async function stateOfProcess(pid: number | string): Promise<string | null> {
  return (await statFields(pid).catch(() => []))[0] ?? null;
}

/** @returns what stands in its `stat` behind the name. @throws once it is gone. */
async function statFields(pid: number | string): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8");
  // The name in parentheses may hold anything.
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

async function standing(pid: number): Promise<{ readonly ticks: number; readonly sleeping: boolean }> {
  const fields = await statFields(pid);
  const [state, user, system] = [fields[0], Number(fields[11]), Number(fields[12])];
  if (state === "Z" || state === "X") throw new Error(`process ${pid} has ended`);
  return { ticks: user + system, sleeping: state === "S" };
}
