export interface FileStat {
  readonly kind: "file" | "folder" | "link" | "other";
  /** Numbers too wide for a double travel as strings. */
  readonly dev: string;
  readonly ino: string;
  readonly size: number;
  readonly mtimeNs: string;
  readonly ctimeNs: string;
  /** The nine permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly nlink: number;
}

export interface OpenFile {
  stat(): Promise<FileStat>;
  /** Up to `maxBytes` from `position`; shorter only at the end of the file. */
  read(position: number, maxBytes: number): Promise<Uint8Array>;
  /** All of `data`, or an error. */
  write(data: Uint8Array, position: number): Promise<void>;
  truncate(size: number): Promise<void>;
  /** fsync. */
  sync(): Promise<void>;
  setMode(mode: number): Promise<void>;
  setOwner(uid: number, gid: number): Promise<void>;
  close(): Promise<void>;
}

export type OpenHow = "read" | "readOwn" | "createNew" | "update" | "updateOwn";

/** Errors carry a POSIX `code` ("ENOENT", "EEXIST", …): see `errorCode` in `app/shared/data/errors.ts`. */
export interface Files {
  /**
   * "read": must not block on a FIFO. "createNew": exclusive, read and write, with exactly `mode` (default 0600).
   * "update": an existing file, read and write, not truncated. "…Own": the same for a file of ours, which is no link (ELOOP).
   */
  open(path: string, how: OpenHow, mode?: number): Promise<OpenFile>;
  /** Follows links. */
  stat(path: string): Promise<FileStat>;
  realPath(path: string): Promise<string>;
  /** One folder, mode 0700; EEXIST if anything is there. */
  makeFolder(path: string): Promise<void>;
  /** The folder and its parents, new ones 0700. */
  makeFolders(path: string): Promise<void>;
  list(path: string): Promise<readonly string[]>;
  rename(from: string, to: string): Promise<void>;
  /** A file or a link. */
  remove(path: string): Promise<void>;
  /** An empty folder. */
  removeFolder(path: string): Promise<void>;
  /** fsync of a folder, where the system has it. */
  syncFolder(path: string): Promise<void>;
  /** Is something mounted exactly here, so that a rename over it would fail? */
  isMountPoint(path: string): Promise<boolean>;
  /**
   * Calls `onChange` after anything in the folder changed (it may call too often, and with no cause); survives the
   * folder's absence, deletion and return. Returns the stop.
   */
  watchFolder(path: string, onChange: () => void): () => void;
}
