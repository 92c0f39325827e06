import type { HeldLock } from "../../ports/lock.ts";
import { lookUp } from "../../shared/data/by-id.ts";
import { errorCode, UserError } from "../../shared/data/errors.ts";
import type { HistoryEvent } from "../../shared/login/history.ts";
import type { ForgetRefusal, KeptCopy } from "../../shared/login/kept.ts";
import { FORGET_WORDS, forgetRefused } from "../../shared/words/kept.ts";
import type { CommandResult } from "../api.ts";
import type { EngineContext } from "../context.ts";
import { detectIn } from "../decide/detect.ts";
import type { Facts } from "../decide/facts.ts";
import { type KeptGeneration, keptCopies, keptGenerations } from "../decide/kept-copies.ts";
import { chainOf, type Ledger, saveLedger, withToken } from "../notes/ledger.ts";
import { PATHS } from "../notes/paths.ts";
import { erase, lockToErase, recorder, tidyJournal } from "../refresh/erase.ts";
import { gatherFacts } from "../refresh/gather.ts";
import { factsRecorded } from "../refresh/record.ts";
import { COMMAND_LOCK_MS } from "./pick.ts";

/**
 * What `forget` can erase: copies of removed logins, and of those that the file lacks although nobody wrote that down yet.
 * Pure.
 */
export function forgettable(facts: Facts): readonly KeptCopy[] {
  const { lacking } = detectIn(facts, false);
  if (lacking.length === 0) return keptCopies(facts);
  return keptCopies({ ...facts, ledger: detectIn(facts, true).ledger });
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
    if (lock.kind === "busy") throw refused(id, { kind: "busy", owner: lock.owner });
    try {
      return await forgetUnderLock(context, id, lock);
    } finally {
      await lock.release();
    }
  } catch (error) {
    if (errorCode(error) === null) throw error;
    throw refused(id, { kind: "failed", code: errorCode(error) });
  }
}

async function forgetUnderLock(context: EngineContext, id: string, lock: HeldLock): Promise<CommandResult> {
  const facts = await factsRecorded(recorder(context, lock));
  refuse(context, facts, id);
  const kept = keptOf(facts, id);
  if (kept.length === 0) return { id, sentence: FORGET_WORDS.nothing };
  if (!(await lock.stillOurs())) throw refused(id, { kind: "takenOver" });

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
  return { id, sentence: FORGET_WORDS.done };
}

const keptOf = (facts: Facts, id: string): readonly KeptGeneration[] =>
  keptGenerations(facts).filter(({ ids }) => ids.includes(id));

/** @throws UserError unless `id` is a login that is gone, or nothing of it is kept any more. */
function refuse(context: EngineContext, facts: Facts, id: string): void {
  const { reading, ledger } = facts;
  if (reading.kind === "problem") {
    throw refused(id, { kind: "fileUnusable", path: context.credentialFile.path, problem: reading.problem });
  }
  const offered = forgettable(facts);
  const present = reading.kind === "good" && reading.entries.some((entry) => entry.id === id);
  if (!offered.some((copy) => copy.id === id)) {
    if (present) throw refused(id, { kind: "inFile" });
    const login = lookUp((reading.kind === "good" ? detectIn(facts, true).ledger : ledger).logins, id);
    if (login?.removedAt !== undefined) return;
    if (login !== undefined) throw refused(id, { kind: reading.kind === "missing" ? "fileMissing" : "movedId" });
    throw refused(id, { kind: "unknown", kept: offered.map((copy) => copy.id) });
  }
  const user = neededBy(facts, new Set(keptOf(facts, id).map(({ fp }) => fp)));
  if (user !== null) throw refused(id, { kind: "olderCopyInFile", at: user });
}

function refused(id: string, refusal: ForgetRefusal): UserError {
  return new UserError(forgetRefused(id, refusal), exitOf(refusal.kind));
}

function exitOf(kind: ForgetRefusal["kind"]): 2 | 3 | 4 {
  switch (kind) {
    case "busy":
    case "takenOver":
    case "failed":
      return 3;
    case "fileUnusable":
      return 4;
    case "inFile":
    case "fileMissing":
    case "movedId":
    case "olderCopyInFile":
    case "unknown":
      return 2;
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
