import type { Login, Snapshot } from "./snapshot.ts";
import type { LoginStateName } from "./states.ts";

export type Command = "refresh" | "tryOnce" | "ping" | "pause" | "resume" | "allow";
export type Weight = "well" | "paused" | "waiting" | "needsYou" | "unreadable";

interface Rule {
  /** How heavy it is for icon, order and exit code. */
  readonly weight: Weight;
  /** The exit code of the command line when this is the worst state. */
  readonly exit: 0 | 1 | 3 | 4;
  readonly commands: readonly Command[];
}

/** Used by tray, window and command line alike, so that they cannot disagree on what is allowed. */
export const RULES: Readonly<Record<LoginStateName, Rule>> = {
  healthy: { weight: "well", exit: 0, commands: ["refresh", "ping", "pause"] },
  due: { weight: "well", exit: 0, commands: ["refresh", "ping", "pause"] },
  refreshing: { weight: "well", exit: 0, commands: ["ping", "pause"] },
  retrying: { weight: "waiting", exit: 3, commands: ["refresh", "ping", "pause"] },
  rateLimited: { weight: "waiting", exit: 3, commands: ["pause"] },
  outcomeUnknown: { weight: "waiting", exit: 3, commands: ["refresh", "pause"] },
  shared: { weight: "needsYou", exit: 1, commands: ["allow"] },
  oldCopy: { weight: "needsYou", exit: 1, commands: ["allow"] },
  wipedElsewhere: { weight: "needsYou", exit: 1, commands: ["allow"] },
  signIn: { weight: "needsYou", exit: 1, commands: ["tryOnce"] },
  paused: { weight: "paused", exit: 0, commands: ["refresh", "ping", "resume"] },
  unmanaged: { weight: "well", exit: 0, commands: [] },
  unreadable: { weight: "unreadable", exit: 4, commands: [] },
};

/** How heavy a login weighs: one that nothing refreshes is not well, whatever its state would be with a keeper. */
export function weightOf({ state, reasonKind }: Pick<Login, "state" | "reasonKind">): Weight {
  return reasonKind === "unkept" ? "waiting" : RULES[state].weight;
}

/** May a login in this state be told to do this? */
export function allows(state: LoginStateName, command: Command): boolean {
  return RULES[state].commands.includes(command);
}

/** @param named by name also a login that has ended: naming it is the question "try once more?" answered. */
export function mayRefresh(state: LoginStateName, named: boolean): boolean {
  return allows(state, "refresh") || state === "refreshing" || (named && allows(state, "tryOnce"));
}

/** Is it one that we keep alive? Not what is left alone, nor what cannot be read: it has no clocks to show. */
export function isManaged(state: LoginStateName): boolean {
  return state !== "unmanaged" && state !== "unreadable";
}

/** @returns those that are not left alone. */
export function oursOf<T extends Pick<Login, "state">>(logins: readonly T[]): readonly T[] {
  return logins.filter(({ state }) => state !== "unmanaged");
}

/** Is a new sign-in what helps, or what helps best? */
export function needsSignIn(state: LoginStateName): boolean {
  return state === "signIn" || state === "wipedElsewhere" || state === "oldCopy";
}

/** Did something not work that is tried again by itself? */
export function triesAgain(state: LoginStateName): state is "retrying" | "outcomeUnknown" | "rateLimited" {
  return state === "retrying" || state === "outcomeUnknown" || state === "rateLimited";
}

/** A shared login that is refreshed here was allowed, and that can be taken back. */
export function mayDisallow({ state, sharedWith }: Pick<Login, "state" | "sharedWith">): boolean {
  return sharedWith !== null && state !== "shared" && isManaged(state);
}

/** @returns the exit code for these logins by the table in README.md: the worst decides, 4 before 1 before 3. */
export function exitCodeOf(snapshot: Snapshot, logins: readonly Login[] = snapshot.accounts): 0 | 1 | 3 | 4 {
  if (snapshot.file.problem !== null && logins.length === 0) return 4;
  const codes = new Set(logins.map(({ state, reasonKind }) => (reasonKind === "unkept" ? 3 : RULES[state].exit)));
  if (codes.has(4)) return 4;
  if (codes.has(1)) return 1;
  return codes.has(3) ? 3 : 0;
}
