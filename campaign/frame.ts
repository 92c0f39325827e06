/** What all campaigns have in common: how one is asked, what it answers, chance with a seed. */

/** `short`: the fixed form that runs with `npm test`, seconds long. `full`: the form whose counts `docs/reliability.md` names. */
export type Form = "short" | "full";

export interface Plan {
  readonly form: Form;
  /** All chance comes of it. */
  readonly seed: number;
  /** Ends at the first whole round after so many minutes; null = as long as its form says. */
  readonly minutes: number | null;
  /** One line for the person who watches. Never a token. */
  readonly say: (line: string) => void;
}

/** Something that must not be. */
export interface Failure {
  /** One line: what was seen, and where. Never a token. */
  readonly what: string;
  /** With this seed the same round comes again. */
  readonly seed: number;
}

export interface Report {
  /** What was counted, in the order in which it is shown: kills, refreshes, lost … */
  readonly counts: Readonly<Record<string, number | string>>;
  readonly failures: readonly Failure[];
}

export interface Campaign {
  /** As `npm run campaign NAME` calls it. */
  readonly name: string;
  /** What it must show, one line. */
  readonly shows: string;
  /** Runs it; cleans up after itself whatever happens. @throws only when it could not be set up. */
  run(plan: Plan): Promise<Report>;
}

/** Chance that comes again with its seed. */
export interface Chance {
  /** In [0, 1). */
  fraction(): number;
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number;
  /** @throws RangeError where there is nothing to pick from. */
  pick<T>(from: readonly T[]): T;
  /** Chance of its own, for one round: what the rounds before it drew does not change it. */
  fork(round: number): Chance;
  readonly seed: number;
}

/** Mulberry32 (public domain): small, and good enough to choose what to break. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (least: number, most: number): number => least + Math.floor(fraction() * (most - least + 1));
  return {
    seed,
    fraction,
    whole,
    pick: (from) => {
      const picked = from[whole(0, from.length - 1)];
      if (picked === undefined) throw new RangeError("nothing to pick from");
      return picked;
    },
    fork: (round) => chanceOf(Math.imul(seed, 0x9e3779b1) + round),
  };
}

/** Has the time that the plan gives passed since `startedAt` (ms)? */
export function isTimeUp(plan: Plan, startedAt: number): boolean {
  return plan.minutes !== null && Date.now() - startedAt >= plan.minutes * 60_000;
}
