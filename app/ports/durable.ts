import { errorCode } from "../shared/data/errors.ts";
import { type Files } from "./files.ts";

const MAX_BYTES = 16 * 1024 * 1024;

/**
 * @param how "read" where links are the user's to make, as in the folder of what starts at login.
 * @returns the whole text of a small file of ours, or null when it does not exist. @throws file errors.
 */
export async function readText(
  files: Files,
  path: string,
  how: "readOwn" | "read" = "readOwn",
): Promise<string | null> {
  let file;
  try {
    file = await files.open(path, how);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
  try {
    return new TextDecoder().decode(await file.read(0, MAX_BYTES));
  } finally {
    await file.close();
  }
}

/**
 * Replaces a file of ours as a whole: temp file, fsync, rename, fsync of the folder. After it returns the text is durable;
 * if it throws, the old text still stands. A temp file that cannot even be removed is swept later (`cleanup.ts`).
 */
export async function writeDurably(
  files: Files,
  path: string,
  text: string,
  tempId: string,
  mode = 0o600,
): Promise<void> {
  const temp = `${path}.${tempId}.tmp`;
  const file = await files.open(temp, "createNew", mode);
  try {
    await file.write(new TextEncoder().encode(text), 0);
    await file.sync();
  } catch (error) {
    await file.close();
    await files.remove(temp).catch(() => undefined);
    throw error;
  }
  await file.close();
  try {
    await files.rename(temp, path);
  } catch (error) {
    await files.remove(temp).catch(() => undefined);
    throw error;
  }
  await files.syncFolder(folderOf(path));
}

/**
 * Makes a folder of ours such that a power loss takes neither it nor any folder above it.
 * @param root from here on upward the folders may be others': one that cannot be synced has long been there.
 */
export async function makeFolderDurably(files: Files, path: string, root: string): Promise<void> {
  await files.makeFolders(path);
  for (let at = path; folderOf(at) !== at; at = folderOf(at)) {
    const synced = files.syncFolder(folderOf(at));
    await (at.length > root.length ? synced : synced.catch(() => undefined));
  }
}

/**
 * Renames a damaged file of ours, durably and over nothing, to a name that no one reads.
 * @returns its new path.
 * @throws file errors.
 */
export async function renameAside(files: Files, path: string): Promise<string> {
  const folder = folderOf(path);
  const names = await files.list(folder);
  const free = (n: number): number => (names.includes(`${nameOf(path)}.damaged-${n}`) ? free(n + 1) : n);
  const aside = `${path}.damaged-${free(1)}`;
  await files.rename(path, aside);
  await files.syncFolder(folder);
  return aside;
}

export function nameOf(path: string): string {
  return path.slice(folderOf(path).length + 1);
}

export function folderOf(path: string): string {
  const cut = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return cut <= 0 ? path.slice(0, 1) : path.slice(0, cut);
}

/** Removes a file; that it is already gone is fine. */
export async function removeIfThere(files: Files, path: string): Promise<void> {
  try {
    await files.remove(path);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
}
