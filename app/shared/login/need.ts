/** How much logins need a person: one order for window, tray and command line. */
import { type Weight, weightOf } from "./rules.ts";
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
export function byNeed<T extends Pick<Account, "state" | "reasonKind">>(accounts: readonly T[]): readonly T[] {
  return [...accounts].sort((a, b) => rankOf(a) - rankOf(b));
}

function rankOf(account: Pick<Account, "state" | "reasonKind">): number {
  return account.state === "unmanaged" ? HEAVIEST_FIRST.length : HEAVIEST_FIRST.indexOf(weightOf(account));
}
