/** What the simulated file system (`files.ts`) offers a test beyond the port `Files`. */

import { type FileStat, type Files } from "../../app/ports/files.ts";
export type SimOp =
  | "open"
  | "createNew"
  | "update"
  | "stat"
  | "realPath"
  | "makeFolder"
  | "makeFolders"
  | "list"
  | "rename"
  | "remove"
  | "removeFolder"
  | "syncFolder"
  | "isMountPoint"
  | "fstat"
  | "read"
  | "write"
  | "truncate"
  | "sync"
  | "setMode"
  | "setOwner"
  | "close";

/**
 * Awaited before each operation. It may throw a `SimError` (the operation then fails with that code and does nothing), or
 * never resolve (the process died there). `path` is the one a handle was opened with; `to` is the target of a rename.
 */
export type SimGate = (op: SimOp, path: string, to?: string) => Promise<void> | void;

export interface SimOptions {
  /** Ms; times of files come from it. */
  now(): number;
  readonly gate?: SimGate;
  /** Whose files these are and who asks; default 1000. Root (0) may do what modes and owners forbid. */
  readonly uid?: number;
  /** Changes within one ms get one time, as kernels with a coarse clock give it. Default: each change its own. */
  readonly coarseTimes?: boolean;
}

/** A file that another program holds open; all at once, no gate, whatever became of its name. */
export interface SimWriter {
  /** As opencode writes: over the old text, then cuts the tail. */
  write(text: string): void;
  /** Only the first half of that: the old tail still stands behind the new text. */
  overwrite(text: string): void;
  truncate(size: number): void;
  read(): string;
}

export interface SimFiles extends Files {
  setGate(gate: SimGate | null): void;

  // What other programs and people do; all at once, and past the gate.
  readText(path: string): string | null;
  statNow(path: string): FileStat;
  listNow(path: string): readonly string[];
  /** Makes the file (0600) or writes over it in place, following links. */
  writeInPlace(path: string, text: string | Uint8Array): void;
  /** Temp file and rename; a link at `path` is replaced, as most programs do. */
  replace(path: string, text: string): void;
  removeNow(path: string): void;
  openInode(path: string): SimWriter;
  makeFolderNow(path: string): void;
  makeFifoNow(path: string): void;
  symlinkNow(path: string, target: string): void;
  hardLinkNow(existing: string, path: string): void;
  chmodNow(path: string, mode: number): void;
  chownNow(path: string, uid: number, gid: number): void;
  setMountPoint(path: string, mounted: boolean): void;

  /** Would this file, as it is now, survive any power loss? */
  isDurable(path: string): boolean;
  /** Everything so far is durable. */
  settle(): void;
  /**
   * The power fails and comes back. Of each folder's changes since `syncFolder` a prefix survives, in order; of each file
   * that was not synced the durable, the newest, or a torn prefix of the newest content. All handles are dead.
   * @param pickFraction numbers in [0, 1) that decide.
   */
  powerLoss(pickFraction: () => number): void;
  /** Handles that the code under test has not closed. */
  openHandles(): number;
}
