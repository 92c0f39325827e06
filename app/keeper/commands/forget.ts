import type { HeldLock } from "../../ports/lock.ts";
import { lookUp } from "../../shared/data/by-id.ts";
import { errorCode, plainReason, UserError } from "../../shared/data/errors.ts";
import type { HistoryEvent } from "../../shared/login/history.ts";
import type { KeptCopy } from "../../shared/login/kept.ts";
import { unknownCopy } from "../../shared/words/commands.ts";
import { fileProblemWords } from "../../shared/words/file-problem.ts";
import type { CommandResult } from "../api.ts";
import type { EngineContext } from "../context.ts";
import { observeFacts } from "../decide/detect.ts";
import type { Facts } from "../decide/facts.ts";
import { type KeptGeneration, keptCopies, keptGenerations } from "../decide/kept-copies.ts";
import { chainOf, type Ledger, saveLedger, withToken } from "../notes/ledger.ts";
import { PATHS } from "../notes/paths.ts";
import { erase, tidyJournal } from "../refresh/erase.ts";
import { lockToErase, recorder } from "../refresh/erase-overdue.ts";
import { gatherFacts } from "../refresh/gather.ts";
import { settle } from "../refresh/record.ts";
import { COMMAND_LOCK_MS } from "./pick.ts";

/**
 * What `forget` can erase: copies of removed logins, and of those that the file lacks although nobody wrote that down yet.
 * Pure.
 */
export function forgettable(facts: Facts): readonly KeptCopy[] {
  const { lacking } = observeFacts(facts, false);
  if (lacking.length === 0) return keptCopies(facts);
  return keptCopies({ ...facts, ledger: observeFacts(facts, true).ledger });
}

/**
 * Erases our safe copies of a removed login at once, as the seventh day would; fingerprints stay. What is to go is written
 * down first, so a crash only delays it to the next pass.
 * @throws UserError for an unknown id, for a login of which the file still needs the copy, and where it cannot be done now.
 */
export async function forget(context: EngineContext, id: string, signal: AbortSignal): Promise<CommandResult> {
  context.checkFolders();
  refuse(context, await gatherFacts(context), id);
  try {
    const lock = await lockToErase(context, COMMAND_LOCK_MS, signal);
    if (lock.kind === "busy")
      throw new UserError(`Nothing was erased: another process (${lock.owner}) works on the file; try again later.`, 3);
    try {
      return await forgetUnderLock(context, id, lock);
    } finally {
      await lock.release();
    }
  } catch (error) {
    if (errorCode(error) === null) throw error;
    throw new UserError(`Not everything could be erased (${plainReason(error)}); try again.`, 3);
  }
}

async function forgetUnderLock(context: EngineContext, id: string, lock: HeldLock): Promise<CommandResult> {
  const facts = await settle(recorder(context, lock));
  refuse(context, facts, id);
  const kept = keptOf(facts, id);
  if (kept.length === 0) return { id, sentence: "Nothing of it is kept any more." };
  if (!(await lock.stillOurs())) throw new UserError("Nothing was erased: another process took over; try again.", 3);

  const ledger = forgotten(facts.ledger, kept, facts.now);
  await saveLedger(context.files, PATHS.ledger(context.folder), ledger, context.random);
  // From here on it goes, whatever happens.
  const events: readonly HistoryEvent[] = kept.map(({ fp }) => ({
    at: facts.now,
    id,
    by: "the user",
    what: { kind: "copyErased", because: "asked" },
    fingerprint: fp,
  }));
  await context.history.append(events);
  await tidyJournal(context, facts);
  await erase(context, { ...facts, ledger });
  await context.journal.sync();
  return { id, sentence: "Our safe copy of it is erased." };
}

const keptOf = (facts: Facts, id: string): readonly KeptGeneration[] =>
  keptGenerations(facts).filter(({ ids }) => ids.includes(id));

/** @throws UserError unless `id` is a login that is gone, or nothing of it is kept any more. */
function refuse(context: EngineContext, facts: Facts, id: string): void {
  const { reading, ledger } = facts;
  if (reading.kind === "problem") {
    const { path } = context.credentialFile;
    throw new UserError(
      `${path}: ${fileProblemWords(reading.problem)}. It may still need our copy, so nothing was erased.`,
      4,
    );
  }
  const offered = forgettable(facts);
  const present = reading.kind === "good" && reading.entries.some((entry) => entry.id === id);
  if (!offered.some((copy) => copy.id === id)) {
    if (present)
      throw new UserError(`${id} is still in the file, so its safe copy is needed. Sign out of it there first.`, 2);
    const login = lookUp((reading.kind === "good" ? observeFacts(facts, true).ledger : ledger).logins, id);
    if (login?.removedAt !== undefined) return;
    if (login !== undefined) {
      const why = reading.kind === "missing" ? "a missing file is no sign-out" : "its token is under another id now";
      throw new UserError(`${id} was not signed out (${why}), so its safe copy stays.`, 2);
    }
    const kept = offered.map((copy) => copy.id);
    throw new UserError(unknownCopy(id, kept), 2);
  }
  const user = neededBy(facts, new Set(keptOf(facts, id).map(({ fp }) => fp)));
  if (user !== null) {
    const where = user === id ? "An older copy of it" : `An older copy of it (${user})`;
    throw new UserError(`${where} is in the file and may need ours. Sign out of it there first.`, 2);
  }
}

/** The login in the file that holds one of these generations, or one from which they came; null = none. */
function neededBy({ managed, ledger }: Facts, fps: ReadonlySet<string>): string | null {
  const user = managed.find(({ fp }) => fp !== null && chainOf(ledger, fp).some((at) => fps.has(at)));
  return user?.entry.id ?? null;
}

/** Marked at each token that was removed, so that answers still under way go the same way. */
function forgotten(ledger: Ledger, kept: readonly KeptGeneration[], now: number): Ledger {
  let marked = ledger;
  for (const at of new Set(kept.flatMap(({ fp }) => chainOf(ledger, fp)))) {
    const note = lookUp(marked.tokens, at);
    if (note?.removedAt !== undefined) marked = withToken(marked, at, { ...note, forgottenAt: now });
  }
  return marked;
}
