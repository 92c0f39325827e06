/** How long something has looked the same, on the monotonic clock of the one who looks. */
export interface Silence {
  readonly mark: string;
  readonly silentMs: number;
  readonly lookedAt: number;
}

/**
 * @param mark what changes when the other one shows life
 * @param now ms of the monotonic clock
 * @param mostPerLook ms that one pause between two looks counts at most: while we were stopped or the machine slept, the
 *   other one could not show life either.
 */
export function silenceAfter(before: Silence | undefined, mark: string, now: number, mostPerLook: number): Silence {
  if (before === undefined || before.mark !== mark) return { mark, silentMs: 0, lookedAt: now };
  const pause = Math.max(0, Math.min(now - before.lookedAt, mostPerLook));
  return { mark, silentMs: before.silentMs + pause, lookedAt: now };
}
