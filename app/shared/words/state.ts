/** Why a login is as it is, and what to do: one sentence for each state. Pure. */

import { weightOf } from "../login/rules.ts";
import type { Setback } from "../login/setback.ts";
import type { SharingUnseen } from "../login/sharing.ts";
import type { Login } from "../login/snapshot.ts";
import { END_REASONS, type EndReason, type LoginState } from "../login/states.ts";
import { entryProblemWords, REPLACE_STEP } from "./file-problem.ts";
import { setbackWords } from "./setback.ts";
import { ago, capital, moment } from "./times.ts";

/** One or two words for a state; scripts read the state's name in JSON. */
export const STATE_WORDS: Readonly<Record<Login["state"], string>> = {
  healthy: "healthy",
  due: "due",
  refreshing: "refreshing",
  retrying: "retrying",
  rateLimited: "rate-limited",
  outcomeUnknown: "answer lost",
  shared: "shared",
  oldCopy: "old copy",
  wipedElsewhere: "emptied",
  signIn: "sign in",
  paused: "paused",
  unmanaged: "unmanaged",
  unreadable: "unreadable",
};

/** Who reads it: the window has buttons where the command line has commands, and neither may name what the other has. */
export type Reader = "cli" | "window";

export interface Told {
  readonly id: string;
  /** The command that signs in again, as the provider names it. */
  readonly signInHint: string;
  /** Wall ms: times are told in words of that day. */
  readonly now: number;
  readonly reader: Reader;
  /** `rescue` would put another pair in place of what the file holds. */
  readonly rescuable?: boolean;
}

/** @returns the one sentence for people about a state, with its next step; null when there is nothing to say. */
export function stateSentence(
  state: LoginState,
  { id, signInHint, now, reader, rescuable = false }: Told,
): string | null {
  const cli = reader === "cli";
  const rescue = cli && rescuable ? `"pilot-light rescue ${id}"` : null;
  switch (state.name) {
    case "healthy":
    case "due":
    case "refreshing":
      return null;
    case "retrying":
      return retrySentence(state.why);
    case "rateLimited":
      return `The provider says to wait until ${moment(state.until, now)}. Pilot Light tries again then.`;
    case "outcomeUnknown":
      if (state.next !== null)
        return `The answer to a refresh was lost. Pilot Light tries again ${state.next > now ? `at ${moment(state.next, now)}` : "now"}.`;
      return `Another process sent a refresh and is still waiting for its answer. Let it finish, or stop it and ${cli ? `run "pilot-light refresh ${id}"` : "refresh again"}.`;
    case "shared":
      return `${state.with} uses the same login, so a refresh here may sign you out there. ${cli ? `"pilot-light allow ${id}" refreshes it anyway.` : "It is on hold until you decide."}`;
    case "oldCopy":
      return `An older copy of this login is back in the file. It is on hold until you decide${cli ? `: ${oldCopyStep(id, rescue)}` : ""}.`;
    case "wipedElsewhere":
      if (!state.kept)
        return `Another program emptied this login. ${signInStep(signInHint, rescue, "put our safe copy back")}`;
      return `Another program emptied this login. Sign in again (${signInHint}), or ${cli ? `put our safe copy back with "pilot-light allow ${id}"` : "put our safe copy back"}.`;
    case "signIn":
      return `${endSentence(state.reason)} ${signInStep(signInHint, rescue, "go back to the earlier login")}`;
    case "paused":
      return state.until === null
        ? "Pings are paused. Refreshing continues."
        : `Pings are paused until ${moment(state.until, now)}. Refreshing continues.`;
    case "unmanaged":
      return "Pilot Light does not support this provider and leaves this login alone.";
    case "unreadable":
      return `This login cannot be read: ${entryProblemWords(state.problem)}.`;
  }
}

/** @param rescue the command; null = there is nothing that it could put back. */
function oldCopyStep(id: string, rescue: string | null): string {
  const allow = `"pilot-light allow ${id}"`;
  return rescue === null
    ? `sign in again, or use it with ${allow}`
    : `sign in again, put our newest copy back with ${rescue}, or use the older one with ${allow}`;
}

