/** What the commands answer and what became of pings, in sentences for people. Pure. */

import { plainReason } from "../data/errors.ts";
import { listed } from "../data/listed.ts";
import type { Named } from "../data/named.ts";
import { nearestWord } from "../data/nearest.ts";
import type { PassOutcome, RefreshReport, Said } from "../login/outcome.ts";
import type { PingStop, PingWhy } from "../login/ping.ts";
import { mayRefresh, RULES, weightOf } from "../login/rules.ts";
import type { Login, PingOutcome } from "../login/snapshot.ts";
import { writeProblemWords } from "./file-problem.ts";
import { passProblemWords } from "./setback.ts";
import { moment } from "./times.ts";

type Done = Extract<PassOutcome, { kind: "done" }>;

/** @returns the answer, and that it told why the login is in its state. */
function saying(sentence: string, { state, reasonKind = null }: Login): Said {
  return { sentence, tells: { state, reasonKind } };
}

/** @returns what is answered to "Refresh now"; `before` is the login as it was when it was asked for. */
export function refreshSentence(before: Login, { result, newer, after }: RefreshReport): Said {
  if (after === undefined) return GONE;
  // It was not asked for now, so it must not read like an answer.
  if (result === null || !mayRefresh(before.state, true))
    return after.reason === null
      ? { sentence: "Nothing was sent." }
      : saying(`Nothing was sent. ${after.reason}`, after);
  if (result.kind !== "done") return { sentence: notDone(result) };
  const done = result.redeemed.get(before.id);
  if (result.commitFailed !== null) {
    const why = writeProblemWords(result.commitFailed);
    if (done?.kind !== "success") return { sentence: `Nothing was sent: the file could not be written (${why}).` };
    return {
      sentence: result.lost
        ? `The answer could not be written anywhere and is lost (${why}). Free some space, then refresh again.`
        : `The answer is safe in our journal, but the file could not be written: ${why}.`,
    };
  }
  if (done?.kind === "success") return { sentence: "Refreshed." };
  const { weight } = RULES[after.state];
  if (done === undefined && after.state === "outcomeUnknown" && after.reason !== null)
    return saying(`Nothing was sent this time. ${after.reason}`, after);
  if (after.reason !== null && weight !== "well" && weight !== "paused") return saying(after.reason, after);
  if (done?.kind === "adopted" || newer) return { sentence: "A newer token is already in the file." };
  if (result.notesFailed !== null) return { sentence: `Nothing was sent: ${passProblemWords(result.notesFailed)}.` };
  return { sentence: "Nothing was sent. Try again." };
}

const GONE: Said = { sentence: "It is no longer in the file." };

/** What is answered to `disallow`. */
export const DISALLOWED = "It is no longer refreshed while another program uses it.";

/** @param other the program that uses it as well. @returns what is answered to `allow` of a shared login. */
export function allowSharedSentence(other: string, after: Login | undefined): Said {
  const sentence = `From now on it is refreshed here, which may sign you out in ${other}.`;
  return after === undefined ? GONE : unlessWell(sentence, after);
}

/** @returns what is answered to `allow` of a login that is not on hold. */
export function nothingToAllow(login: Login | undefined): Said {
  if (login === undefined) return GONE;
  return unlessWell("There is nothing to allow: this login is not on hold.", login);
}

/** The sentence, followed by why the login is not well, if it is not. */
function unlessWell(sentence: string, login: Login): Said {
  const weight = weightOf(login);
  return weight === "well" || weight === "paused" ? { sentence } : withReason(sentence, login);
}

/** @returns what is answered to a refresh that did not name a login which has ended: it is tried only by its name. */
export function endedUnnamed({ id, reason }: Login): string {
  const why = reason === null ? "" : `${reason} `;
  return `Nothing was sent. ${why}"pilot-light refresh ${id}" tries once more.`;
}

