/** What became of a command, as data; `words/commands.ts` says it. Pure. */

import type { WriteProblem } from "./file-problem.ts";
import { mayRefresh } from "./rules.ts";
import type { Login } from "./snapshot.ts";

/** What came of one login in a pass. */
export type RedeemOutcome = "success" | "adopted" | "ended" | "waits" | "notSent";

/** Where nothing could be written: beside the credential file, or among our own notes. `code`: POSIX; null = none. */
export interface PassProblem {
  readonly kind: "folder" | "notes";
  readonly code: string | null;
}

/** What came of a pass; null = it did not fail. */
export type PassOutcome =
  | {
      readonly kind: "done";
      readonly redeemed: ReadonlyMap<string, { readonly kind: RedeemOutcome }>;
      readonly commitFailed: WriteProblem | null;
      /** Why our own notes could not be written, so that nothing more was sent. */
      readonly notesFailed: PassProblem | null;
      /** An answer could be written nowhere. */
      readonly lost: boolean;
    }
  | { readonly kind: "busy"; readonly owner: string }
  /** Nothing could be begun. */
  | { readonly kind: "cannot"; readonly problem: PassProblem };

/** What is answered to a command. */
export interface Said {
  /** One plain sentence or two: what happened, and the next step where there is one. */
  readonly sentence: string;
  /** The state of the login that the sentence told the reason of, so that it need not be said twice. */
  readonly tells?: StateTold | undefined;
}

export interface StateTold {
  readonly state: Login["state"];
  readonly reasonKind: string | null;
}

/** What became of "Refresh now" with one login. */
export interface RefreshReport {
  /** null = no pass was needed. */
  readonly result: PassOutcome | null;
  /** The file holds another generation than the one that it set out from. */
  readonly newer: boolean;
  /** As it is now; undefined = gone. */
  readonly after: Login | undefined;
}

/** Was "Refresh now" asked for in vain: neither refreshed nor newer than before, and no state of the login says why? */
export function isUndone(before: Login, { result, newer, after }: RefreshReport): boolean {
  if (after === undefined || result === null || !mayRefresh(before.state, true)) return false;
  if (result.kind !== "done" || result.commitFailed !== null) return true;
  const done = result.redeemed.get(before.id)?.kind;
  return done !== "success" && done !== "adopted" && !newer;
}
