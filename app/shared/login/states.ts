import type { EntryProblem } from "./file-problem.ts";
import { obstacleOf, type Setback } from "./setback.ts";

/**
 * Why a login has ended, so that only a sign-in helps: an answer was lost and the provider no longer takes the token; its
 * deadline has passed; the provider refused it; only an older copy is left.
 */
export const END_REASONS = ["answerLost", "deadline", "refused", "olderCopy"] as const;
export type EndReason = (typeof END_REASONS)[number];

/**
 * The state of one login: a closed union. It is computed from facts on disk, never stored, so nothing can disagree with it.
 *
 *                         due time                  a token request is under way
 *            healthy ---------------> due ---------------> refreshing
 *               ^  \                                         |   |  \
 *               |   pause/resume <-> paused                  |   |   \ answer lost
 *    a success  |                                            |   |    v
 *   (or a newer |    +------- retrying <----- transient -----+   |  outcomeUnknown --invalid_grant--> signIn
 *   pair found) |    +------- rateLimited <-- 429 ---------------+         |
 *               +----+-----------------------------------------------------+
 *
 *    the file says so:  oldCopy (allow) · shared (allow) · wipedElsewhere (sign in, or allow) · unreadable (repair the file)
 *                       unmanaged (not ours) ;  signIn (a new pair in the file, or "try once more")
 */
export type LoginState =
  | { readonly name: "healthy" }
  | { readonly name: "due" }
  | { readonly name: "refreshing" }
  | { readonly name: "retrying"; readonly since: number; readonly next: number; readonly why: Setback }
  | { readonly name: "rateLimited"; readonly until: number }
  | { readonly name: "outcomeUnknown"; readonly since: number; readonly next: number | null }
  | { readonly name: "shared"; readonly with: string }
  | { readonly name: "oldCopy"; readonly since: number }
  | { readonly name: "wipedElsewhere"; readonly since: number; readonly kept: boolean }
  | { readonly name: "signIn"; readonly reason: EndReason; readonly since: number }
  | { readonly name: "paused"; readonly until: number | null }
  | { readonly name: "unmanaged" }
  | { readonly name: "unreadable"; readonly problem: EntryProblem };

export type LoginStateName = LoginState["name"];

/** Why a state is so, for programs: what `reasonKind` of a login of the snapshot can be. */
export type ReasonKind =
  | EndReason
  | ReturnType<typeof obstacleOf>
  | EntryProblem["kind"]
  | "noAdapter"
  | "copyKept"
  | "noCopyKept"
  /** Of a login that is well: a refresh was answered for another account; whether it is shared cannot be seen. */
  | "accountChanged"
  /** Its access has expired, and no keeper runs. */
  | "unkept"
  | "sharingUnseen";

/** @returns why a state is so, where the state alone does not tell. */
export function reasonKindOf(state: LoginState): ReasonKind | null {
  switch (state.name) {
    case "retrying":
      return obstacleOf(state.why);
    case "signIn":
      return state.reason;
    case "wipedElsewhere":
      return state.kept ? "copyKept" : "noCopyKept";
    case "unmanaged":
      return "noAdapter";
    case "unreadable":
      return state.problem.kind;
    case "healthy":
    case "due":
    case "refreshing":
    case "rateLimited":
    case "outcomeUnknown":
    case "shared":
    case "oldCopy":
    case "paused":
      return null;
  }
}

/** Every state name, for schemas and tables. */
export const LOGIN_STATE_NAMES = [
  "healthy",
  "due",
  "refreshing",
  "retrying",
  "rateLimited",
  "outcomeUnknown",
  "shared",
  "oldCopy",
  "wipedElsewhere",
  "signIn",
  "paused",
  "unmanaged",
  "unreadable",
] as const satisfies readonly LoginStateName[];

type NothingForgotten<T extends never> = T;
/** Fails to compile when a state is missing in the list above. */
export type AllStatesListed = NothingForgotten<Exclude<LoginStateName, (typeof LOGIN_STATE_NAMES)[number]>>;
