/** Reads a credential file while other programs may be writing it in place. */
import type { Clock } from "../../ports/clock.ts";
import type { GoodReading, Reading } from "../../ports/credential-file.ts";
import type { FileStat, Files, OpenFile } from "../../ports/files.ts";
import { errorCode } from "../../shared/data/errors.ts";
import type { FileProblem, ReplaceProblem } from "../../shared/login/file-problem.ts";
import type { CredentialDocument } from "./document.ts";
import { decodeText, parseDocument } from "./parse.ts";
import { realPathOf } from "./store-path.ts";

/** No credential file is larger, bytes. */
export const MAX_BYTES = 4 * 1024 * 1024;

const READ_AGAIN_MS = 50;
/** Content that makes no sense is judged once it has stood for so long. */
const JUDGE_AFTER_MS = 400;
/** Content that changes all the time is judged then. */
const GIVE_UP_MS = 5_000;

export interface StableGood {
  readonly kind: "good";
  readonly document: CredentialDocument;
  readonly bytes: Uint8Array;
  readonly stat: FileStat;
  /** Where the file stands, without links. */
  readonly realPath: string;
  readonly cannotReplace: ReplaceProblem | null;
  /** The inode that was read; the caller closes it. */
  readonly handle: OpenFile;
}
export type StableRead = StableGood | Exclude<Reading, GoodReading>;

export interface ReadContext {
  readonly files: Files;
  readonly clock: Clock;
  /** Absolute, as asked for. */
  readonly path: string;
}

type Look =
  | { readonly kind: "content"; readonly bytes: Uint8Array; readonly stat: FileStat; readonly handle: OpenFile }
  /** It changed while it was read. */
  | { readonly kind: "moving" }
  | Exclude<Reading, GoodReading>;

/** A bounded read of whole content. It never rejects; of a good one the caller closes `handle`. */
export async function stableRead(context: ReadContext): Promise<StableRead> {
  const { clock } = context;
  const start = clock.monotonic();
  let standing: { readonly bytes: Uint8Array; readonly since: number } | null = null;
  let problem: FileProblem = { kind: "beingWritten" };
  for (;;) {
    const look = await lookOnce(context);
    const now = clock.monotonic();
    if (look.kind === "missing" || look.kind === "problem") return look;
    if (look.kind === "content") {
      const judged = judge(look.bytes);
      if (judged.kind === "document") return good(context, look, judged.document);
      await closeQuietly(look.handle);
      problem = judged.problem;
      if (standing === null || !sameBytes(standing.bytes, look.bytes)) standing = { bytes: look.bytes, since: now };
      else if (now - standing.since >= JUDGE_AFTER_MS) return { kind: "problem", problem };
    } else {
      standing = null;
    }
    if (now - start >= GIVE_UP_MS) return { kind: "problem", problem };
    await clock.sleep(READ_AGAIN_MS);
  }
}

/** What the engine is told of a read. */
export function readingOf(read: StableRead): Reading {
  return read.kind === "good" ? goodReading(read.document, read.cannotReplace) : read;
}

export function goodReading(document: CredentialDocument, cannotReplace: ReplaceProblem | null): GoodReading {
  const { format, entries, text } = document;
  return { kind: "good", format, entries, text, cannotReplace };
}

/** Up to one byte more than a credential file may have. @throws file errors. */
export function readWhole(handle: OpenFile): Promise<Uint8Array> {
  return handle.read(0, MAX_BYTES + 1);
}

/** Is it the same inode with the same content, as far as its times and size tell? */
export function sameStat(a: FileStat, b: FileStat): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

/** Closing what was only read cannot lose anything. */
export async function closeQuietly(handle: OpenFile): Promise<void> {
  try {
    await handle.close();
  } catch {
    // Nothing depends on it.
  }
}

async function lookOnce({ files, path }: ReadContext): Promise<Look> {
  let handle: OpenFile;
  try {
    handle = await files.open(path, "read");
  } catch (error) {
    return errorCode(error) === "ENOENT" ? { kind: "missing" } : unreadable(error);
  }
  let look: Look;
  try {
    look = await readHandle(handle);
  } catch (error) {
    look = unreadable(error);
  }
  if (look.kind !== "content") await closeQuietly(handle);
  return look;
}

async function readHandle(handle: OpenFile): Promise<Look> {
  const before = await handle.stat();
  if (before.kind === "folder") return { kind: "problem", problem: { kind: "isFolder" } };
  if (before.kind !== "file") return { kind: "problem", problem: { kind: "noOrdinaryFile" } };
  if (before.size > MAX_BYTES) return { kind: "problem", problem: { kind: "tooLarge" } };
  const bytes = await readWhole(handle);
  const stat = await handle.stat();
  if (!sameStat(before, stat) || bytes.length !== stat.size) return { kind: "moving" };
  return { kind: "content", bytes, stat, handle };
}

function judge(bytes: Uint8Array): ReturnType<typeof parseDocument> {
  const decoded = decodeText(bytes);
  return "problem" in decoded ? { kind: "problem", problem: decoded.problem } : parseDocument(decoded.text);
}

async function good(
  { files, path }: ReadContext,
  { bytes, stat, handle }: Extract<Look, { kind: "content" }>,
  document: CredentialDocument,
): Promise<StableRead> {
  try {
    const realPath = await realPathOf(files, path);
    const cannotReplace = await whyNot(files, realPath, stat);
    return { kind: "good", document, bytes, stat, realPath, cannotReplace, handle };
  } catch (error) {
    await closeQuietly(handle);
    return unreadable(error);
  }
}

async function whyNot(files: Files, realPath: string, stat: FileStat): Promise<ReplaceProblem | null> {
  if (stat.nlink > 1) return { kind: "hardLinks" };
  try {
    return (await files.isMountPoint(realPath)) ? { kind: "mounted" } : null;
  } catch (error) {
    // Gone since it was read: the next look will say so.
    if (errorCode(error) === "ENOENT") return null;
    return { kind: "notTold", code: errorCode(error) };
  }
}

function unreadable(error: unknown): Extract<Look, { kind: "problem" }> {
  return { kind: "problem", problem: problemOf(errorCode(error)) };
}

function problemOf(code: string | null): FileProblem {
  switch (code) {
    case "EACCES":
    case "EPERM":
      return { kind: "noPermission", code };
    case "EISDIR":
      return { kind: "isFolder" };
    case "ENOTDIR":
      return { kind: "fileInTheWay" };
    case "ELOOP":
      return { kind: "linkLoop" };
    default:
      return { kind: "notReadable", code };
  }
}
