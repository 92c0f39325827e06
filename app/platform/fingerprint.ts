import { createHash, createHmac, randomBytes } from "node:crypto";
import { link as linkFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { type Files } from "../ports/files.ts";
import { type Fingerprint } from "../ports/fingerprint.ts";
import { errorCode, UserError } from "../shared/data/errors.ts";
import { tryJson } from "../shared/data/json.ts";
import { refuseNewer } from "../shared/data/version.ts";

const KEY_BYTES = 32;
const COPY_BYTES = 4_096;
const PATIENCE_MS = 2_000;
const PAUSE_MS = 50;

/** The second copy of the key, with a checksum, so that it tells which of the two is damaged. */
const COPY_NAME = "journal.key";
const copySchema = v.object({
  version: v.literal(1),
  key: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  check: v.string(),
});

export interface LoadedFingerprint extends Fingerprint {
  /** What was found damaged or lost and is whole again, as a path; null = all was well. */
  readonly mended: string | null;
}

/**
 * Fingerprints under the key of this state dir (`journal/key`, made at first use, and its copy `journal.key`). All processes get
 * the same key, however they race. Every name in the journal depends on it, so it never changes: where one of the two is damaged
 * or lost, it is written anew from the other.
 * @param link publishes a finished file under a name that must not exist yet (tests without a real disk give their own)
 * @throws UserError when both are damaged, or the copy is of a newer version; errors with a POSIX `code` when the key cannot be
 * read or made.
 */
export async function loadFingerprint(
  files: Files,
  stateDir: string,
  link: (from: string, to: string) => Promise<void> = linkFile,
): Promise<LoadedFingerprint> {
  const folder = join(stateDir, "journal");
  const path = join(folder, "key");
  await files.makeFolders(folder);
  const copy = await readCopy(files, join(stateDir, COPY_NAME));
  const found = await readKey(files, path);
  if (found === null) await publish(files, path, link, copy.key ?? randomBytes(KEY_BYTES));
  const key = copy.key ?? (await readWholeKey(files, path));
  // Also for a key that another process published a moment ago: nothing may be named by it before it is durable.
  await files.syncFolder(folder);
  await files.syncFolder(stateDir);
  const mended = await makeWhole(files, stateDir, key);
  const lost = found === null && copy.key !== null;
  return { of: hashWith(key), keep: () => keepKey(files, stateDir, key, link), mended: lost ? path : mended };
}

/** Writes key and copy anew where they are not `key`. @returns the path of which was damaged, or null. */
async function makeWhole(files: Files, stateDir: string, key: Uint8Array): Promise<string | null> {
  const path = join(stateDir, "journal", "key");
  const copyPath = join(stateDir, COPY_NAME);
  const found = await readKey(files, path);
  const isDamaged = found === null || !Buffer.from(found).equals(key);
  if (isDamaged) await replace(files, path, key);
  const copy = await readCopy(files, copyPath);
  // Without it all works; the next pass tries again.
  if (copy.key === null) await replace(files, copyPath, copyOf(key)).catch(() => undefined);
  if (isDamaged) return path;
  return copy.damaged ? copyPath : null;
}

/** Whoever removed the state dir took the key along; what is noted from now on must still fit what we hold. */
async function keepKey(
  files: Files,
  stateDir: string,
  key: Uint8Array,
  link: (from: string, to: string) => Promise<void>,
): Promise<void> {
  const path = join(stateDir, "journal", "key");
  const { key: copy } = await readCopy(files, join(stateDir, COPY_NAME));
  if ((await readKey(files, path)) === null) {
    await publish(files, path, link, copy ?? key);
    await files.syncFolder(dirname(path));
  }
  // The copy tells by its checksum that it is whole; the key itself may be damaged.
  if (!Buffer.from(copy ?? (await readWholeKey(files, path))).equals(key))
    throw new UserError(`The key of the journal (${path}) was replaced while Pilot Light ran; start it again.`, 4);
  await makeWhole(files, stateDir, key);
}

/**
 * For who only looks: the key of this state dir if there is one, else one for this process alone. Nothing is written, for
 * without a key there is nothing on disk that it would have to fit.
 */
export async function peekFingerprint(files: Files, stateDir: string): Promise<LoadedFingerprint> {
  const path = join(stateDir, "journal", "key");
  const { key: copy } = await readCopy(files, join(stateDir, COPY_NAME));
  if (copy !== null) return forLooking(copy);
  return (await readKey(files, path)) === null ? ownFingerprint() : forLooking(await readWholeKey(files, path));
}

/** Fingerprints under a key of this process alone: they fit nothing on disk. */
export function ownFingerprint(): LoadedFingerprint {
  return forLooking(randomBytes(KEY_BYTES));
}

function forLooking(key: Uint8Array): LoadedFingerprint {
  return { of: hashWith(key), keep: async () => undefined, mended: null };
}

async function readCopy(
  files: Files,
  path: string,
): Promise<{ readonly key: Uint8Array | null; readonly damaged: boolean }> {
  const bytes = await readStart(files, path, COPY_BYTES);
  if (bytes === null) return { key: null, damaged: false };
  const json = tryJson(new TextDecoder().decode(bytes));
  refuseNewer(json, path);
  const { success, output } = v.safeParse(copySchema, json);
  if (!success || output.check !== checkOf(output.key)) return { key: null, damaged: true };
  return { key: Buffer.from(output.key, "hex"), damaged: false };
}

function copyOf(key: Uint8Array): Uint8Array {
  const hex = Buffer.from(key).toString("hex");
  return Buffer.from(`${JSON.stringify({ version: 1, key: hex, check: checkOf(hex) })}\n`);
}

const checkOf = (hex: string): string => createHash("sha256").update(hex).digest("hex");

function hashWith(key: Uint8Array): Fingerprint["of"] {
  return (secret) => createHmac("sha256", key).update(secret, "utf8").digest("hex").slice(0, 32);
}

/** A finished, durable file appears under the name at once or not at all; who comes second leaves the first one's. */
async function publish(
  files: Files,
  path: string,
  link: (from: string, to: string) => Promise<void>,
  key: Uint8Array,
): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString("hex")}.tmp`;
  try {
    await writeNew(files, draft, key);
    try {
      await link(draft, path);
    } catch (error) {
      const code = errorCode(error);
      if (code === "EEXIST") return;
      if (code === "ENOSPC" || code === "EDQUOT" || code === "EROFS" || code === "EIO") throw error;
      // No links on this file system: then exclusively in place. Who meets it half-written waits (`readWholeKey`).
      await writeNew(files, path, key).catch((problem: unknown) => {
        if (errorCode(problem) !== "EEXIST") throw problem;
      });
    }
  } finally {
    await files.remove(draft).catch(() => undefined);
  }
}

/** Temp file, fsync, rename, fsync of the folder. */
async function replace(files: Files, path: string, data: Uint8Array): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString("hex")}.tmp`;
  try {
    await writeNew(files, draft, data);
    await files.rename(draft, path);
    await files.syncFolder(dirname(path));
  } catch (error) {
    await files.remove(draft).catch(() => undefined);
    throw error;
  }
}

async function writeNew(files: Files, path: string, data: Uint8Array): Promise<void> {
  const file = await files.open(path, "createNew", 0o600);
  try {
    await file.write(data, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

const readKey = (files: Files, path: string): Promise<Uint8Array | null> => readStart(files, path, KEY_BYTES + 1);

/** @returns null when there is no such file. */
async function readStart(files: Files, path: string, maxBytes: number): Promise<Uint8Array | null> {
  try {
    const file = await files.open(path, "readOwn");
    try {
      return await file.read(0, maxBytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}

async function readWholeKey(files: Files, path: string): Promise<Uint8Array> {
  for (let waited = 0; ; waited += PAUSE_MS) {
    const key = await readKey(files, path);
    if (key?.length === KEY_BYTES && key.some((byte) => byte !== 0)) return key;
    if (waited >= PATIENCE_MS) {
      throw damagedKey(path);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function damagedKey(path: string): UserError {
  return new UserError(
    `The key of the journal (${path}) is damaged, and no whole copy of it is left; restore it from a backup, or move the whole state folder away to start afresh.`,
    4,
  );
}
