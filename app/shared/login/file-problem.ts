/**
 * What can be wrong with a credential file, as data: closed unions. Their sentences and their next steps stand in
 * `words/file-problem.ts`. Names in them come out of the file, but are made harmless by the reader: short, on one line, and
 * never a value. Codes are POSIX codes ("EACCES"); null = an error that has none.
 */

/** Why a credential file cannot be used at all: nothing in it is shown, sent or written. */
export type FileProblem =
  | { readonly kind: "noPermission"; readonly code: "EACCES" | "EPERM" }
  | { readonly kind: "isFolder" }
  | { readonly kind: "noOrdinaryFile" }
  /** A file is where one of the folders above it should be. */
  | { readonly kind: "fileInTheWay" }
  | { readonly kind: "linkLoop" }
  | { readonly kind: "notReadable"; readonly code: string | null }
  | { readonly kind: "tooLarge" }
  | { readonly kind: "beingWritten" }
  | { readonly kind: "empty" }
  | { readonly kind: "byteOrderMark" }
  | { readonly kind: "notUtf8" }
  /** Where the text stops being JSON; both count from 1. */
  | { readonly kind: "notJson"; readonly line: number; readonly column: number }
  | { readonly kind: "tooDeep" }
  | { readonly kind: "noObject" }
  | { readonly kind: "keyTwice"; readonly key: string }
  | { readonly kind: "notVersion2" }
  | { readonly kind: "outOfShape"; readonly place: FilePlace; readonly fault: Fault }
  | { readonly kind: "idTwice"; readonly id: string }
  /** A record's id is also the name of a provider. */
  | { readonly kind: "idOfProvider"; readonly id: string }
  | { readonly kind: "inKeychain"; readonly place: FilePlace };

/** A part of the multi-account file. */
export type FilePlace =
  | { readonly kind: "file" }
  | { readonly kind: "provider"; readonly name: string }
  | { readonly kind: "record"; readonly id: string }
  /** A record without an id; `number` counts from 1. */
  | { readonly kind: "unnamedRecord"; readonly number: number; readonly provider: string };

/** How a value is out of shape; `at` = the key, dotted when nested; "" for the value itself. */
export interface Fault {
  readonly kind: "unknownKey" | "missingKey" | "wrongValue" | "notObject";
  readonly at: string;
}

/** Why a credential file that can be read cannot be replaced safely, so that nothing is refreshed. */
export type ReplaceProblem =
  | { readonly kind: "hardLinks" }
  | { readonly kind: "mounted" }
  /** It cannot be told. */
  | { readonly kind: "notTold"; readonly code: string | null };

/** Why a credential file was not written, or could not be. */
export type WriteProblem =
  | ReplaceProblem
  | { readonly kind: "missing" }
  | { readonly kind: "unusable"; readonly problem: FileProblem }
  | { readonly kind: "protected" }
  | { readonly kind: "foreignOwner" }
  | { readonly kind: "noTempFile"; readonly code: string | null }
  /** Another program holds the lock of the multi-account format. */
  | { readonly kind: "formatLockBusy" }
  | { readonly kind: "keepsChanging" }
  /** The change itself cannot be made: a defect, or a file that changed in between. */
  | { readonly kind: "notEditable"; readonly problem: EditProblem }
  | { readonly kind: "failed"; readonly code: string | null };

/** Why the text of a credential file cannot be changed as asked. */
export type EditProblem =
  | { readonly kind: "noLogin" | "noEntry"; readonly id: string }
  /** One entry is to be changed twice at once. */
  | { readonly kind: "twice" }
  /** An entry of the multi-account file is to be added or removed. */
  | { readonly kind: "onlyRefreshed" }
  /** The new value of an entry is not one JSON value. */
  | { readonly kind: "notOneValue"; readonly id: string }
  | { readonly kind: "keyMissing"; readonly id: string; readonly key: string }
  /** A time to be written is not a whole number of ms. */
  | { readonly kind: "badTime" }
  | { readonly kind: "unusable"; readonly problem: FileProblem }
  /** What it would become cannot be used. */
  | { readonly kind: "outcomeUnusable"; readonly problem: FileProblem }
  | { readonly kind: "touchesMore" };

/** Why one entry cannot be read; the others are served. */
export type EntryProblem =
  | { readonly kind: "notObject" }
  | { readonly kind: "noType" }
  | { readonly kind: "noRefresh" }
  | { readonly kind: "noAccess" }
  | { readonly kind: "badExpires" }
  | { readonly kind: "notText"; readonly key: "accountId" | "enterpriseUrl" }
  | { readonly kind: "outOfShape" };

/**
 * Every kind that `file.problemKind` of a snapshot can have. `ownNotes`: not the credential file but our own notes or the
 * settings cannot be used; the sentence names its step itself.
 */
export const FILE_PROBLEM_KINDS = [
  "noPermission",
  "isFolder",
  "noOrdinaryFile",
  "fileInTheWay",
  "linkLoop",
  "notReadable",
  "tooLarge",
  "beingWritten",
  "empty",
  "byteOrderMark",
  "notUtf8",
  "notJson",
  "tooDeep",
  "noObject",
  "keyTwice",
  "notVersion2",
  "outOfShape",
  "idTwice",
  "idOfProvider",
  "inKeychain",
  "ownNotes",
] as const satisfies readonly (FileProblem["kind"] | "ownNotes")[];

export type FileProblemKind = (typeof FILE_PROBLEM_KINDS)[number];

type NothingForgotten<T extends never> = T;
/** Fails to compile when a kind is missing in the list above. */
export type AllFileProblemsListed = NothingForgotten<Exclude<FileProblem["kind"], FileProblemKind>>;
