/** As long as the system may take from its word to its sleep, and then some: a word that nothing took back is void. */
import { type Clock } from "../../ports/clock.ts";

const LONGEST_MS = 60_000;

/** Is the system about to sleep or to shut down? Whoever hears it say so tells it here. */
export interface Departure {
  /** The system is about to leave. */
  begin(): void;
  /** It came back, or stayed. */
  end(): void;
  /** Between the two, but not longer than 60 s of monotonic time. */
  leaving(): boolean;
}

export function createDeparture(clock: Pick<Clock, "monotonic">): Departure {
  let since: number | null = null;
  return {
    begin: () => {
      since = clock.monotonic();
    },
    end: () => {
      since = null;
    },
    leaving: () => since !== null && clock.monotonic() - since < LONGEST_MS,
  };
}
