/**
 * Calls `call` at the abort of `signal`, which must not be over yet; once at most.
 * @param call must not throw.
 * @returns what ends the waiting; it may be called at any time and again.
 */
export type OnAbort = (signal: AbortSignal, call: () => void) => () => void;

interface Waiting {
  readonly calls: Set<() => void>;
  readonly listener: () => void;
}

/**
 * @returns a way to wait for aborts with one listener on each signal, however many wait, and none where nobody does. Thirty
 * pings that share the signal of a whole keeper are no leak, but thirty listeners pass for one, and Node warns of it.
 */
export function createAborts(): OnAbort {
  const bySignal = new WeakMap<AbortSignal, Waiting>();
  const listen = (signal: AbortSignal): Waiting => {
    const calls = new Set<() => void>();
    const listener = () => {
      bySignal.delete(signal);
      for (const call of calls) call();
    };
    const waiting = { calls, listener };
    bySignal.set(signal, waiting);
    signal.addEventListener("abort", listener, { once: true });
    return waiting;
  };
  return (signal, call) => {
    const { calls, listener } = bySignal.get(signal) ?? listen(signal);
    // Of its own: two may wait with the same function.
    const own = () => call();
    calls.add(own);
    return () => {
      if (!calls.delete(own) || calls.size > 0 || bySignal.get(signal)?.calls !== calls) return;
      bySignal.delete(signal);
      signal.removeEventListener("abort", listener);
    };
  };
}
