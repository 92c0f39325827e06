import type { Account, Snapshot } from "./snapshot.ts";
import type { LoginState, LoginStateName } from "./states.ts";
import { moment } from "./words/words.ts";

export type Command = "refresh" | "tryOnce" | "ping" | "pause" | "resume" | "allow";
export type Weight = "well" | "paused" | "waiting" | "needsYou" | "unreadable";

interface Rule {
  /** How heavy it is for icon, order and exit code. */
  readonly weight: Weight;
  /** The exit code of the command line when this is the worst state (design section 8). */
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

/** May a login in this state be told to do this? */
export function allows(state: LoginStateName, command: Command): boolean {
  return RULES[state].commands.includes(command);
}

/** Is it one that we keep alive? Not what is left alone, nor what cannot be read: it has no clocks to show. */
export function isManaged(state: LoginStateName): boolean {
  return state !== "unmanaged" && state !== "unreadable";
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
export function mayDisallow({ state, sharedWith }: Pick<Account, "state" | "sharedWith">): boolean {
  return sharedWith !== null && state !== "shared" && isManaged(state);
}

/**
 * The one sentence for people about a state, with its next step; null when there is nothing to say.
 * @param signInHint the command that signs in again, as the provider names it.
 * @param now wall ms: times are told in words of that day.
 */
export function sentenceOf(state: LoginState, id: string, signInHint: string, now: number): string | null {
  switch (state.name) {
    case "healthy":
    case "due":
    case "refreshing":
      return null;
    case "retrying":
      return `Will be tried again: ${state.why}.`;
    case "rateLimited":
      return `The provider asked to wait until ${moment(state.until, now)}; it is tried again after that.`;
    case "outcomeUnknown":
      return state.next === null
        ? `A refresh was sent by another process, which still waits for its answer; let it go on, or end it and then "pilot-light refresh ${id}".`
        : `A refresh was sent and its answer was lost; it is tried again ${state.next > now ? `at ${moment(state.next, now)}` : "now"}.`;
    case "shared":
      return `${state.with} uses the same login; a refresh here would sign it out there. "pilot-light allow ${id}" refreshes it all the same.`;
    case "oldCopy":
      return `An older copy of this login came back into the file; it is not used unasked. Sign in again, or "pilot-light allow ${id}" uses it.`;
    case "wipedElsewhere":
      return state.kept
        ? `Another program emptied this entry. Sign in again (${signInHint}), or "pilot-light allow ${id}" puts our safe copy back.`
        : `Another program emptied this entry. Sign in again: ${signInHint}.`;
    case "signIn":
      return `${state.why} Sign in again: ${signInHint}.`;
    case "paused":
      return state.until === null
        ? "Pings are paused; refreshing goes on."
        : `Pings are paused until ${moment(state.until, now)}; refreshing goes on.`;
    case "unmanaged":
      return state.why;
    case "unreadable":
      return `This entry cannot be read: ${state.why}.`;
  }
}

/** @returns the exit code for these accounts by the table in design section 8: the worst decides, 4 before 1 before 3. */
export function exitCodeOf(snapshot: Snapshot, accounts: readonly Account[] = snapshot.accounts): 0 | 1 | 3 | 4 {
  if (snapshot.file.problem !== null && accounts.length === 0) return 4;
  const codes = new Set(accounts.map((account) => RULES[account.state].exit));
  if (codes.has(4)) return 4;
  if (codes.has(1)) return 1;
  return codes.has(3) ? 3 : 0;
}
