/** Virtual time and a step-by-step scheduler: nothing happens between two steps, and a dead process never takes its next one. */

import { type Clock } from "../../app/ports/clock.ts";
export interface Actor {
  readonly name: string;
  alive: boolean;
  /** Takes no step before this monotonic time (SIGSTOP, suspend). */
  stoppedUntil: number;
}

interface Step {
  readonly actor: Actor;
  readonly run: () => void;
}
interface Timer extends Step {
  readonly at: number;
  readonly order: number;
  cancelled: boolean;
}

export class SimTime {
  monotonic = 0;
  /** Wall time minus monotonic time; changes when someone sets the clock. */
  offset: number;
  readonly #fraction: () => number;
  #ready: Step[] = [];
  #timers: Timer[] = [];
  #order = 0;

  constructor(start: number, fraction: () => number) {
    this.offset = start;
    this.#fraction = fraction;
  }

  now(): number {
    return this.monotonic + this.offset;
  }

  /** Waits for its turn; a dead actor waits for ever. */
  turn(actor: Actor): Promise<void> {
    return new Promise((resolve) => {
      if (actor.alive) this.#ready.push({ actor, run: resolve });
    });
  }

  at(ms: number, actor: Actor, run: () => void): () => void {
    const timer: Timer = { at: this.monotonic + Math.max(ms, 0), order: this.#order++, actor, run, cancelled: false };
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#timers[middle];
      if (other !== undefined && (other.at < timer.at || (other.at === timer.at && other.order < timer.order)))
        low = middle + 1;
      else high = middle;
    }
    this.#timers.splice(low, 0, timer);
    return () => {
      timer.cancelled = true;
    };
  }

  clockOf(actor: Actor): Clock {
    return {
      now: () => Math.round(this.now()),
      monotonic: () => this.monotonic,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted === true) {
            resolve();
            return;
          }
          const wake = () => {
            signal?.removeEventListener("abort", early);
            resolve();
          };
          const cancel = this.at(ms, actor, wake);
          const early = () => {
            cancel();
            resolve();
          };
          signal?.addEventListener("abort", early, { once: true });
        }),
    };
  }

  /** Lets one actor take one step, moving time on if nobody is ready. false = nothing is left until `end`. */
  async step(end: number): Promise<boolean> {
    // What was just started has to reach its first step before we can say that nobody is ready.
    this.#ready = this.#ready.filter(({ actor }) => actor.alive);
    if (this.#ready.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const able = this.#ready.filter(({ actor }) => actor.stoppedUntil <= this.monotonic);
    if (able.length > 0) {
      const chosen = able[Math.floor(this.#fraction() * able.length)];
      if (chosen === undefined) return false;
      this.#ready.splice(this.#ready.indexOf(chosen), 1);
      chosen.run();
    } else {
      const wakes = this.#ready.map(({ actor }) => actor.stoppedUntil);
      const next = this.#nextTimer();
      const at = Math.min(
        next === null ? Number.POSITIVE_INFINITY : Math.max(next.at, next.actor.stoppedUntil),
        ...wakes,
      );
      if (at > end) {
        this.monotonic = Math.max(this.monotonic, end);
        return false;
      }
      this.monotonic = Math.max(this.monotonic, at);
      if (next !== null && Math.max(next.at, next.actor.stoppedUntil) <= this.monotonic) {
        this.#timers.splice(this.#timers.indexOf(next), 1);
        next.run();
      }
    }
    await new Promise((resolve) => setImmediate(resolve));
    return true;
  }

  #nextTimer(): Timer | null {
    this.#timers = this.#timers.filter(({ actor, cancelled }) => actor.alive && !cancelled);
    let best: Timer | null = null;
    for (const timer of this.#timers) {
      if (best === null || Math.max(timer.at, timer.actor.stoppedUntil) < Math.max(best.at, best.actor.stoppedUntil))
        best = timer;
      else if (timer.at > Math.max(best.at, best.actor.stoppedUntil)) break;
    }
    return best;
  }
}

/** A small seeded generator (mulberry32), so that a seed replays a run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
