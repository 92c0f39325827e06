/** Paths without `node:path`, which only `app/platform` may import; Windows paths may use either separator. */
import { type Files } from "../../ports/files.ts";
import { errorCode } from "../../shared/data/errors.ts";

/** @returns the folder in which an absolute path stands; of a root, the root itself. */
export function folderOf(path: string): string {
  const cut = lastSeparator(path);
  if (cut < 0) return path;
  // "/name" and "C:\name" stand in the root, which keeps its separator.
  return path.slice(0, cut === 0 || path[cut - 1] === ":" ? cut + 1 : cut);
}

/** @returns the last name of an absolute path; "" for a root. */
export function nameOf(path: string): string {
  return path.slice(lastSeparator(path) + 1);
}

export function inFolder(folder: string, name: string): string {
  if (lastSeparator(folder) === folder.length - 1) return folder + name;
  return `${folder}${isWindows(folder) ? "\\" : "/"}${name}`;
}

/**
 * Follows links as far as they lead: where the file stands, or would stand if it were there.
 * @throws file errors that say nothing about the path ("EIO", "EMFILE").
 */
export async function realPathOf(files: Files, path: string): Promise<string> {
  try {
    return await files.realPath(path);
  } catch (error) {
    if (!LEADS_NOWHERE.has(errorCode(error) ?? "")) throw error;
  }
  const folder = folderOf(path);
  return folder === path ? path : inFolder(await realPathOf(files, folder), nameOf(path));
}

const LEADS_NOWHERE: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "EACCES", "ELOOP"]);

function isWindows(path: string): boolean {
  return /^(?:[A-Za-z]:[/\\]|\\\\)/.test(path);
}

function lastSeparator(path: string): number {
  const slash = path.lastIndexOf("/");
  return isWindows(path) ? Math.max(slash, path.lastIndexOf("\\")) : slash;
}
