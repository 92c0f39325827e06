import { type ById, lookUp } from "./by-id.ts";

/** An error that ends as one plain sentence with a next step; `exitCode` by the table in README.md. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly exitCode: 1 | 2 | 3 | 4;
  constructor(message: string, exitCode: 1 | 2 | 3 | 4) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** @returns the POSIX code of a file or network error ("ENOENT"), or null. */
export function errorCode(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

const WORDS: ById<string> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EIO: "the disk reported an error",
  ENOTDIR: "a file is where a folder should be",
  EISDIR: "it is a folder",
  ELOOP: "its links go in a circle",
  ENOENT: "it does not exist",
  EMFILE: "too many files are open",
  EBUSY: "it is in use",
};

/** @returns what is said of a command that failed: the sentence of a `UserError`, of any other error only its plain reason. */
export function sentenceOfError(error: unknown): string {
  return error instanceof UserError ? error.message : `It did not work: ${plainReason(error)}. Try again.`;
}

/** @returns the kind of an error, for the log. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}

const MOST_FRAMES = 12;

/** @returns where in the program it happened, for the log; never what it says, which may quote a request. */
export function framesOf(error: unknown): string {
  const { stack = "", message } = error instanceof Error ? error : { message: "" };
  // It begins with the message, of which a line may look like a place.
  const lines = stack.slice(stack.indexOf(message) + message.length).split("\n");
  const frames = lines.filter((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line));
  return frames
    .slice(0, MOST_FRAMES)
    .map((line) => line.trim())
    .join(" ");
}

/** @returns a few words for people; never more of the error than its code, since messages may quote content. */
export function plainReason(error: unknown): string {
  return codeWords(errorCode(error));
}

/** @returns a POSIX code in a few words for people; null = an error that has none. */
export function codeWords(code: string | null): string {
  return code === null ? "an unexpected error" : (lookUp(WORDS, code) ?? code);
}
