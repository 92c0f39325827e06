/**
 * Everything that the engine needs of the outside world. Each is an interface, so that a test can stop, delay, crash or
 * corrupt any single step; the real ones stand in `app/platform`, `app/credentials` and `app/providers`.
 */
import type { ById } from "../shared/by-id.ts";
import type { EntryProblem, FileProblem, ReplaceProblem, WriteProblem } from "../shared/file-problem.ts";
import type { Settings } from "../shared/settings.ts";
import type { PingMode, PingOutcome } from "../shared/snapshot.ts";
import type { HttpAnswer } from "./http.ts";

export type * from "./http.ts";

// ---- time, chance, sleep ---------------------------------------------------------------------------------------------

export interface Clock {
  /** Wall clock, ms since the epoch. It may jump either way. */
  now(): number;
  /** Ms on a clock that only goes forward; it need not count the time asleep. */
  monotonic(): number;
  /** Resolves after `ms` of monotonic time, or at once when `signal` is aborted. It never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** A number in [0, 1). */
  fraction(): number;
  /** A short unguessable id of [a-z0-9]. */
  id(): string;
}

export interface Power {
  /** Is the system about to sleep or to shut down? Then no exchange begins. It ends by itself when the system stays awake. */
  leaving(): boolean;
  /**
   * Asks the system to put off both. Resolves when it waits, or cannot be asked, within about 1 s; never rejects.
   * @returns the end of it, which never throws; further calls change nothing.
   */
  hold(): Promise<() => void>;
}

// ---- files -----------------------------------------------------------------------------------------------------------

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

/** Errors carry a POSIX `code` ("ENOENT", "EEXIST", …): see `errorCode` in `app/shared/errors.ts`. */
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

// ---- processes and locks ---------------------------------------------------------------------------------------------

/** Names one run of one process across reboots and containers. */
export interface ProcessIdentity {
  readonly boot: string;
  readonly pidNamespace: string;
  readonly pid: number;
  readonly startedAt: string;
}

export interface Processes {
  self(): ProcessIdentity;
  /** "unknown" when it is of another boot or pid namespace, or cannot be judged. */
  judge(identity: ProcessIdentity): Promise<"alive" | "dead" | "unknown">;
}

export interface LockOptions {
  /** How long to wait for it; 0 = one try. */
  readonly waitMs: number;
  /** The owner shows life this often. */
  readonly beatMs: number;
  /** A silent owner is taken over after this much of the waiter's monotonic time. */
  readonly silenceMs: number;
  /** How often a waiter looks; default 50 ms. */
  readonly pollMs?: number;
  /** Take over at once from an owner that is proven dead. */
  readonly judgeProcess: boolean;
  readonly signal?: AbortSignal;
}

export interface HeldLock {
  readonly kind: "held";
  /** Reads the lock from disk: false as soon as another process took it over. */
  stillOurs(): Promise<boolean>;
  /** Gives it back if it is still ours; never throws. */
  release(): Promise<void>;
}

export interface BusyLock {
  readonly kind: "busy";
  /** Who holds it, as one phrase for people. */
  readonly owner: string;
}

export interface Lock {
  /** @throws with a POSIX `code` when the lock cannot be made at all (read-only folder, full disk). */
  acquire(path: string, options: LockOptions): Promise<HeldLock | BusyLock>;
  /** Is a lock held here by someone who showed life within `silenceMs` of wall time? For display only. */
  peek(path: string, silenceMs: number): Promise<{ readonly pid: number; readonly since: number } | null>;
}

// ---- secrets, log, settings ------------------------------------------------------------------------------------------

export interface Fingerprint {
  /** A keyed hash, hex, 32 characters: the only form in which a token is named outside credential file and journal. */
  of(secret: string): string;
  /**
   * Makes sure that the key stands in the state dir, also where that was removed since.
   * @throws UserError when another key stands there by now; file errors.
   */
  keep(): Promise<void>;
}

export type LogFields = ById<string | number | boolean | null | undefined>;
export interface Log {
  debug(msg: string, fields?: LogFields): void;
  info(msg: string, fields?: LogFields): void;
  warn(msg: string, fields?: LogFields): void;
  error(msg: string, fields?: LogFields): void;
}

export interface SettingsStore {
  /** @throws UserError when the file cannot be understood; it is then left as it is. */
  read(): Settings;
  /** Read, change, write, atomically. */
  update(change: (settings: Settings) => Settings): void;
  onChange(listener: () => void): () => void;
}

// ---- credential files ------------------------------------------------------------------------------------------------

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

/** All writes of one stay under the lock, and the watch over them (design section 4, I2, I4, I9). */
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

/** Tells whether other programs hold the same grants (design section 5). */
export interface SharedLogins {
  /** By refresh token: with whom it is shared. `all` = everything in the file is. `warning` = could not be seen. */
  read(): Promise<{
    readonly tokens: ReadonlyMap<string, string>;
    readonly all: string | null;
    readonly warning: string | null;
  }>;
}

// ---- providers -------------------------------------------------------------------------------------------------------

export interface PlannedRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface PingReading {
  readonly outcome: PingOutcome;
  /** Tokens that the answer says it used. */
  readonly tokens: number;
  /** Set when message pings must stop for this login: why, one sentence. */
  readonly stopMessages: string | null;
}

export interface Provider {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** The command with which a person signs in again. */
  readonly signInHint: string;
  refreshRequest(refreshToken: string): PlannedRequest;
  /** null when this provider has no such ping. */
  pingRequest(mode: Exclude<PingMode, "off">, accessToken: string): PlannedRequest | null;
  readPing(mode: Exclude<PingMode, "off">, answer: HttpAnswer): PingReading;
}

/** Providers by the id under which a credential file names them. No entry = unmanaged. */
export type Providers = ReadonlyMap<string, Provider>;
