export interface LockOptions {
  /** How long to wait for it; 0 = one try. */
  readonly waitMs: number;
  /** The owner shows life this often. */
  readonly beatMs: number;
  /** A silent owner is taken over after this much of the waiter's monotonic time. */
  readonly silenceMs: number;
  /** How often a waiter looks; default 50 ms. */
  readonly pollMs?: number;
  /** Take over at once from an owner that is proven dead. */
  readonly judgeProcess: boolean;
  readonly signal?: AbortSignal;
}

export interface HeldLock {
  readonly kind: "held";
  /** Reads the lock from disk: false as soon as another process took it over. */
  stillOurs(): Promise<boolean>;
  /** Gives it back if it is still ours; never throws. */
  release(): Promise<void>;
}

export interface BusyLock {
  readonly kind: "busy";
  /** Who holds it, as one phrase for people. */
  readonly owner: string;
}

export interface LockHolder {
  readonly pid: number;
  /** Wall ms. */
  readonly since: number;
  /** When it last showed life; wall ms. */
  readonly at: number;
  readonly lives: boolean;
}

export interface Lock {
  /** @throws with a POSIX `code` when the lock cannot be made at all (read-only folder, full disk). */
  acquire(path: string, options: LockOptions): Promise<HeldLock | BusyLock>;
  /**
   * Who holds a lock here, and do they live: they showed life within `silenceMs` of wall time, and are not proven dead?
   * For display only. null = nobody has named themselves.
   */
  peek(path: string, silenceMs: number): Promise<LockHolder | null>;
}
