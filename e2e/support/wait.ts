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
