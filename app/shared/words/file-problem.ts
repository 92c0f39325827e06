/** What is wrong with a credential file, in words: the same in status, run, doctor and window. Pure. */

import { codeWords } from "../data/errors.ts";
import type {
  EditProblem,
  EntryProblem,
  Fault,
  FilePlace,
  FileProblem,
  FileProblemKind,
  ReplaceProblem,
  WriteProblem,
} from "../login/file-problem.ts";
import type { Snapshot } from "../login/snapshot.ts";

/** @returns what is wrong, to follow "/path/auth.json: "; without a full stop. */
export function fileProblemWords(problem: FileProblem): string {
  switch (problem.kind) {
    case "noPermission":
      return `it cannot be read: ${codeWords(problem.code)}`;
    case "isFolder":
      return "it is a folder";
    case "noOrdinaryFile":
      return "it is not a regular file";
    case "fileInTheWay":
      return `it cannot be read: ${codeWords("ENOTDIR")}`;
    case "linkLoop":
      return `it cannot be read: ${codeWords("ELOOP")}`;
    case "notReadable":
      return `it cannot be read: ${codeWords(problem.code)}`;
    case "tooLarge":
      return "it is larger than 4 MB, too large for a credential file";
    case "beingWritten":
      return "another program keeps writing it";
    case "empty":
      return "it is empty";
    case "byteOrderMark":
      return "it starts with a byte order mark, which opencode cannot read";
    case "notUtf8":
      return "it is not UTF-8 text";
    case "notJson":
      return `it is cut off or not JSON (line ${problem.line}, column ${problem.column})`;
    case "tooDeep":
      return "it is nested too deeply to be a credential file";
    case "noObject":
      return "it contains no JSON object";
    case "keyTwice":
      return `the key ${quoted(problem.key)} is in it twice`;
    case "notVersion2":
      return "it has “version” and “providers”, but is not version 2 of the multi-account format";
    case "outOfShape":
      return faultWords(problem.place, problem.fault);
    case "idTwice":
      return `two logins in it have the id ${quoted(problem.id)}`;
    case "idOfProvider":
      return `a provider and a login in it have the id ${quoted(problem.id)}`;
    case "inKeychain":
      return `${placeWords(problem.place)} keeps its secrets in the system's keychain, so this file cannot be managed`;
  }
}

const FIX = "Fix it, or move it away and sign in again.";

/** @returns what to do about it, one sentence; null where the problem names its own step. */
export function fileProblemStep(kind: FileProblemKind): string | null {
  switch (kind) {
    case "noPermission":
      return "Make it and the folders above it readable for your user.";
    case "isFolder":
      return "Move that folder away, then sign in again.";
    case "noOrdinaryFile":
      return "Move it away, then sign in again.";
    case "fileInTheWay":
      return "Move that file away, then sign in again.";
    case "linkLoop":
      return "Point the link to a file, or remove it and sign in again.";
    case "notReadable":
      return "Remove what is in the way. Pilot Light then reads the file again.";
    case "beingWritten":
      return "Wait until the program that writes it is done.";
    case "inKeychain":
      return "Set the program that writes it to keep its secrets in the file.";
    case "tooLarge":
    case "empty":
    case "byteOrderMark":
    case "notUtf8":
    case "notJson":
    case "tooDeep":
    case "noObject":
    case "keyTwice":
    case "notVersion2":
    case "outOfShape":
    case "idTwice":
    case "idOfProvider":
      return FIX;
    case "ownNotes":
      return null;
  }
}

/** @returns what to do about the file of a snapshot; null where nothing is wrong or a keeper of an older version wrote it. */
export function stepFor({ problemKind }: Snapshot["file"]): string | null {
  return problemKind === undefined || problemKind === null ? null : fileProblemStep(problemKind);
}

