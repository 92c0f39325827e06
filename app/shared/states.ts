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
 *    the file says so:  oldCopy (allow) · shared (allow) · wipedElsewhere (sign in, or allow) · unreadable (mend the file)
 *                       unmanaged (not ours) ;  signIn (a new pair in the file, or "try once more")
 */
export type LoginState =
  | { readonly name: "healthy" }
  | { readonly name: "due" }
  | { readonly name: "refreshing" }
  | { readonly name: "retrying"; readonly since: number; readonly next: number; readonly why: string }
  | { readonly name: "rateLimited"; readonly until: number }
  | { readonly name: "outcomeUnknown"; readonly since: number; readonly next: number | null }
  | { readonly name: "shared"; readonly with: string }
  | { readonly name: "oldCopy"; readonly since: number }
  | { readonly name: "wipedElsewhere"; readonly since: number; readonly kept: boolean }
  | { readonly name: "signIn"; readonly why: string; readonly since: number }
  | { readonly name: "paused"; readonly until: number | null }
  | { readonly name: "unmanaged"; readonly why: string }
  | { readonly name: "unreadable"; readonly why: string };

export type LoginStateName = LoginState["name"];

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
