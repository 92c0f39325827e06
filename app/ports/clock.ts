export interface Clock {
  /** Wall clock, ms since the epoch. It may jump either way. */
  now(): number;
  /** Ms on a clock that only goes forward; it need not count the time asleep. */
  monotonic(): number;
  /** Resolves after `ms` of monotonic time, or at once when `signal` is aborted. It never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** A number in [0, 1). */
  fraction(): number;
  /** A short unguessable id of [a-z0-9]. */
  id(): string;
}
