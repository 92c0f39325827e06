/** How much logins need a person: one order for window, tray and command line. */
import { RULES, type Weight } from "./rules.ts";
import type { Account } from "./snapshot.ts";

/** The weights, from the one that needs a person most to none at all. */
export const HEAVIEST_FIRST = [
  "unreadable",
  "needsYou",
  "waiting",
  "paused",
  "well",
] as const satisfies readonly Weight[];

/** @returns the logins with the worst first and those that we leave alone last; else as they stand in the file. */
export function byNeed<T extends Pick<Account, "state">>(accounts: readonly T[]): readonly T[] {
  return [...accounts].sort((a, b) => rankOf(a) - rankOf(b));
}

function rankOf({ state }: Pick<Account, "state">): number {
  return state === "unmanaged" ? HEAVIEST_FIRST.length : HEAVIEST_FIRST.indexOf(RULES[state].weight);
}
