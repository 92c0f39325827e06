import { basename, dirname, join } from "node:path";
import { type Random } from "../../ports/clock.ts";
import { type Files } from "../../ports/files.ts";
import { type Log } from "../../ports/log.ts";
import { errorCode, plainReason } from "../../shared/data/errors.ts";
import { type LockOwner, parseOwner } from "./owner.ts";

export const OWNER_FILE = "owner.json";
/** An owner file has some 250 bytes. */
const OWNER_BYTES = 4096;

export type Sighting =
  | { readonly kind: "gone" }
  /** A lock that we are not allowed to look into: another user's. */
  | { readonly kind: "closed" }
  | {
      readonly kind: "lock";
      /** Device and inode of the folder. */
      readonly folder: string;
      readonly ctimeNs: string;
      /** The owner file, null if there is none. */
      readonly text: string | null;
      /** Whom it names, null if nobody (yet). */
      readonly owner: LockOwner | null;
    };

/** Looks at the lock folder `path`. @throws with a `code` when something else stands there. */
export async function lookAtLock(files: Files, path: string): Promise<Sighting> {
  try {
    const names = await files.list(path);
    if (names.some((name) => name !== OWNER_FILE && !name.startsWith(".nfs"))) {
      throw foreign(path, "ENOTEMPTY", "it holds files that are not ours");
    }
    if (!(await isItself(files, path))) throw foreign(path, "ENOTDIR", "it is a link");
    const stat = await files.stat(path);
    const text = await readOwnerText(files, path);
    return {
      kind: "lock",
      folder: `${stat.dev}:${stat.ino}`,
      ctimeNs: stat.ctimeNs,
      text,
      owner: text === null ? null : parseOwner(text),
    };
  } catch (error) {
    const code = errorCode(error);
    if (error instanceof ForeignThing) throw error;
    if (code === "ENOENT") return { kind: "gone" };
    if (code === "EACCES" || code === "EPERM") return { kind: "closed" };
    if (code === "ENOTDIR") throw foreign(path, "ENOTDIR", "it is no folder");
    throw error;
  }
}

/** Something at the lock's path that Pilot Light did not put there, and so does not touch. */
class ForeignThing extends Error {
  override readonly name = "ForeignThing";
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

function foreign(path: string, code: string, why: string): ForeignThing {
  return new ForeignThing(`${path} is in the place of the lock, but ${why}; move it away.`, code);
}

/** A link with a missing target looks like nothing, yet no folder can be made there. @throws if `path` is one. */
export async function refuseDeadLink(files: Files, path: string): Promise<void> {
  const names = await files.list(dirname(path));
  if (!names.includes(basename(path))) return;
  try {
    await files.stat(path);
  } catch (error) {
    if (errorCode(error) !== "ENOENT" && errorCode(error) !== "ELOOP") return;
    // It may have been given back between the two looks.
    if ((await files.list(dirname(path))).includes(basename(path))) throw foreign(path, "ENOTDIR", "it is a link");
  }
}

/** No link: the port's `stat` follows links, so the real paths tell. Some systems keep names in another case or form. */
async function isItself(files: Files, path: string): Promise<boolean> {
  const [real, parent] = await Promise.all([files.realPath(path), files.realPath(dirname(path))]);
  const plain = (name: string) => name.normalize("NFC").toLowerCase();
  return plain(real) === plain(join(parent, basename(path)));
}

async function readOwnerText(files: Files, path: string): Promise<string | null> {
  let file: Awaited<ReturnType<Files["open"]>>;
  try {
    file = await files.open(join(path, OWNER_FILE), "readOwn");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
  try {
    return new TextDecoder().decode(await file.read(0, OWNER_BYTES));
  } finally {
    await file.close();
  }
}

/** @returns whom the lock at `path` names, null if nobody. @throws when it cannot be read. */
export async function readOwner(files: Files, path: string): Promise<LockOwner | null> {
  const text = await readOwnerText(files, path);
  return text === null ? null : parseOwner(text);
}

/** @returns whether both sightings are of the same lock, and nobody showed life in between. */
export function sameLock(before: Sighting, after: Sighting): boolean {
  if (before.kind !== "lock" || after.kind !== "lock") return false;
  return before.folder === after.folder && before.text === after.text;
}

/** @returns the folder and the start of the names under which locks of `path` are put aside to be removed. */
export function asidePlace(path: string): { readonly folder: string; readonly prefix: string } {
  const base = basename(path);
  return { folder: dirname(path), prefix: `${base.startsWith(".") ? "" : "."}${base}.old-` };
}

export interface RemoverParts {
  readonly files: Files;
  readonly log: Pick<Log, "warn">;
}

/** Removes a lock that was put aside. It never throws; what it leaves, a later acquirer finds. */
export async function removeAside(parts: RemoverParts, aside: string): Promise<void> {
  await parts.files.remove(join(aside, OWNER_FILE)).catch((error: unknown) => leftBehind(parts, error));
  await removeEmpty(parts, aside);
}

/** Removes a folder in which nothing is. It never throws. */
export async function removeEmpty(parts: RemoverParts, folder: string): Promise<void> {
  await parts.files.removeFolder(folder).catch((error: unknown) => leftBehind(parts, error));
}

/** Another one was faster, or is just making it its own; all else is worth a line. */
function leftBehind({ log }: RemoverParts, error: unknown): void {
  const code = errorCode(error);
  if (code === "ENOENT" || code === "ENOTEMPTY" || code === "EEXIST") return;
  log.warn("a lock that was put aside could not be removed", { reason: plainReason(error) });
}

/** "other": another lock stands there. "stuck": it is the one, but cannot be renamed now. */
export type Moved = "done" | "gone" | "other" | "stuck";

/**
 * Takes the lock at `path` out of the way if it is the one for which `isIt` holds: renames it aside, looks again, removes
 * it. Another one is put back.
 */
export async function moveAway(
  parts: RemoverParts & { readonly random: Random },
  path: string,
  isIt: (sighting: Sighting) => boolean,
): Promise<Moved> {
  const { files, random } = parts;
  // Looked at right before as well: the closer the look, the seldomer a wrong one is moved.
  const standing = await lookAtLock(files, path);
  if (standing.kind === "gone") return "gone";
  if (!isIt(standing)) return "other";
  const { folder, prefix } = asidePlace(path);
  const aside = join(folder, `${prefix}${random.id()}`);
  try {
    await files.rename(path, aside);
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT") return "gone";
    // Held open (Windows), or in a folder where only its owner may rename it.
    if (code === "EACCES" || code === "EPERM" || code === "EBUSY") return "stuck";
    throw error;
  }
  let moved: Sighting;
  try {
    moved = await lookAtLock(files, aside);
  } catch (error) {
    await putBack(parts, aside, path);
    throw error;
  }
  if (moved.kind !== "gone" && !isIt(moved)) {
    await putBack(parts, aside, path);
    return "other";
  }
  await removeAside(parts, aside);
  return "done";
}

/**
 * A folder that is still empty may give way: its maker has no owner file in it yet, will find one, and goes on waiting.
 * If another owner has the place, the lock that was moved is lost; its holder sees that by `stillOurs`.
 */
async function putBack(parts: RemoverParts, aside: string, path: string): Promise<void> {
  try {
    await parts.files.rename(aside, path);
  } catch (error) {
    parts.log.warn("a lock that was moved by mistake could not be put back", { reason: plainReason(error) });
    await removeAside(parts, aside);
  }
}
