import type { EntryProblem, FileProblem, ReplaceProblem, WriteProblem } from "../shared/login/file-problem.ts";
import type { SharingUnseen } from "../shared/login/sharing.ts";
/** One generation: what a token answer gives and a credential file holds. `expires` in ms since the epoch. */
export interface Pair {
  readonly access: string;
  readonly refresh: string;
  readonly expires: number;
}

export type Entry =
  | {
      readonly kind: "oauth";
      readonly id: string;
      readonly provider: string;
      readonly label: string;
      readonly pair: Pair;
    }
  /** An oauth entry out of shape (flat file only). */
  | {
      readonly kind: "unreadable";
      readonly id: string;
      readonly provider: string;
      readonly label: string;
      readonly why: EntryProblem;
    }
  /** An API key, a well-known token, a type that we do not know: no login, never touched, not shown. */
  | { readonly kind: "other"; readonly id: string; readonly provider: string; readonly label: string };

export interface GoodReading {
  readonly kind: "good";
  readonly format: "flat" | "accounts";
  readonly entries: readonly Entry[];
  readonly text: string;
  /** Why this file cannot be replaced safely (mount point, hard links, owner), or null. */
  readonly cannotReplace: ReplaceProblem | null;
}

export type Reading =
  | GoodReading
  | { readonly kind: "missing" }
  /** Nothing may be written. */
  | { readonly kind: "problem"; readonly problem: FileProblem };

/**
 * Puts `pair` into the record `id`, provided that it still holds the refresh token `from`; null = provided that there is no such
 * entry, which is then added (flat file only).
 */
export interface PairChange {
  readonly id: string;
  readonly from: string | null;
  readonly pair: Pair;
}

export type CommitResult =
  /** The changed file is durable. */
  | { readonly kind: "written"; readonly reading: GoodReading }
  /** `plan` found nothing to change in what stands there now. */
  | { readonly kind: "nothing"; readonly reading: Reading }
  /** Not written; may be tried again. */
  | { readonly kind: "failed"; readonly problem: WriteProblem };

/** Asked again for each fresh reading, since the file may change at any time: which changes does it still need? */
export type ChangePlan = (reading: GoodReading) => readonly PairChange[] | Promise<readonly PairChange[]>;

/** All writes of one stay under the lock, and the watch over them (I2, I4, I9). */
export interface WriteSession {
  /** Removes temp files, and the format's lock, that a process of ours left when it died; only under the lock. Never throws. */
  tidy(): Promise<void>;
  /** Makes sure that a commit can succeed: temp file in the target's folder with room, owner, mode. */
  prepare(): Promise<{ readonly kind: "ready" } | { readonly kind: "cannot"; readonly problem: WriteProblem }>;
  /** Takes the format's own lock where it has one: "busy" -> try later. Plans on a fresh reading, then replaces the file. */
  commit(plan: ChangePlan): Promise<CommitResult>;
  /**
   * Looks at the path and at every inode that this session replaced until `ms` after the last write; merges what others
   * wrote into orphans, puts back what a stale writer undid, and asks `plan` at each change. Does nothing if nothing was written.
   */
  watch(ms: number, plan: ChangePlan, isSpent: (refresh: string) => boolean): Promise<void>;
  /** Removes the temp file, closes the kept inodes. */
  close(): Promise<void>;
}

export interface CredentialFile {
  /** The path as asked for, absolute. */
  readonly path: string;
  /** Where it really stands (through symlinks), even if it is missing. */
  realPath(): Promise<string>;
  /** The lock beside the real file. */
  lockPath(): Promise<string>;
  /** A bounded, stable read: content that is being written is read again for a moment before it is judged. */
  read(): Promise<Reading>;
  openSession(): WriteSession;
  /** Calls after each possible change. Returns the stop. */
  watch(onChange: () => void): () => void;
}

/** Tells whether other programs hold the same grants. */
export interface SharedLogins {
  /** By refresh token: with whom it is shared. `all` = everything in the file is. `unseen` = why that could not be told. */
  read(): Promise<{
    readonly tokens: ReadonlyMap<string, string>;
    readonly all: string | null;
    readonly unseen: SharingUnseen | null;
  }>;
}
