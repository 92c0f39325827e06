/** What a person can do about a credential file: the same words in status, run, doctor and window. Pure. */
import type { Source } from "../settings.ts";

/** The first that fits counts. Anchored, for a problem may quote keys of the file. */
const STEPS: readonly (readonly [problem: RegExp, step: string])[] = [
  [/^it cannot be read: (permission denied|not permitted)$/, "Make it, and the folders above it, readable for you."],
  [/^(it cannot be read: )?it is a folder$/, "Move that folder away, then sign in again."],
  [/^it is no ordinary file$/, "Move it away, then sign in again."],
  [/^it cannot be read: a file stands where a folder should be$/, "Move that file away, then sign in again."],
  [/^it cannot be read: its links go in a circle$/, "Let the link lead to a file, or remove it and sign in again."],
  [/^it cannot be read: /, "Mend what is in the way; the file is read again by itself."],
  [/^it is being written without a pause$/, "Wait until the program that writes it is done."],
  [
    /^(it|something) .*replaced safely(:|$)/,
    "Let it be a plain file in a folder of its own, and mount or link that folder instead.",
  ],
];

/**
 * @param problem why a credential file cannot be used or replaced, as a reading says it.
 * @returns what to do, as one sentence; null for a problem of our own notes or settings, which names its step itself.
 */
export function nextStepForFile(problem: string): string | null {
  // Of the file they are said after its path, so they begin small.
  if (/^\p{Lu}/u.test(problem)) return null;
  return STEPS.find(([pattern]) => pattern.test(problem))?.[1] ?? "Mend it, or put it aside and sign in again.";
}

/** @returns how the credential file comes to hold a login, without a full stop; `from` = who named the file. */
export function howToSignIn(from: Source): string {
  return from === "default" ? "Sign in with: opencode auth login" : "Sign in so that your tool writes this file";
}