/** @returns what is answered to `allow` of an old copy or an emptied login. */
export function allowSentence(before: Login, after: Login | undefined, { commitFailed }: Done): Said {
  if (after === undefined) return GONE;
  if (commitFailed !== null) {
    const why = writeProblemWords(commitFailed);
    return { sentence: `Nothing was put back: the file could not be written (${why}). Our copy is kept.` };
  }
  if (after.state === before.state) return { sentence: "Nothing could be put back. Sign in again." };
  return withReason(before.state === "oldCopy" ? "The old copy is in use again." : "It is back in use.", after);
}

/** @returns the sentence, followed by the one on the login's state if there is one. */
export function withReason(sentence: string, login: Login): Said {
  return login.reason === null ? { sentence } : saying(`${sentence} ${login.reason}`, login);
}

/** @param until ms; null = until resumed; undefined = they are resumed. @returns what is answered to a pause of pings. */
export function pauseSentence(until: number | null | undefined, now: number): string {
  if (until === undefined) return "Pings are on again.";
  return `Pings are paused${until === null ? "" : ` until ${moment(until, now)}`}. Refreshing continues.`;
}

// ---- pings -----------------------------------------------------------------------------------------------------------

/** What became of a ping. */
export const PING_WORDS: Readonly<Record<PingOutcome, string>> = {
  ok: "ok",
  refused: "refused",
  "rate-limited": "rate-limited",
  unauthorized: "not authorized",
  "no-model": "the model is gone",
  unreachable: "no answer",
  skipped: "skipped",
};

/** @returns why message pings stopped, one sentence with what to do or what goes on. */
export function pingStopSentence(stop: PingStop): string {
  switch (stop.kind) {
    case "notOffered":
      return `Message pings stopped: the provider no longer offers ${stop.target}; choose another model in the settings.`;
    case "paidSeparately":
      return "Message pings stopped: the provider charges for them separately; profile checks continue.";
    case "againstPolicy":
      return "Message pings stopped: the provider's policy does not allow them with this login; profile checks continue.";
  }
}

/** @returns what is answered to "Ping now". */
export function pingSentence(outcome: PingOutcome, why: PingWhy): string {
  return `Ping: ${PING_WORDS[outcome]}. ${pingWhyWords(why)}`;
}

function pingWhyWords(why: PingWhy): string {
  switch (why.kind) {
    case "messagesStopped":
      return pingStopSentence(why.stop);
    case "ok":
      return "The provider answered.";
    case "refused":
      return "The provider refused the ping. The login itself is not affected.";
    case "rate-limited":
      return "The provider limits pings. The login itself is not affected.";
    case "unauthorized":
      return "The provider refused the access token. The next pass refreshes it.";
    case "no-model":
      return "The model used for pings no longer exists.";
    case "unreachable":
      return "The provider could not be reached.";
    case "noLogin":
      return "There is no login here to ping.";
    case "off":
      return "Pings are off.";
    case "paused":
      return "Pings are paused.";
    case "noAccess":
      return "It has no access token yet.";
    case "dailyLimit":
      return "The daily token limit for pings has been reached.";
    case "noticeYoung":
      return "Message pings start one minute after you have seen the first-run notice.";
    case "noSuchPing":
      return "This provider does not support this kind of ping.";
    case "leaving":
      return "The system is about to sleep or shut down.";
    case "stopped":
      return "The ping was cancelled.";
  }
}

// ---- what did not work ------------------------------------------------------------------------------------------------

/** @param deed what was to be done. @returns why a pass did nothing. */
export function notDone(result: Exclude<PassOutcome, { kind: "done" }>, deed: "sent" | "put back" = "sent"): string {
  return result.kind === "busy"
    ? `Nothing was ${deed}: ${busyWords(result.owner)}. Try again later.`
    : `Nothing was ${deed}: ${passProblemWords(result.problem)}.`;
}

/** @param owner of the lock, for people. @returns that it is at work, a clause without a full stop. */
export function busyWords(owner: string): string {
  return `another process (${owner}) is working on the file`;
}

/**
 * @param known the logins that there are.
 * @returns that there is no such login, and which was meant or which there are.
 */
