/** What the commands answer, in sentences for people. Pure. */

import type { KeptCopy, Rescuable } from "../login/kept.ts";
import type { PassOutcome, RefreshReport } from "../login/outcome.ts";
import { mayRefresh, RULES } from "../login/rules.ts";
import type { Account } from "../login/snapshot.ts";
import { didYouMean } from "./nearest.ts";
import { moment } from "./words.ts";

/** @returns what is answered to "Refresh now"; `before` is the login as it was when it was asked for. */
export function refreshSentence(before: Account, { result, newer, after }: RefreshReport): string {
  if (after === undefined) return "It is no longer in the file.";
  // It was not asked for now, so it must not read like an answer.
  if (result === null || !mayRefresh(before.state, true))
    return after.reason === null ? "Nothing was sent." : `Nothing was sent. ${after.reason}`;
  if (result.kind !== "done") return notDone(result);
  const done = result.redeemed.get(before.id);
  if (result.commitFailed !== null && done?.kind === "success") {
    return result.lost
      ? `The answer could be written nowhere and is lost (${result.commitFailed}); free some space, then refresh again.`
      : `The answer is safe in our journal, but the file could not be written: ${result.commitFailed}.`;
  }
  if (result.commitFailed !== null) return `Nothing was sent: the file could not be written (${result.commitFailed}).`;
  if (done?.kind === "success") return "Refreshed.";
  const { weight } = RULES[after.state];
  if (done === undefined && after.state === "outcomeUnknown" && after.reason !== null)
    return `Nothing was sent this time. ${after.reason}`;
  if (after.reason !== null && weight !== "well" && weight !== "paused") return after.reason;
  if (done?.kind === "adopted" || newer) return "A newer token is already in the file.";
  if (result.notesFailed !== null) return `Nothing was sent: ${result.notesFailed}.`;
  return "Nothing was sent; try again.";
}

/** @returns what is answered to `allow` of an old copy or an emptied entry. */
export function allowSentence(
  before: Account,
  after: Account | undefined,
  { commitFailed }: Extract<PassOutcome, { kind: "done" }>,
): string {
  if (after === undefined) return "It is no longer in the file.";
  if (commitFailed !== null)
    return `Nothing was put back: the file could not be written (${commitFailed}); our copy is kept.`;
  if (after.state === before.state) return "Nothing could be put back; sign in again.";
  return after.reason === null ? "It is used again." : `It is used again. ${after.reason}`;
}

/** @param left it is still on offer. @returns what is answered to a rescue. */
export function rescueSentence(
  { commitFailed }: Extract<PassOutcome, { kind: "done" }>,
  left: boolean,
  after: Account | undefined,
): string {
  if (commitFailed !== null) return `Nothing was put back: the file could not be written (${commitFailed}).`;
  if (left || after === undefined) return "Nothing was put back: the file has changed since; look again.";
  return after.reason === null ? "It is back in the file." : `It is back in the file. ${after.reason}`;
}

const LOST: { readonly [K in Rescuable["why"]]: string } = {
  removed: "is not in the file any more",
  emptied: "was emptied by another program",
  replaced: "was replaced by another sign-in",
  ended: "was replaced by another sign-in, which has ended",
  oldCopy: "was replaced by an old copy of it",
  newer: "has a newer pair in our journal than in the file",
};
const FINGERPRINT_SHOWN = 8;

/** @param now ms. @returns what happened to a login, what is kept of it, and what a rescue would do. */
export function rescuableSentences(
  { id, why, since, fingerprint, seenAt, obstacle }: Rescuable,
  now: number,
): readonly [lost: string, next: string] {
  const when = since === null ? "" : ` (${moment(since, now)})`;
  const pair = `Its newest pair that we keep is [${fingerprint.slice(0, FINGERPRINT_SHOWN)}], known since ${moment(seenAt, now)}`;
  const goesSoon = why === "replaced" || why === "ended" || why === "oldCopy";
  const kept = goesSoon ? `${pair}, and kept until the one in its place is refreshed.` : `${pair}.`;
  const next = obstacle === null ? `"pilot-light rescue ${id}" puts it back.` : `It cannot be put back: ${obstacle}.`;
  return [`${id} ${LOST[why]}${when}. ${kept}`, next];
}

/** @returns what a rescue is about to do, one sentence. */
export function rescuePlan({ id, why, fingerprint }: Rescuable): string {
  const pair = `the pair [${fingerprint.slice(0, FINGERPRINT_SHOWN)}]`;
  switch (why) {
    case "removed":
      return `This adds ${id} to the file again, with ${pair}.`;
    case "emptied":
      return `This puts ${pair} back into the emptied ${id}.`;
    case "newer":
      return `This puts ${pair} into ${id}, in place of the older one.`;
    case "replaced":
    case "ended":
    case "oldCopy":
      return `This puts ${pair} into ${id}; what is there now is kept in our journal until that pair has been refreshed.`;
  }
}

/** @param offered ids that could be put back. @returns that of this one there is nothing, and which there are. */
export function unknownRescue(id: string, offered: readonly string[]): string {
  const hint =
    offered.length === 0 ? "" : didYouMean(id, offered, '"') || ` Something is kept of: ${offered.join(", ")}.`;
  return `There is nothing to put back of "${id}".${hint}`;
}

/** @param deed what was to be done. @returns why a pass did nothing. */
export function notDone(result: Exclude<PassOutcome, { kind: "done" }>, deed: "sent" | "put back" = "sent"): string {
  return result.kind === "busy"
    ? `Nothing was ${deed}: another process (${result.owner}) works on the file; try again later.`
    : `Nothing was ${deed}: ${result.reason}.`;
}

/** @param known ids of the logins that there are. @returns that there is no such login, and which was meant or which there are. */
export function unknownId(id: string, known: readonly string[]): string {
  if (known.length === 0) return `There is no login "${id}": there is none at all.`;
  return `There is no login "${id}".${didYouMean(id, known, '"') || ` There are: ${known.join(", ")}.`}`;
}

/** @param kept ids of which a safe copy is kept. @returns that no such login was removed, and which was meant or are kept. */
export function unknownCopy(id: string, kept: readonly string[]): string {
  const none = kept.length === 0 ? " No safe copy of a removed login is kept." : "";
  const hint = none || didYouMean(id, kept, '"') || ` Safe copies are kept of: ${kept.join(", ")}.`;
  return `There is no removed login "${id}".${hint}`;
}

/** @param now ms. @returns of which removed login a safe copy is kept, until when, and how it goes at once. */
export function keptCopySentences({ id, erasedAt }: KeptCopy, now: number): readonly [kept: string, next: string] {
  const until = erasedAt <= now ? "the next pass" : moment(erasedAt, now);
  return [
    `A safe copy of ${id}, which was signed out, is kept until ${until}.`,
    `"pilot-light forget ${id}" erases it at once.`,
  ];
}
