/** What is said of the credential file and of who keeps it alive: the same in `status`, `run` and window. Pure. */
import type { Snapshot } from "../login/snapshot.ts";
import type { Source } from "../settings.ts";
import { stepFor } from "./file-problem.ts";
import { capital, moment } from "./words.ts";

/** @returns how the credential file comes to hold a login, a clause without a full stop; `from` = who named the file. */
export function howToSignIn(from: Source): string {
  return from === "default" ? "sign in with: opencode auth login" : "sign in with the tool that writes this file";
}

/** @returns the same as a line of its own. A command is copied, so nothing follows it. */
export function signInLine(from: Source): string {
  return capital(howToSignIn(from)) + (from === "default" ? "" : ".");
}

/** @returns the file's name where it is opencode's own. */
export function fileWord(from: Source): string {
  return from === "default" ? "auth.json" : "credential file";
}

/** @returns why the file cannot be used, one sentence that names it; "" where it can. */
export function fileProblemSentence({ path, problem, problemKind }: Snapshot["file"]): string {
  if (problem === null) return "";
  // Of our own notes the problem is a sentence already, and names the file that it is about.
  return problemKind === "ownNotes" ? problem : `${path}: ${problem}.`;
}

/** @returns the same, then that the file was left alone and what to do; as sentences. */
export function fileProblemText(file: Snapshot["file"]): string {
  return [fileProblemSentence(file), "Nothing was written.", stepFor(file)].filter(Boolean).join(" ");
}

/** @returns who keeps the logins alive, one sentence. */
export function keeperSentence({ keeper, generatedAt: now }: Pick<Snapshot, "keeper" | "generatedAt">): string {
  if (!keeper.running) return 'No keeper is running. Start one with "pilot-light run".';
  return `Kept alive by pid ${keeper.pid ?? "?"}${keeper.since === null ? "" : ` since ${moment(keeper.since, now)}`}.`;
}
