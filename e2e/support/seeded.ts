import { createHash } from "node:crypto";

/** Chance that can be repeated: the seed is printed by whoever uses it. */
export interface Seeded {
  readonly seed: string;
  /** In [0, 1). */
  fraction(): number;
  /** A whole number in [from, to). */
  between(from: number, to: number): number;
  pick<T>(from: readonly T[]): T;
}

/** @param seed default: `PILOT_LIGHT_TEST_SEED`, else another one each time */
export function seeded(seed: string = process.env["PILOT_LIGHT_TEST_SEED"] ?? String(Date.now() % 1_000_000)): Seeded {
  let drawn = 0;
  const fraction = (): number => {
    drawn += 1;
    return createHash("sha256").update(`${seed} ${drawn}`).digest().readUInt32BE(0) / 2 ** 32;
  };
  const between = (from: number, to: number): number => from + Math.floor(fraction() * (to - from));
  return {
    seed,
    fraction,
    between,
    pick(from) {
      const one = from[between(0, from.length)];
      if (one === undefined) throw new RangeError("nothing to pick from");
      return one;
    },
  };
}