export function unknownId(id: string, known: readonly Named[]): string {
  if (known.length === 0) return `There is no login "${id}": there are no logins.`;
  const names = known.flatMap((login) => [login.id, login.label]);
  const hint = didYouMean(id, names, '"') || ` Known logins: ${known.map(calledBy).join(", ")}.`;
  return `There is no login "${id}".${hint}`;
}

/** @returns that a word fits several logins, and which. */
export function severalFit(typed: string, candidates: readonly Named[]): string {
  return `"${typed}" fits several logins. Which one: ${listed(candidates.map(calledBy))}?`;
}

/** With its label, unless that only repeats the ID: a login that was given none is called by the end of it. */
function calledBy({ id, label }: Named): string {
  return id.endsWith(label.replace(/^.* · …?/, "")) ? id : `${id} (${label})`;
}

/** `Did you mean "…"?` with a leading space, or nothing. */
export function didYouMean(typed: string, words: readonly string[], quote = ""): string {
  const near = nearestWord(typed, words);
  return near === null ? "" : ` Did you mean ${quote}${near}${quote}?`;
}

/** @returns that a login must be named, and which there are. */
export function whichLogin(logins: readonly Named[]): string {
  return `Which login? Name one or more of ${logins.map(calledBy).join(", ")}, or use --all.`;
}

/** @returns that a command cannot do without the id of a login. */
export function idNeeded(command: string): string {
  return `${command} needs the ID of a login.`;
}

/** @param name of an error that nobody foresaw. */
export function unexpectedSentence(name: string): string {
  return `Something unexpected went wrong (${name}); try again, or look closer with --log-level debug.`;
}

// ---- settings --------------------------------------------------------------------------------------------------------

/** The head of the list of settings. */
export const SETTINGS_HEAD = ["KEY", "FROM", "VALUE"] as const;

/** @returns that the settings have no such key, and which was meant. */
export function unknownSetting(name: string, known: readonly string[]): string {
  return `There is no setting "${name}".${didYouMean(name, known, '"') || ' "pilot-light settings" lists them.'}`;
}

/** @param what which key has which value and what it can be (`wrongSetting`). */
export function settingRefused(what: string): string {
  return `Nothing was changed: ${what}.`;
}

/** @param value as it is shown. @param atStart a running keeper takes it at its next start. @returns that it is set now. */
export function settingSet(name: string, value: string, atStart: boolean): string {
  return `${name} is now ${value}.${atStart ? LATER : ""}`;
}

/** @returns that a key is no longer in the file, and what counts instead. */
export function settingUnset(name: string, value: string | null, atStart: boolean): string {
  return `${name} is no longer set${value === null ? "" : `; it is ${value} by default`}.${atStart ? LATER : ""}`;
}

const LATER = " A running keeper uses it from its next start on.";

/** What `settings` can be asked. */
export const SETTINGS_USAGE = 'settings takes "get KEY", "set KEY VALUE", "unset KEY", "path", or nothing.';

// ---- logs ------------------------------------------------------------------------------------------------------------

/** @returns that nothing was logged yet, and where it would be. */
export function noLog(path: string): string {
  return `There is no log yet at ${path}.`;
}

/** @returns why the log cannot be read. */
export function logUnreadable(path: string, error: unknown): string {
  return `The log ${path} cannot be read: ${plainReason(error)}.`;
}

/** @returns what came of `open`, one sentence with its next step. */
export function openSentence(answer: "opened" | "noApp" | "silent" | "tooLong", stateDir: string): string {
  switch (answer) {
    case "opened":
      return "The window is open.";
    case "noApp":
      return "The app does not run here, so it has no window to show. Start Pilot Light from your menu.";
    case "silent":
      return 'The app did not answer. "pilot-light logs" may say why; quit it from its tray menu and start it again.';
    case "tooLong":
      return `The path of the state folder ${stateDir} is too long for this. Open the window from the tray.`;
  }
}