/** @returns why the file cannot be replaced safely, a clause without a full stop. */
export function replaceProblemWords(problem: ReplaceProblem): string {
  switch (problem.kind) {
    case "hardLinks":
      return "it has more than one hard link, so it cannot be replaced safely";
    case "mounted":
      return "something is mounted on it, so it cannot be replaced safely";
    case "notTold":
      return `Pilot Light cannot tell whether it can be replaced safely: ${codeWords(problem.code)}`;
  }
}

/** What to do about a file that cannot be replaced safely. */
export const REPLACE_STEP = "Make it a plain file in its own folder, and mount or link that folder instead.";

/** @returns why the file was not written, a clause without a full stop. */
export function writeProblemWords(problem: WriteProblem): string {
  switch (problem.kind) {
    case "hardLinks":
    case "mounted":
    case "notTold":
      return replaceProblemWords(problem);
    case "missing":
      return codeWords("ENOENT");
    case "unusable":
      return fileProblemWords(problem.problem);
    case "protected":
      return "it is protected from changes";
    case "foreignOwner":
      return "it belongs to another user";
    case "noTempFile":
      return `no file can be created next to it: ${codeWords(problem.code)}`;
    case "formatLockBusy":
      return "another program is writing the file";
    case "keepsChanging":
      return "other programs keep changing the file";
    case "notEditable":
      return editProblemWords(problem.problem);
    case "failed":
      return codeWords(problem.code);
  }
}

/** @returns why the text of the file cannot be changed as asked, a clause without a full stop. */
export function editProblemWords(problem: EditProblem): string {
  switch (problem.kind) {
    case "noLogin":
      return `there is no login ${quoted(problem.id)} in it`;
    case "noEntry":
      return `there is no entry ${quoted(problem.id)} in it`;
    case "twice":
      return "one entry would be changed twice";
    case "onlyRefreshed":
      return "entries of the multi-account file are only refreshed, never added or removed";
    case "notOneValue":
      return `the new value of ${quoted(problem.id)} is not one JSON value`;
    case "keyMissing":
      return `the entry ${quoted(problem.id)} lacks the key ${quoted(problem.key)}`;
    case "badTime":
      return "a time to be written is not a whole number of milliseconds";
    case "unusable":
      return fileProblemWords(problem.problem);
    case "outcomeUnusable":
      return `the changed file would not be understood: ${fileProblemWords(problem.problem)}`;
    case "touchesMore":
      return "the change would have touched more than it should";
  }
}

/** @returns why an entry cannot be read, a clause without a full stop. */
export function entryProblemWords(problem: EntryProblem): string {
  switch (problem.kind) {
    case "notObject":
      return "it is not an object";
    case "noType":
      return "it has no “type”";
    case "noRefresh":
      return "its refresh token is missing or not text";
    case "noAccess":
      return "its access token is missing or not text";
    case "badExpires":
      return "its “expires” is not a whole number of milliseconds";
    case "notText":
      return `its ${quoted(problem.key)} is not text`;
    case "outOfShape":
      return "it is malformed";
  }
}

/** A key or an id, which the reader made harmless. */
function quoted(name: string): string {
  return `“${name}”`;
}

function placeWords(place: FilePlace): string {
  switch (place.kind) {
    case "file":
      return "it";
    case "provider":
      return `the provider ${quoted(place.name)}`;
    case "record":
      return `the login ${quoted(place.id)}`;
    case "unnamedRecord":
      return `login ${place.number} of ${quoted(place.provider)}`;
  }
}

function faultWords(place: FilePlace, { kind, at }: Fault): string {
  const where = placeWords(place);
  const what = at === "" ? where : place.kind === "file" ? `its ${quoted(at)}` : `${quoted(at)} of ${where}`;
  switch (kind) {
    case "unknownKey":
      return `${where} has the key ${quoted(at)}, which its format does not allow`;
    case "missingKey":
      return `${where} is missing the key ${quoted(at)}`;
    case "wrongValue":
      return `${what} has an unexpected value`;
    case "notObject":
      return `${what} is not an object`;
  }
}
