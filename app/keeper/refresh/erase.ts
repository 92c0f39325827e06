import { folderOf } from "../../ports/durable.ts";
import type { Files } from "../../ports/files.ts";
import type { BusyLock, HeldLock } from "../../ports/lock.ts";
import { lookUp } from "../../shared/data/by-id.ts";
import { errorCode, plainReason } from "../../shared/data/errors.ts";
import type { EngineContext } from "../context.ts";
import { erasable } from "../decide/erasable.ts";
import type { Facts } from "../decide/facts.ts";
import { openIntents } from "../notes/journal-view.ts";
import { PATHS } from "../notes/paths.ts";
import { LOCK } from "./pass.ts";
import { factsRecorded, type Recorder } from "./record.ts";

/** Erases from the journal what nobody needs any more. Under the lock; facts must be recorded. @throws file errors. */
export async function erase({ journal }: EngineContext, facts: Facts): Promise<void> {
  for (const each of erasable(facts)) {
    switch (each.kind) {
      case "copy":
        await journal.dropCopy(each.fp);
        break;
      case "tokens":
        await journal.scrub(each.intent);
        break;
      case "intent":
        await journal.discard(each.fp, each.attempt);
        break;
      default:
        each satisfies never;
    }
  }
}

/** Under our lock nobody writes notes on tokens of this file: what a process left half-written holds tokens, too. */
export async function tidyJournal({ journal }: EngineContext, facts: Facts): Promise<void> {
  await journal.tidy(
    (fp) => lookUp(facts.ledger.tokens, fp) !== undefined && openIntents(facts.journal, fp).length === 0,
  );
}

/**
 * Erases what had to go by now where no pass does it, for there is no credential file. Nothing is done while another process
 * is at work on it; file errors are logged.
 */
export async function eraseOverdue(context: EngineContext, signal: AbortSignal): Promise<void> {
  try {
    const lock = await lockToErase(context, 0, signal);
    if (lock.kind === "busy") return;
    try {
      const facts = await factsRecorded(recorder(context, lock));
      if (facts.reading.kind === "missing" && (await lock.stillOurs())) {
        await tidyJournal(context, facts);
        await erase(context, facts);
      }
    } finally {
      await lock.release();
    }
  } catch (error) {
    if (errorCode(error) === null) throw error;
    context.log.warn("a safe copy could not be erased yet", { reason: plainReason(error) });
  }
}

/** Writes notes as a pass does, with nothing asked for. */
export const recorder = (context: EngineContext, lock: HeldLock): Recorder => ({
  context,
  lock,
  held: new Map(),
  networkBackAt: undefined,
  allowOldCopy: undefined,
  tell: (events) => context.history.append(events),
});

/**
 * The lock beside the credential file, as for a pass. Where that file's folder is gone, nobody can make it: no pass begins,
 * and one that was under way has lost its lock, so it writes no notes any more, and the answer that it waits for has an open
 * intent, which is never erased. Only others that erase are left; a lock among our notes keeps them apart. It counts as ours
 * while the folder stays away, for once it is back a pass may hold the one beside the file. The folder is not ours to make.
 * @throws file errors.
 */
export async function lockToErase(
  context: EngineContext,
  waitMs: number,
  signal: AbortSignal,
): Promise<HeldLock | BusyLock> {
  const path = await context.credentialFile.lockPath();
  const options = { ...LOCK, waitMs, signal };
  const noFolder = () => isGone(context.files, folderOf(path));
  try {
    return await context.lock.acquire(path, options);
  } catch (error) {
    if (!(await noFolder())) throw error;
  }
  const lock = await context.lock.acquire(PATHS.eraseLock(context.folder), options);
  if (lock.kind === "busy") return lock;
  return { ...lock, stillOurs: async () => (await lock.stillOurs()) && (await noFolder()) };
}

async function isGone(files: Files, path: string): Promise<boolean> {
  try {
    await files.stat(path);
    return false;
  } catch (error) {
    return errorCode(error) === "ENOENT";
  }
}
