/**
 * The multi-account format's own lock, `auth.json.lock`: created exclusively, removed after the write, stale once it has
 * stood unchanged for 30 s. The flat format has none.
 */
import { type Clock } from "../../ports/clock.ts";
import { type Files, type OpenFile } from "../../ports/files.ts";
import { type Log } from "../../ports/log.ts";
import { errorCode, plainReason } from "../../shared/data/errors.ts";
import type { WriteProblem } from "../../shared/login/file-problem.ts";
import { closeQuietly } from "../read/stable-read.ts";

const STALE_MS = 30_000;
/** So long ago that no clock error explains it: then a command, which waits only a moment, need not meet it for ever. */
const LONG_MS = 10 * 60_000;
const SEEN_MS = 200;
const POLL_MS = 50;
/** A commit holds it for some ms. */
const COMMIT_MS = 1_000;
/** Write-only, which no other program uses: it marks the lock as ours from the moment that it exists, also after our death. */
const OUR_MODE = 0o200;

export type FormatLockResult =
  /** `release` never throws. */
  | { readonly kind: "held"; readonly release: () => Promise<void> }
  | { readonly kind: "cannot"; readonly problem: WriteProblem };

export interface FormatLock {
  /**
   * @param path the lock file.
   * @param waitMs how long to wait for it, monotonic.
   */
  acquire(path: string, waitMs: number): Promise<FormatLockResult>;
  /**
   * Removes one that a dead process of ours left. Only under our own lock: a process that lost that may still be committing its
   * answer, so the same one must stand there for longer than that takes. It never throws.
   */
  clearOwn(path: string): Promise<void>;
}

/**
 * Remembers, from one try to the next, since when a foreign lock has stood unchanged on our own clock; its own times count
 * where they are long past.
 */
export function createFormatLock(files: Files, clock: Clock, log: Pick<Log, "warn">): FormatLock {
  let foreign: { readonly identity: string; readonly since: number } | null = null;

  const identityAt = async (path: string): Promise<string | null> => (await lookAt(path))?.identity ?? null;
  const lookAt = async (path: string): Promise<{ identity: string; touchedAt: number; mode: number } | null> => {
    try {
      const { dev, ino, size, mtimeNs, mode } = await files.stat(path);
      return { identity: [dev, ino, size, mtimeNs].join(" "), touchedAt: Number(BigInt(mtimeNs) / 1_000_000n), mode };
    } catch (error) {
      if (errorCode(error) === "ENOENT") return null;
      throw error;
    }
  };

  /** Removes the lock in the way if nobody touched it for long enough. */
  const clearStale = async (path: string): Promise<boolean> => {
    const look = await lookAt(path);
    if (look === null) return false;
    const { identity, touchedAt } = look;
    const now = clock.monotonic();
    if (foreign?.identity !== identity) foreign = { identity, since: now };
    const stoodMs = now - foreign.since;
    const isStale = stoodMs >= STALE_MS || (stoodMs >= SEEN_MS && clock.now() - touchedAt > LONG_MS);
    if (!isStale || (await identityAt(path)) !== identity) return false;
    foreign = null;
    await files.remove(path);
    return true;
  };

  return {
    acquire: async (path, waitMs) => {
      const until = clock.monotonic() + waitMs;
      for (;;) {
        try {
          const handle = await files.open(path, "createNew", OUR_MODE);
          foreign = null;
          return { kind: "held", release: () => release(files, path, handle, log) };
        } catch (error) {
          if (errorCode(error) !== "EEXIST")
            return { kind: "cannot", problem: { kind: "failed", code: errorCode(error) } };
        }
        try {
          if (await clearStale(path)) continue;
        } catch (error) {
          if (errorCode(error) !== "ENOENT")
            return { kind: "cannot", problem: { kind: "failed", code: errorCode(error) } };
        }
        if (clock.monotonic() >= until) return { kind: "cannot", problem: { kind: "formatLockBusy" } };
        await clock.sleep(Math.min(POLL_MS, Math.max(1, until - clock.monotonic())));
      }
    },
    clearOwn: async (path) => {
      try {
        const look = await lookAt(path);
        if (look?.mode !== OUR_MODE) return;
        await clock.sleep(COMMIT_MS);
        if ((await identityAt(path)) === look.identity) await files.remove(path);
      } catch (error) {
        if (errorCode(error) !== "ENOENT")
          log.warn("a lock that we left could not be removed", { reason: plainReason(error) });
      }
    },
  };
}

/** Our handle keeps the inode number from being used again, so a lock that was taken over is told from ours. */
async function release(files: Files, path: string, handle: OpenFile, log: Pick<Log, "warn">): Promise<void> {
  try {
    const [ours, there] = [await handle.stat(), await files.stat(path)];
    if (ours.dev === there.dev && ours.ino === there.ino) await files.remove(path);
  } catch (error) {
    // Gone, or out of reach: it becomes stale by itself.
    if (errorCode(error) !== "ENOENT")
      log.warn("the format's own lock could not be removed", { reason: plainReason(error) });
  }
  await closeQuietly(handle);
}
