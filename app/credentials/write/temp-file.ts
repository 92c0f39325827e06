/** The temp file that becomes the credential file: in the target's own folder, with its owner, and 0600. */

import { type Random } from "../../ports/clock.ts";
import { type FileStat, type Files, type OpenFile } from "../../ports/files.ts";
import { type Log } from "../../ports/log.ts";
import { errorCode, plainReason } from "../../shared/data/errors.ts";
import type { WriteProblem } from "../../shared/login/file-problem.ts";
import { closeQuietly, type StableGood } from "../read/stable-read.ts";
import { folderOf, inFolder, nameOf } from "../read/store-path.ts";

export interface Temp {
  readonly path: string;
  readonly handle: OpenFile;
}
export type TempResult =
  | { readonly kind: "ready"; readonly temp: Temp }
  | { readonly kind: "cannot"; readonly problem: WriteProblem };

export interface Temps {
  /**
   * A temp file that may be renamed over `target`; the one of before if it still serves.
   * @param room bytes that are reserved in it.
   */
  ready(target: StableGood, room: number): Promise<TempResult>;
  /** Removes what a crash left behind; only under the lock. It never throws. */
  removeLeftovers(realPath: string): Promise<void>;
  /** The temp file was renamed: it is none any more. */
  used(): Promise<void>;
  /** Removes the temp file, if there is one. It never throws. */
  discard(): Promise<void>;
}

interface Current extends Temp {
  readonly folder: string;
  readonly owner: Pick<FileStat, "uid" | "gid">;
  readonly room: number;
}

export function createTemps(files: Files, random: Random, log: Pick<Log, "warn">): Temps {
  let current: Current | null = null;

  const serves = async (target: StableGood, room: number): Promise<boolean> => {
    if (current === null || current.folder !== folderOf(target.realPath) || current.room < room) return false;
    if (current.owner.uid !== target.stat.uid || current.owner.gid !== target.stat.gid) return false;
    try {
      const [ours, there] = [await current.handle.stat(), await files.stat(current.path)];
      return ours.dev === there.dev && ours.ino === there.ino;
    } catch {
      return false;
    }
  };

  const discard = async (): Promise<void> => {
    if (current === null) return;
    const { handle, path } = current;
    current = null;
    await closeQuietly(handle);
    await removeQuietly(files, path, log);
  };

  return {
    ready: async (target, room) => {
      if (current !== null && (await serves(target, room))) return { kind: "ready", temp: current };
      await discard();
      const folder = folderOf(target.realPath);
      const path = inFolder(folder, `${prefixOf(target.realPath)}${random.id()}${SUFFIX}`);
      try {
        const handle = await files.open(path, "createNew", 0o600);
        const { uid, gid } = target.stat;
        current = { path, handle, folder, owner: { uid, gid }, room };
        if (room > 0) {
          await handle.write(new Uint8Array(room), 0);
          await handle.sync();
        }
        if (!(await owned(handle, uid, gid))) {
          await discard();
          return { kind: "cannot", problem: { kind: "foreignOwner" } };
        }
        await handle.setMode(0o600);
        return { kind: "ready", temp: current };
      } catch (error) {
        await discard();
        return { kind: "cannot", problem: { kind: "noTempFile", code: errorCode(error) } };
      }
    },
    removeLeftovers: async (realPath) => {
      const folder = folderOf(realPath);
      const names = await files.list(folder).catch((error: unknown) => {
        log.warn("temp files beside the file could not be looked for", { reason: plainReason(error) });
        return [];
      });
      for (const name of names) {
        if (!name.startsWith(prefixOf(realPath)) || !name.endsWith(SUFFIX)) continue;
        const path = inFolder(folder, name);
        if (path !== current?.path) await removeQuietly(files, path, log);
      }
    },
    used: async () => {
      if (current === null) return;
      const { handle } = current;
      current = null;
      await closeQuietly(handle);
    },
    discard,
  };
}

const SUFFIX = ".tmp";

function prefixOf(realPath: string): string {
  return `.${nameOf(realPath)}.pilot-light-`;
}

/** Gives the file to that owner. A group that we may not give is no matter: its members could not read the file anyway. */
async function owned(handle: OpenFile, uid: number, gid: number): Promise<boolean> {
  const stat = await handle.stat();
  if (stat.uid === uid && stat.gid === gid) return true;
  try {
    await handle.setOwner(uid, gid);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code !== "EPERM" && code !== "EINVAL") throw error;
    return stat.uid === uid;
  }
}

async function removeQuietly(files: Files, path: string, log: Pick<Log, "warn">): Promise<void> {
  try {
    await files.remove(path);
  } catch (error) {
    // It is hidden, 0600, and the next session removes it.
    if (errorCode(error) !== "ENOENT")
      log.warn("a temp file beside the file could not be removed", { reason: plainReason(error) });
  }
}
