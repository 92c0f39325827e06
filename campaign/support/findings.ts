import type { Failure } from "../frame.ts";

/** What a campaign finds while it runs. */
export interface Findings {
  /** Tells it at once, and keeps it. */
  add(what: string): void;
  /** How many were added. */
  count(): number;
  /** The first of each kind, with how often it came. */
  failures(): readonly Failure[];
}

/** @param say hears each finding, the first of its kind only. Findings of one kind differ in their numbers alone. */
export function createFindings(seed: number, say: (line: string) => void): Findings {
  const kinds = new Map<string, { readonly first: string; times: number }>();
  return {
    add(what) {
      const kind = what.replace(/\d+/g, "#");
      const known = kinds.get(kind);
      if (known !== undefined) {
        known.times += 1;
        return;
      }
      kinds.set(kind, { first: what, times: 1 });
      say(`found: ${what}`);
    },
    count: () => [...kinds.values()].reduce((sum, { times }) => sum + times, 0),
    failures: () =>
      [...kinds.values()].map(({ first, times }) => ({
        what: times === 1 ? first : `${first} (and ${times - 1} like it)`,
        seed,
      })),
  };
}
