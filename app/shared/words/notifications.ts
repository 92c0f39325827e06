/** What notifications say: a title and one or two sentences that stand without buttons. No token, no address. Pure. */

import type { NotificationKind } from "../login/notifications.ts";
import type { PingStop } from "../login/ping.ts";
import { weightOf } from "../login/rules.ts";
import type { Login, Snapshot } from "../login/snapshot.ts";
import { END_REASONS, type EndReason } from "../login/states.ts";
import { pingStopSentence } from "./commands.ts";
import { stepFor } from "./file-problem.ts";
import { calledAmong } from "./status.ts";
import { capital, moment, roughSpan } from "./times.ts";
import { visible } from "./visible.ts";

export interface NotificationText {
  readonly title: string;
  readonly body: string;
}

/** What each kind is about, for the settings. */
export const NOTIFICATION_WORDS: Readonly<Record<NotificationKind, string>> = {
  signIn: "a login needs a sign-in",
  decision: "a login needs a decision",
  deadline: "a login ends in 7, 3 or 1 days",
  failing: "access has expired and refreshing fails for 2 hours",
  files: "the credential file or our own files cannot be used",
  pings: "message pings stopped",
  unexpected: "something went wrong in Pilot Light itself",
};

const OTHERS_WELL = "Others are not affected.";

/** @param now wall ms. */
export function signInText(login: Login, all: readonly Login[], now: number): NotificationText {
  const reason = END_REASONS.find((each) => each === login.reasonKind) ?? "refused";
  const othersAreWell = all.every((each) => each.id === login.id || weightOf(each) === "well") && all.length > 1;
  return {
    title: `${calledAmong(login, all)} needs a sign-in`,
    body: [endedAt(reason, login.lastRefresh?.at ?? null, now), ...(othersAreWell ? [OTHERS_WELL] : [])].join(" "),
  };
}

function endedAt(reason: EndReason, at: number | null, now: number): string {
  const when = at === null ? "" : ` at ${moment(at, now)}`;
  switch (reason) {
    case "answerLost":
      return `An answer was lost, and the provider ended this login${when}.`;
    case "deadline":
      return "It reached the provider's deadline.";
    case "refused":
      return `The provider ended this login${when}.`;
    case "olderCopy":
      return "The file holds an older copy, and the newer one is no longer kept.";
  }
}

/** A login on which a person must decide. */
export function decisionText(
  state: "oldCopy" | "wipedElsewhere" | "shared",
  login: Login,
  all: readonly Login[],
): NotificationText {
  const name = calledAmong(login, all);
  switch (state) {
    case "oldCopy":
      return {
        title: `${name}: an old copy is back`,
        body: "An older copy of this login is back in the file. It is on hold until you decide.",
      };
    case "wipedElsewhere":
      return {
        title: `${name} was emptied`,
        body:
          login.reasonKind === "copyKept"
            ? "Another program emptied this login. Pilot Light keeps a copy that you can put back."
            : "Another program emptied this login. Sign in again.",
      };
    case "shared":
      return {
        title: `${name} is shared`,
        body: `${visible(login.sharedWith ?? "Another program")} uses the same login. It is on hold until you decide.`,
      };
  }
}

/** @param end the provider's deadline; wall ms, as `now`. */
export function deadlineText(login: Login, all: readonly Login[], end: number, now: number): NotificationText {
  return {
    title: `${calledAmong(login, all)} ends in ${roughSpan(end - now)}`,
    body: `The provider ends this login ${momentClause(end, now)}. Refreshing does not move that; a new sign-in does.`,
  };
}

function momentClause(at: number, now: number): string {
  const words = moment(at, now);
  return /^\d\d:/.test(words) ? `at ${words}` : `on ${words}`;
}

/** Its access has expired and refreshing fails. */
export function failingText(login: Login, all: readonly Login[], now: number): NotificationText {
  const since = login.accessExpiresAt === null ? "" : ` since ${moment(login.accessExpiresAt, now)}`;
  return {
    title: `${calledAmong(login, all)} cannot be refreshed`,
    body: `Its access has been expired${since}. ${visible(login.reason ?? "Pilot Light keeps trying.")}`,
  };
}

/** The keeper cannot work at all. @param problem one sentence with its next step. */
export function cannotWorkText(problem: string): NotificationText {
  return { title: "Pilot Light cannot keep your logins alive", body: visible(problem) };
}

/** The credential file, or our own notes, cannot be used. The path is in the window. */
export function fileText(file: Snapshot["file"]): NotificationText {
  const step = stepFor(file);
  const problem = capital(visible(file.problem ?? "it cannot be used"));
  return {
    title:
      file.problemKind === "ownNotes" ? "Pilot Light cannot use its own files" : "The credential file cannot be used",
    body: `${problem}. ${step ?? "Nothing is refreshed until it can be used again."}`,
  };
}

const UNEXPECTED = "Something went wrong in Pilot Light";

/** An error that nobody expected met the app. @param isKept whether logins are still kept alive. */
export function unexpectedText(isKept: boolean): NotificationText {
  const state = isKept ? "Your logins are still kept alive." : "Your logins are not kept alive yet.";
  return { title: UNEXPECTED, body: `${state} If it looks odd, quit and start it again; the log says more.` };
}

/** Message pings stopped by themselves. */
export function pingStopText(login: Login, all: readonly Login[], stop: PingStop): NotificationText {
  return { title: `${calledAmong(login, all)}: message pings stopped`, body: pingStopSentence(stop) };
}

/** @returns one text for several of one kind that are told at once; for one of them its own. */
export function togetherText(kind: NotificationKind, texts: readonly (() => NotificationText)[]): NotificationText {
  const [only, ...more] = texts;
  if (only !== undefined && more.length === 0) return only();
  const titles = texts.slice(0, MOST_TITLES).map((text) => text().title);
  const rest = texts.length - titles.length;
  const body = [...titles, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n");
  return { title: TOGETHER[kind](texts.length), body };
}

const MOST_TITLES = 10;

const TOGETHER: Readonly<Record<NotificationKind, (count: number) => string>> = {
  signIn: (count) => `${count} logins need a sign-in`,
  decision: (count) => `${count} logins need a decision`,
  deadline: (count) => `${count} logins end soon`,
  failing: (count) => `${count} logins cannot be refreshed`,
  files: () => "Pilot Light cannot keep your logins alive",
  pings: (count) => `Message pings stopped for ${count} logins`,
  unexpected: () => UNEXPECTED,
};
