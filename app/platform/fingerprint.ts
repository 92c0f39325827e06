import { createHmac, randomBytes } from "node:crypto";
import { link as linkFile } from "node:fs/promises";
import { join } from "node:path";
import type { Files, Fingerprint } from "../keeper/ports.ts";
import { errorCode, UserError } from "../shared/errors.ts";

const KEY_BYTES = 32;
const PATIENCE_MS = 2_000;
const PAUSE_MS = 50;

/**
 * Fingerprints under the key of this state dir (`journal/key`, made at first use). All processes get the same key, however
 * they race; a key once there is never written again, since every name in the journal depends on it.
 * @param link publishes a finished file under a name that must not exist yet (tests without a real disk give their own)
 * @throws UserError when the key is damaged; errors with a POSIX `code` when it cannot be read or made.
 */
export async function loadFingerprint(
  files: Files,
  stateDir: string,
  link: (from: string, to: string) => Promise<void> = linkFile,
): Promise<Fingerprint> {
  const folder = join(stateDir, "journal");
  const path = join(folder, "key");
  await files.makeFolders(folder);
  if ((await readKey(files, path)) === null) await publish(files, path, link, randomBytes(KEY_BYTES));
  const key = await readWholeKey(files, path);
  // Also for a key that another process published a moment ago: nothing may be named by it before it is durable.
  await files.syncFolder(folder);
  await files.syncFolder(stateDir);
  return { of: hashWith(key), keep: () => keepKey(files, folder, key, link) };
}

/** Whoever removed the state dir took the key along; what is noted from now on must still fit what we hold. */
async function keepKey(
  files: Files,
  folder: string,
  key: Uint8Array,
  link: (from: string, to: string) => Promise<void>,
): Promise<void> {
  const path = join(folder, "key");
  if ((await readKey(files, path)) === null) {
    await publish(files, path, link, key);
    await files.syncFolder(folder);
  }
  if (!Buffer.from(await readWholeKey(files, path)).equals(key))
    throw new UserError(`The key of the journal (${path}) was replaced while Pilot Light ran; start it again.`, 4);
}

/**
 * For who only looks: the key of this state dir if there is one, else one for this process alone. Nothing is written, for
 * without a key there is nothing on disk that it would have to fit.
 */
export async function peekFingerprint(files: Files, stateDir: string): Promise<Fingerprint> {
  const path = join(stateDir, "journal", "key");
  return (await readKey(files, path)) === null ? ownFingerprint() : forLooking(await readWholeKey(files, path));
}

/** Fingerprints under a key of this process alone: they fit nothing on disk. */
export function ownFingerprint(): Fingerprint {
  return forLooking(randomBytes(KEY_BYTES));
}

function forLooking(key: Uint8Array): Fingerprint {
  return { of: hashWith(key), keep: async () => undefined };
}

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

async function writeNew(files: Files, path: string, data: Uint8Array): Promise<void> {
  const file = await files.open(path, "createNew", 0o600);
  try {
    await file.write(data, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readKey(files: Files, path: string): Promise<Uint8Array | null> {
  try {
    const file = await files.open(path, "readOwn");
    try {
      return await file.read(0, KEY_BYTES + 1);
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
      throw new UserError(
        `The key of the journal (${path}) is damaged; restore it from a backup, or move the whole state folder away to start afresh.`,
        4,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
