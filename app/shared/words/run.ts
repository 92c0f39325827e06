/** What `pilot-light run` says while it runs, in a few words each. Pure. */
import type { Login, RefreshOutcome } from "../login/snapshot.ts";
import type { LoginTransition, Transition } from "../login/transitions.ts";
import type { Source } from "../settings.ts";
import { PING_WORDS } from "./commands.ts";
import { stepFor } from "./file-problem.ts";
import { STATE_WORDS } from "./state.ts";
import { fileProblemSentence, fileWord, howToSignIn, otherKeeper, WAITING_TO_END } from "./status.ts";
import { inTime } from "./times.ts";

/** What became of a refresh, as news. */
const REFRESH_NEWS: Readonly<Record<RefreshOutcome, string>> = {
  refreshed: "refreshed",
  adopted: "a newer login was found in the file",
  transient: "not refreshed this time",
  "rate-limited": "not refreshed: the provider says to wait",
  unknown: "the answer to a refresh was lost",
  rejected: "the provider says this login has ended",
};

/** @returns what is new about the file. */
export function fileNews({ kind, file }: Exclude<Transition, LoginTransition>, from: Source): string {
  switch (kind) {
    case "fileUnusable":
      return [fileProblemSentence(file), "Nothing is refreshed or written.", stepFor(file)].filter(Boolean).join(" ");
    case "fileMissing":
      return `no ${fileWord(from)} yet; ${howToSignIn(from)}`;
    case "fileUsable":
      return `${from === "default" ? "" : "the "}${fileWord(from)} can be read`;
  }
}

/** @param now ms. @returns what came of a refresh and, where it went well, when the next one is. */
export function refreshNews(outcome: RefreshOutcome, login: Login, now: number): string {
  return REFRESH_NEWS[outcome] + (isNewPair(outcome) ? coming(", next", login, now) : "");
}

/** Did it end with a newer pair in the file? */
export function isNewPair(outcome: RefreshOutcome): boolean {
  return outcome === "refreshed" || outcome === "adopted";
}

/** @param now ms. @returns how a login is: its sentence, or its state and when it is refreshed. */
export function stateNews(login: Login, now: number): string {
  const { state, reason } = login;
  if (reason !== null) return reason;
  const passes = state === "due" || state === "refreshing";
  return `${STATE_WORDS[state]}${passes ? "" : coming(", refreshes", login, now)}`;
}

/** @returns what came of a ping. */
export function pingNews({ mode, outcome }: NonNullable<Login["lastPing"]>): string {
  return `ping (${mode}): ${PING_WORDS[outcome]}`;
}

/** What is said of a login that has gone from the file. */
export const GONE_NEWS = "no longer in the file";

/** ", next in 6 h"; nothing where no time is known or it has come. */
function coming(before: string, { nextRefreshAt: at }: Login, now: number): string {
  return at === null || at <= now ? "" : `${before} ${inTime(at, now)}`;
}

/** What message pings of one provider ask, and where; for people. */
export interface PingPlace {
  readonly apiUrl: string;
  readonly pingTarget: string;
}

/** What is known of what a ping does for a login. */
export const PINGS_PROVE_NOTHING = "There is no proof that a ping keeps a login alive; that is what refreshing is for.";

/** What can be chosen, with the command that does, and what a day of it costs each login. */
export const PING_CHOICES = [
  { command: "pilot-light settings set ping.mode message", costs: "500 to 1,000 tokens a day" },
  { command: "pilot-light settings set ping.mode profile", costs: "no tokens" },
  { command: "pilot-light settings set ping.mode off", costs: "no pings, no tokens" },
] as const;

/** @param first when the first one leaves. @returns the notice about message pings, told once before the first one. */
export function pingNotice(places: readonly PingPlace[], dailyTokens: number, first: string): string {
  const asked = places.map(({ apiUrl, pingTarget }) => `${apiUrl} (${pingTarget}, at most 5 tokens in reply)`);
  return (
    `About pings: every 30 minutes each healthy login sends the one word "ping" to ${asked.join(" or ")}. ` +
    `That costs about 15 tokens each time, at most ${dailyTokens} a day per login. The provider's terms restrict what ` +
    "other programs may do with these logins. The provider may refuse pings, charge for them or object, so please read " +
    `the terms. ${PINGS_PROVE_NOTHING} Refreshing does not wait for pings. The first ping leaves ${first}, unless you choose otherwise:`
  );
}

/** What a keeper says of itself. */
export const RUN_WORDS = {
  watching: "watching",
  keeping: "keeping these logins alive",
  stopping: "stopping",
  waiting: WAITING_TO_END,
  /** When the first message ping leaves. */
  firstPing: { keeper: "in a minute", onePass: "with a later pass" },
} as const;

/** @returns the lines at the start, on a terminal. */
export function runHead(version: string, authFile: string, stateDir: string): string {
  return `Pilot Light ${version}\nWatching ${authFile}\nState in ${stateDir}\nCtrl+C stops it.`;
}

/** @returns that another process is the keeper, one sentence. */
export function viewerNews(keeperPid: number | null): string {
  return `${otherKeeper(keeperPid)}; showing its status.`;
}

/** @returns that one full pass left a login due, one sentence. */
export function stillDue(id: string): string {
  return `${id} is still due: this pass did not get to it. The next one tries again.`;
}

/** @param problem a sentence on the settings. @returns what waits until the notice about pings could be noted. */
export function noticeNotNoted(problem: string): string {
  return `${problem} Message pings wait for that; refreshing does not.`;
}

// ---- the demo --------------------------------------------------------------------------------------------------------

const DEMO = "four made-up logins and a provider inside this process; nothing of yours is read, changed or sent";

/** What `pilot-light demo` says; `news` and `over` are lines of `run`. */
export const DEMO_WORDS = {
  intro: `This is a demo: ${DEMO}.`,
  news: `a demo: ${DEMO}`,
  over: "the demo has ended; its folder is removed",
  logins: [
    "work, home  are refreshed every minute",
    "team        is told to wait after a few seconds, for 3 minutes",
    "laptop      ends after half a minute and needs a sign-in",
  ],
} as const;

/** @param look the command. @returns where a demo is, and how to look at it; a line each. */
export function demoPlace(folder: string, look: string): readonly string[] {
  return [`It is in ${folder}, which is removed at the end.`, "To look at it from another terminal:", `  ${look}`];
}