function signInStep(hint: string, rescue: string | null, deed: string): string {
  if (rescue !== null) return `Sign in again (${hint}), or ${deed} with ${rescue}.`;
  return hint === "" ? "Sign in again." : `Sign in again: ${hint}.`;
}

/** @returns why a login has ended, one sentence. */
export function endSentence(reason: EndReason): string {
  return `${capital(endClause(reason))}.`;
}

/** @returns the same as a clause. */
export function endClause(reason: EndReason): string {
  switch (reason) {
    case "answerLost":
      return "an answer was lost, and the provider no longer accepts the login";
    case "deadline":
      return "the login reached its deadline";
    case "refused":
      return "the provider says this login has ended or its token was used elsewhere";
    case "olderCopy":
      return "the file holds an older copy, and the newer one is no longer kept";
  }
}

function retrySentence(why: Setback): string {
  const step = why.kind === "cannotReplace" ? ` ${REPLACE_STEP}` : "";
  return `Could not refresh, will try again: ${setbackWords(why)}.${step}`;
}

/** So long it is news that a login is back. */
const BACK_MS = 10 * 60_000;

/** @returns that the login was signed in again, "Signed in again, 8 s ago"; null where that is no news. */
export function signedInAgain(login: Login, now: number): string | null {
  const { signedInAt: at } = login;
  const weight = weightOf(login);
  if (at === undefined || Math.abs(now - at) > BACK_MS || (weight !== "well" && weight !== "paused")) return null;
  return `Signed in again, ${ago(at, now)}`;
}

/** What is said of a login whose access has expired while no keeper runs. */
export const UNKEPT =
  'Its access has expired and nothing is running to refresh it. Start Pilot Light, or run "pilot-light run".';

/** The same where Pilot Light is the window that it is read in. */
const UNKEPT_IN_WINDOW = "Its access has expired and nothing is running to refresh it.";

/** @returns why it cannot be seen whether logins are shared, one sentence. */
export function sharingUnseenSentence(unseen: SharingUnseen): string {
  switch (unseen.kind) {
    case "inKeychain":
      return `${unseen.program} keeps its login in the macOS keychain, so Pilot Light cannot tell whether it shares one of these logins.`;
    case "databaseTooLarge":
      return "OpenCode's database is too large to search, so Pilot Light cannot tell whether OpenCode 2 shares these logins.";
  }
}

/** What is said of a login that is well, and yet deserves a look. */
export const ACCOUNT_CHANGED =
  "The last refresh returned a different account. Check that this is the login you expect.";

/** @returns the login, with what is said of it in words for that reader. */
export function addressed(login: Login, { signInHint, now, reader }: Told): Login {
  return reader === "cli" ? login : { ...login, reason: windowSentence(login, signInHint, now) };
}

/** @returns the sentence about a login for the window, from what a keeper published; null when there is nothing to say. */
export function windowSentence(login: Login, signInHint: string, now: number): string | null {
  const told: Told = { id: login.id, signInHint, now, reader: "window" };
  const since = now;
  switch (login.state) {
    case "outcomeUnknown":
      return stateSentence({ name: "outcomeUnknown", since, next: login.nextRefreshAt }, told);
    case "shared":
      return stateSentence({ name: "shared", with: login.sharedWith ?? "Another program" }, told);
    case "oldCopy":
      return stateSentence({ name: "oldCopy", since }, told);
    case "wipedElsewhere":
      // A keeper of an older version does not say; its own sentence does.
      if (login.reasonKind === undefined) return login.reason;
      return stateSentence({ name: "wipedElsewhere", since, kept: login.reasonKind === "copyKept" }, told);
    case "signIn": {
      const reason = END_REASONS.find((each) => each === login.reasonKind);
      return reason === undefined ? login.reason : stateSentence({ name: "signIn", reason, since }, told);
    }
    case "due":
    case "paused":
      return login.reasonKind === "unkept" ? UNKEPT_IN_WINDOW : login.reason;
    default:
      // These name no command of ours.
      return login.reason;
  }
}
