/** Many rounds side by side, what they count, and what they find. */
import { type Failure, isTimeUp, type Plan, type Report } from "../frame.ts";

/** One round: an attack and its verdict. */
export interface Round {
  /** In words, so that it can be told apart: command and point. */
  readonly what: string;
  /** @returns what is wrong, one line each. */
  run(lane: number): Promise<readonly string[]>;
}

export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #found = new Map<string, { count: number; first: string }>();

  count(what: string, by = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + by);
  }

  counted(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  /** Equal findings are one: with the round in which it was seen first. */
  find(wrong: string, where: string): void {
    const known = this.#found.get(wrong);
    if (known === undefined) this.#found.set(wrong, { count: 1, first: where });
    else known.count += 1;
  }

  /** @param seed that of the plan: the same series of rounds comes again with it */
  report(seed: number): Report {
    const failures = [...this.#found].map(
      ([wrong, { count, first }]): Failure => ({ seed, what: `${wrong} [${count} x, first: ${first}]` }),
    );
    return { counts: Object.fromEntries(this.#counts), failures };
  }
}

/**
 * Takes the rounds one after the other, as many at once as there are lanes, until all are done or the time is up.
 * A round that throws is a finding: it could not be judged.
 */
export async function runRounds(plan: Plan, lanes: number, rounds: readonly Round[], tally: Tally): Promise<void> {
  const startedAt = Date.now();
  let next = 0;
  const told = Math.max(10, Math.ceil(rounds.length / 20));
  const lane = async (which: number): Promise<void> => {
    for (;;) {
      const round = rounds[next];
      if (round === undefined || isTimeUp(plan, startedAt)) return;
      next += 1;
      if (next % told === 0) plan.say(`${next} of ${rounds.length} rounds`);
      const wrong = await round.run(which).catch((error: unknown) => {
        return [`it could not be judged: ${error instanceof Error ? error.message : "unknown"}`];
      });
      for (const each of wrong) {
        tally.find(each, round.what);
        plan.say(`wrong: ${each} (${round.what})`);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, which) => lane(which)));
}

/** @returns the same things in an order by chance. */
export function shuffled<T>(things: readonly T[], fraction: () => number): readonly T[] {
  return things
    .map((thing) => ({ thing, rank: fraction() }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ thing }) => thing);
}
