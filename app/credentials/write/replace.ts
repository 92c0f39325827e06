/** One change of the credential file: read, draft, write a temp file, last look, rename (I3, I4). */

import type { Reading } from "../../ports/credential-file.ts";
import type { Files, OpenFile } from "../../ports/files.ts";
import { errorCode } from "../../shared/data/errors.ts";
import type { WriteProblem } from "../../shared/login/file-problem.ts";
import type { CredentialDocument } from "../read/document.ts";
import { parseDocument } from "../read/parse.ts";
import {
  closeQuietly,
  type ReadContext,
  readingOf,
  type StableGood,
  sameBytes,
  sameStat,
  stableRead,
} from "../read/stable-read.ts";
import { folderOf, realPathOf } from "../read/store-path.ts";
import type { FormatLock } from "./format-lock.ts";
import type { Temps } from "./temp-file.ts";

const TURNS = 10;
const LONGEST_PAUSE_MS = 200;
const HELD_OPEN: ReadonlySet<string> = new Set(["EPERM", "EACCES", "EBUSY"]);

export interface ReplaceContext extends ReadContext {
  readonly temps: Temps;
  readonly formatLock: FormatLock;
}

/** `stage` is what the drafter wants back once its draft came true. */
export type Draft<T> =
  | { readonly kind: "nothing"; readonly stage: T }
  | { readonly kind: "text"; readonly text: string; readonly stage: T }
  | { readonly kind: "cannot"; readonly problem: WriteProblem };

/** A rename that is not known to be durable. */
export interface Unsynced {
  readonly folder: string;
  readonly problem: WriteProblem;
}

export interface Written {
  readonly kind: "written";
  /** The inode that was replaced, open; it held `base`. The caller closes it. null: nobody can write into it any more. */
  readonly replaced: OpenFile | null;
  readonly base: CredentialDocument;
  readonly document: CredentialDocument;
  readonly unsynced: Unsynced | null;
}
interface Failed {
  readonly kind: "failed";
  readonly problem: WriteProblem;
}
export type Replaced<T> =
  | (Written & { readonly stage: T })
  /** `stage` is null when there was nothing to draft on. */
  | { readonly kind: "nothing"; readonly reading: Reading; readonly stage: T | null }
  | Failed;

type Swap = Written | Failed | { readonly kind: "moved" };

/**
 * Drafts on a fresh reading, as often as the file changes under it, and replaces exactly what was read.
 * @param lockWaitMs how long to wait for the format's own lock, where it has one.
 * @throws only what `draft` throws.
 */
export async function replaceFile<T>(
  context: ReplaceContext,
  lockWaitMs: number,
  draft: (read: StableGood) => Promise<Draft<T>>,
): Promise<Replaced<T>> {
  const { clock, formatLock } = context;
  let release: (() => Promise<void>) | null = null;
  try {
    for (let turn = 0; turn < TURNS; turn += 1) {
      if (turn > 0) await clock.sleep(Math.min(LONGEST_PAUSE_MS, 5 * 2 ** turn));
      const read = await stableRead(context);
      if (read.kind !== "good") return { kind: "nothing", reading: readingOf(read), stage: null };
      let swap: Swap = { kind: "moved" };
      try {
        const drafted = await draft(read);
        if (drafted.kind === "nothing") return { kind: "nothing", reading: readingOf(read), stage: drafted.stage };
        if (drafted.kind === "cannot") return { kind: "failed", problem: drafted.problem };
        if (read.cannotReplace !== null) return { kind: "failed", problem: read.cannotReplace };
        if (read.document.format === "accounts" && release === null) {
          const lock = await formatLock.acquire(`${read.realPath}.lock`, lockWaitMs);
          if (lock.kind === "cannot") return { kind: "failed", problem: lock.problem };
          release = lock.release;
          // What was read without the lock is worth nothing: the last look below tells whether it still stands.
        }
        swap = await swapFile(context, read, drafted.text);
        if (swap.kind === "written") return { ...swap, stage: drafted.stage };
        if (swap.kind === "failed") return swap;
      } finally {
        if (swap.kind !== "written") await closeQuietly(read.handle);
      }
    }
    return { kind: "failed", problem: { kind: "keepsChanging" } };
  } finally {
    await release?.();
  }
}

async function swapFile(context: ReplaceContext, read: StableGood, text: string): Promise<Swap> {
  const { files, temps } = context;
  const parsed = parseDocument(text);
  if (parsed.kind === "problem") {
    const problem = { kind: "outcomeUnusable", problem: parsed.problem } as const;
    return { kind: "failed", problem: { kind: "notEditable", problem } };
  }
  const ready = await temps.ready(read, 0);
  if (ready.kind === "cannot") return { kind: "failed", problem: ready.problem };
  const { handle, path } = ready.temp;
  let kept = true;
  try {
    const bytes = new TextEncoder().encode(text);
    await handle.write(bytes, 0);
    await handle.truncate(bytes.length);
    await handle.sync();
    await handle.setMode(0o600);
    if (!(await unchanged(context, read))) return { kind: "moved" };
    const renamed = await renameOver(context, path, read);
    if (renamed === "moved") return { kind: "moved" };
    kept = renamed === "kept";
  } catch (error) {
    await temps.discard();
    // The temp file or the target vanished: the next reading shows which.
    if (errorCode(error) === "ENOENT") return { kind: "moved" };
    return { kind: "failed", problem: { kind: "failed", code: errorCode(error) } };
  }
  const unsynced = await syncFolder(files, folderOf(read.realPath));
  await temps.used();
  const replaced = kept ? read.handle : null;
  return { kind: "written", replaced, base: read.document, document: parsed.document, unsynced };
}

/**
 * Windows replaces no file that anybody holds open. So there we let go of it, and nobody else can hold it either once the
 * rename has succeeded; elsewhere the second try fails like the first.
 */
async function renameOver(
  { files }: ReplaceContext,
  from: string,
  read: StableGood,
): Promise<"kept" | "let go" | "moved"> {
  try {
    await files.rename(from, read.realPath);
    return "kept";
  } catch (error) {
    if (!HELD_OPEN.has(errorCode(error) ?? "")) throw error;
  }
  await closeQuietly(read.handle);
  if (!sameStat(await files.stat(read.realPath), read.stat)) return "moved";
  await files.rename(from, read.realPath);
  return "let go";
}

/** @returns null when the folder is durable. */
export async function syncFolder(files: Files, folder: string): Promise<Unsynced | null> {
  try {
    await files.syncFolder(folder);
    return null;
  } catch (error) {
    return { folder, problem: { kind: "failed", code: errorCode(error) } };
  }
}

/** The last look; its last step is the path itself, so that nothing of ours stands between it and the rename. */
async function unchanged({ files, path }: ReplaceContext, read: StableGood): Promise<boolean> {
  if ((await realPathOf(files, path)) !== read.realPath) return false;
  if (!sameBytes(await read.handle.read(0, read.bytes.length + 1), read.bytes)) return false;
  return sameStat(await files.stat(read.realPath), read.stat);
}
