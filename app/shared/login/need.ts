/** How much logins need a person: one order for window, tray and command line. */
import { type Weight, weightOf } from "./rules.ts";
import type { Login } from "./snapshot.ts";

/** The weights, from the one that needs a person most to none at all. */
export const HEAVIEST_FIRST = [
  "unreadable",
  "needsYou",
  "waiting",
  "paused",
  "well",
] as const satisfies readonly Weight[];

/** @returns the logins with the worst first and those that we leave alone last; else as they stand in the file. */
export function byNeed<T extends Pick<Login, "state" | "reasonKind">>(accounts: readonly T[]): readonly T[] {
  return [...accounts].sort((a, b) => rankOf(a) - rankOf(b));
}

function rankOf(login: Pick<Login, "state" | "reasonKind">): number {
  return login.state === "unmanaged" ? HEAVIEST_FIRST.length : HEAVIEST_FIRST.indexOf(weightOf(login));
}
