const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type StopSignal = (typeof SIGNALS)[number];

export interface StopSignals {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
  /** Calls for each signal after the first. Returns the end of it. */
  onFurther(listener: () => void): () => void;
  /** The exit code of a command that was interrupted, as shells expect it; null = it was not. */
  exitCode(): number | null;
}

const CODES: Readonly<Record<StopSignal, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** From now on signals ask to stop, and no longer kill: a token request that is under way must be heard out. */
export function takeSignals(): StopSignals {
  const controller = new AbortController();
  const listeners = new Set<() => void>();
  let first: StopSignal | null = null;
  for (const name of SIGNALS) {
    // The writer below conf listens, too, and sends each signal a second time: that would count as a second Ctrl+C.
    process.removeAllListeners(name);
    process.on(name, () => {
      if (first === null) {
        first = name;
        controller.abort();
      } else {
        for (const listener of listeners) listener();
      }
    });
  }
  return {
    signal: controller.signal,
    onFurther(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exitCode: () => (first === null ? null : CODES[first]),
  };
}
