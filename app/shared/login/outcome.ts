/** What became of a command, as data; `words/commands.ts` says it. Pure. */
import { mayRefresh } from "./rules.ts";
import type { Account } from "./snapshot.ts";

/** What came of one login in a pass. */
export type RedeemOutcome = "success" | "adopted" | "ended" | "waits" | "notSent";

/** What came of a pass. Reasons are clauses for people; null = it did not fail. */
export type PassOutcome =
  | {
      readonly kind: "done";
      readonly redeemed: ReadonlyMap<string, { readonly kind: RedeemOutcome }>;
      readonly commitFailed: string | null;
      readonly notesFailed: string | null;
      /** An answer could be written nowhere. */
      readonly lost: boolean;
    }
  | { readonly kind: "busy"; readonly owner: string }
  | { readonly kind: "cannot"; readonly reason: string };

/** What became of "Refresh now" with one login. */
export interface RefreshReport {
  /** null = no pass was needed. */
  readonly result: PassOutcome | null;
  /** The file holds another generation than the one that it set out from. */
  readonly newer: boolean;
  /** As it is now; undefined = gone. */
  readonly after: Account | undefined;
}

/** Was "Refresh now" asked for in vain: neither refreshed nor newer than before, and no state of the login says why? */
export function isUndone(before: Account, { result, newer, after }: RefreshReport): boolean {
  if (after === undefined || result === null || !mayRefresh(before.state, true)) return false;
  if (result.kind !== "done" || result.commitFailed !== null) return true;
  const done = result.redeemed.get(before.id)?.kind;
  return done !== "success" && done !== "adopted" && !newer;
}
