import { performance } from "node:perf_hooks";
import type { Clock } from "../keeper/ports.ts";

/** The longest delay that a timer of the runtime keeps: above it, it fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** @returns the real clock. One sleep lasts at most 2^31-1 ms (24.8 days); its timer is gone when it ends, also by abort. */
export function createClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const end = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", end);
          resolve();
        };
        const timer = setTimeout(end, ms > 0 ? Math.min(ms, LONGEST_MS) : 0);
        signal?.addEventListener("abort", end, { once: true });
      }),
  };
}
