import { performance } from "node:perf_hooks";
import { type Clock } from "../ports/clock.ts";
import { createAborts, type OnAbort } from "./aborts.ts";

/** The longest delay that a timer of the runtime keeps: above it, it fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** @returns the real clock. One sleep lasts at most 2^31-1 ms (24.8 days); its timer is gone when it ends, also by abort. */
export function createClock(): Clock {
  const onAbort = createAborts();
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: (ms, signal) =>
      sleepUntil(onAbort, signal, (end) => {
        const timer = setTimeout(end, ms > 0 ? Math.min(ms, LONGEST_MS) : 0);
        return () => clearTimeout(timer);
      }),
  };
}

/**
 * One sleep: it lasts until what `begin` set up calls `end`, or until `signal` is aborted.
 * @param begin called at once, unless the signal is aborted already; must not call `end` itself. @returns how to take it back.
 */
export function sleepUntil(
  onAbort: OnAbort,
  signal: AbortSignal | undefined,
  begin: (end: () => void) => () => void,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const end = () => {
      takeBack();
      unheard?.();
      resolve();
    };
    const takeBack = begin(end);
    const unheard = signal === undefined ? null : onAbort(signal, end);
  });
}
