/** Safe copies, rescue and forget, in sentences for people. Pure. */

import { codeWords } from "../data/errors.ts";
import type { ForgetRefusal, KeptCopy, Rescuable, RescueObstacle } from "../login/kept.ts";
import type { PassOutcome, Said } from "../login/outcome.ts";
import type { Login } from "../login/snapshot.ts";
import { busyWords, didYouMean, withReason } from "./commands.ts";
import { fileProblemWords, writeProblemWords } from "./file-problem.ts";
import type { Reader } from "./state.ts";
import { moment } from "./times.ts";

// ---- rescue ----------------------------------------------------------------------------------------------------------

/** The window looks again by itself. */
function lookAgain(reader: Reader): string {
  return reader === "cli" ? ' Run "pilot-light rescue" to look again.' : "";
}

/** @param left it is still on offer. @returns what is answered to a rescue. */
export function rescueSentence(
  { commitFailed }: Extract<PassOutcome, { kind: "done" }>,
  left: boolean,
  after: Login | undefined,
  reader: Reader,
): Said {
  if (commitFailed !== null)
    return { sentence: `Nothing was put back: the file could not be written (${writeProblemWords(commitFailed)}).` };
  if (left || after === undefined)
    return { sentence: `Nothing was put back: the file has changed in the meantime.${lookAgain(reader)}` };
  return withReason("It is back in the file.", after);
}

/** @returns that a login is no longer on offer as it was. */
export function rescueChanged(id: string, reader: Reader): string {
  return `What was found for ${id} has changed in the meantime.${lookAgain(reader)}`;
}

/** @returns that a login cannot be put back, and why; one sentence. */
export function rescueRefused(id: string, obstacle: RescueObstacle): string {
  return `${id} cannot be put back: ${rescueObstacleWords(obstacle)}.`;
}

/** @returns why a login cannot be put back, a clause without a full stop. */
export function rescueObstacleWords(obstacle: RescueObstacle): string {
  switch (obstacle) {
    case "otherKind":
      return "another kind of entry is in its place";
    case "accountsFormat":
      return "a login is never added to a multi-account file; sign in again";
  }
}

const LOST: { readonly [K in Rescuable["why"]]: string } = {
  removed: "is no longer in the file",
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
  const pair = `The newest pair we keep of it is [${fingerprint.slice(0, FINGERPRINT_SHOWN)}], first seen ${moment(seenAt, now)}.`;
  const goesSoon = why === "replaced" || why === "ended" || why === "oldCopy";
  const kept = goesSoon ? `${pair} It is kept until the one in its place is refreshed.` : pair;
  const next = obstacle === null ? `"pilot-light rescue ${id}" puts it back.` : rescueRefused(id, obstacle);
  return [`${id} ${LOST[why]}${when}. ${kept}`, next];
}

/** That `rescue` has nothing to offer. */
export const NOTHING_TO_RESCUE = "There is nothing to put back: we keep nothing of a lost or overwritten login.";

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
      return `This puts ${pair} into ${id}. What is there now stays in our journal until that pair has been refreshed.`;
  }
}

/** What is asked before a rescue, and said where it is not done. */
export const RESCUE_WORDS = {
  question: "Continue? [y/N] ",
  nobodyToAsk: "Nothing was changed: there is no terminal to ask on. Add --yes to continue without being asked.",
  declined: "Nothing was changed.",
} as const;

/** @param offered ids that could be put back. @returns that of this one there is nothing, and which there are. */
export function unknownRescue(id: string, offered: readonly string[]): string {
  const hint =
    offered.length === 0 ? "" : didYouMean(id, offered, '"') || ` There is something for: ${offered.join(", ")}.`;
  return `There is nothing to put back for "${id}".${hint}`;
}

// ---- safe copies and forget ------------------------------------------------------------------------------------------

/** @param now ms. @returns of which removed login a safe copy is kept, until when, and how it goes at once. */
export function keptCopySentences({ id, erasedAt }: KeptCopy, now: number): readonly [kept: string, next: string] {
  const until = erasedAt <= now ? "the next pass" : moment(erasedAt, now);
  return [
    `A safe copy of ${id}, which was signed out, is kept until ${until}.`,
    `"pilot-light forget ${id}" erases it at once.`,
  ];
}

/** @param kept ids of which a safe copy is kept. @returns that no such login was removed, and which was meant or are kept. */
export function unknownCopy(id: string, kept: readonly string[]): string {
  const none = kept.length === 0 ? " No safe copy of a removed login is kept." : "";
  const hint = none || didYouMean(id, kept, '"') || ` Safe copies are kept of: ${kept.join(", ")}.`;
  return `There is no removed login "${id}".${hint}`;
}

/** What is answered to `forget`. */
export const FORGET_WORDS = {
  done: "Our safe copy of its tokens is erased. It can no longer be put back.",
  nothing: "No safe copy of it is kept any more.",
} as const;

/** @returns why a login is not forgotten, with the next step. */
export function forgetRefused(id: string, refusal: ForgetRefusal): string {
  switch (refusal.kind) {
    case "busy":
      return `Nothing was erased: ${busyWords(refusal.owner)}. Try again later.`;
    case "takenOver":
      return "Nothing was erased: another process took over. Try again.";
    case "failed":
      return `Not everything could be erased (${codeWords(refusal.code)}). Try again.`;
    case "fileUnusable":
      return `${refusal.path}: ${fileProblemWords(refusal.problem)}. It may still need our copy, so nothing was erased.`;
    case "inFile":
      return `${id} is still in the file, so its safe copy is needed. Sign out of it there first.`;
    case "fileMissing":
      return `${id} was not signed out (a missing file is no sign-out), so its safe copy stays.`;
    case "movedId":
      return `${id} was not signed out (its token is under another ID now), so its safe copy stays.`;
    case "olderCopyInFile":
      return `An older copy of it${refusal.at === id ? "" : ` (${refusal.at})`} is in the file and may need ours. Sign out of it there first.`;
    case "unknown":
      return unknownCopy(id, refusal.kept);
  }
}
