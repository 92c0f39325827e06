import { type Clock } from "../../ports/clock.ts";

const LOOK_MS = 10_000;
const JUMP_MS = 5_000;

export interface WatchClockOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /**
   * By how many ms the wall clock went further (or, negative, less far) than it should have, and what it said at the look
   * before. Must not throw.
   */
  readonly onJump: (ms: number, before: number) => void;
}

/**
 * Looks every 10 s whether the clocks went on as they should. A wall clock that left the monotonic one by more than 5 s,
 * or a look that came more than 5 s late, is a resume from sleep or a step of the clock.
 * @returns when `signal` is aborted.
 */
export async function watchClock({ clock, signal, onJump }: WatchClockOptions): Promise<void> {
  while (!signal.aborted) {
    const wall = clock.now();
    const monotonic = clock.monotonic();
    await clock.sleep(LOOK_MS, signal);
    if (signal.aborted) return;
    const wallMs = clock.now() - wall;
    const monotonicMs = clock.monotonic() - monotonic;
    // The monotonic clock of some systems runs on in sleep: then only the lateness tells.
    if (Math.abs(wallMs - monotonicMs) > JUMP_MS || monotonicMs - LOOK_MS > JUMP_MS) onJump(wallMs - LOOK_MS, wall);
  }
}
