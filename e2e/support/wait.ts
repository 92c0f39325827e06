import { setTimeout as pause } from "node:timers/promises";

/** Waits until `check` gives something else than null, undefined or false. @throws with `what` after `withinMs`. */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  withinMs = 40_000,
): Promise<NonNullable<Exclude<T, false>>> {
  const end = Date.now() + withinMs;
  for (;;) {
    const value = await check();
    if (value !== null && value !== undefined && value !== false) return value as NonNullable<Exclude<T, false>>;
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(20);
  }
}

const TICK_MS = 50;

/** How far a busy machine runs behind, told by timers of this process: what a test may add to a time that it asserts. */
export interface Lateness {
  /** @returns by how much the timers were late since the start, all together; ms. Nothing more is counted. */
  stop(): number;
}

export function startLateness(): Lateness {
  let [late, before] = [0, performance.now()];
  const count = (): void => {
    const now = performance.now();
    late += Math.max(0, now - before - TICK_MS);
    before = now;
  };
  const timer = setInterval(count, TICK_MS);
  let counting = true;
  return {
    stop() {
      if (counting) count();
      counting = false;
      clearInterval(timer);
      return late;
    },
  };
}
