/** The longest delay that a timer of the runtime keeps: above it, it fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** As Node's `Timeout`, as far as programs use one. */
export interface Timer {
  ref(): Timer;
  unref(): Timer;
  hasRef(): boolean;
  refresh(): Timer;
  close(): Timer;
  [Symbol.toPrimitive](): number;
}

interface Entry {
  readonly id: number;
  readonly callback: () => void;
  readonly delay: number;
  readonly repeats: boolean;
  /** On the virtual monotonic clock. */
  due: number;
  order: number;
  held: boolean;
}

/** Timers on a clock of their own. Nothing fires by itself: whoever drives the clock calls `fireDue`. */
export class Timers {
  readonly #now: () => number;
  readonly #between: () => void;
  readonly #changed: () => void;
  readonly #pending = new Map<number, Entry>();
  readonly #handles = new WeakSet<object>();
  #last = 0;

  /** @param between runs after each callback. @param changed after any change of what is pending. */
  constructor(now: () => number, between: () => void, changed: () => void) {
    this.#now = now;
    this.#between = between;
    this.#changed = changed;
  }

  add(callback: () => void, delay: number, repeats: boolean): Timer {
    const ms = delay >= 1 && delay <= LONGEST_MS ? Math.trunc(delay) : 1;
    const id = ++this.#last;
    const entry: Entry = { id, callback, delay: ms, repeats, due: this.#now() + ms, order: id, held: true };
    this.#arm(entry);
    return this.#handle(entry);
  }

  owns(timer: unknown): timer is Timer {
    return typeof timer === "object" && timer !== null && this.#handles.has(timer);
  }

  closeById(id: number): void {
    this.#pending.delete(id);
    this.#changed();
  }

  /** Is there a timer that keeps the process alive? */
  holdsProcess(): boolean {
    for (const { held } of this.#pending.values()) if (held) return true;
    return false;
  }

  /** When the next one is due, or as much later as it may be; infinite when there is none. @param slackOf by its delay. */
  nextDue(slackOf: (delay: number) => number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { due, delay } of this.#pending.values()) next = Math.min(next, due + slackOf(delay));
    return next;
  }

  /** Fires what is due now, earliest first; what these callbacks add waits for the next call. @returns how many. */
  fireDue(): number {
    const now = this.#now();
    const due = [...this.#pending.values()].filter((entry) => entry.due <= now);
    due.sort((a, b) => a.due - b.due || a.order - b.order);
    for (const entry of due) {
      // One that ran before it may have taken it back, or put it off.
      if (this.#pending.get(entry.id) !== entry || entry.due > now) continue;
      this.#pending.delete(entry.id);
      if (entry.repeats) this.#rearm(entry);
      entry.callback();
      this.#between();
    }
    if (due.length > 0) this.#changed();
    return due.length;
  }

  #rearm(entry: Entry): void {
    entry.due = this.#now() + entry.delay;
    entry.order = ++this.#last;
    this.#arm(entry);
  }

  #arm(entry: Entry): void {
    this.#pending.set(entry.id, entry);
    this.#changed();
  }

  #handle(entry: Entry): Timer {
    const hold = (held: boolean): Timer => {
      entry.held = held;
      this.#changed();
      return timer;
    };
    const timer: Timer = {
      ref: () => hold(true),
      unref: () => hold(false),
      hasRef: () => entry.held,
      refresh: () => {
        this.#rearm(entry);
        return timer;
      },
      close: () => {
        this.closeById(entry.id);
        return timer;
      },
      [Symbol.toPrimitive]: () => entry.id,
    };
    this.#handles.add(timer);
    return timer;
  }
}
