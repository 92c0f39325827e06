import type { Reading } from "../../ports/ports.ts";
import { lookUp } from "../../shared/by-id.ts";
import type { HistoryEvent } from "../../shared/history.ts";
import { supersedes } from "../decide/assess.ts";
import { type Observation, observe } from "../decide/detect.ts";
import { type EngineContext, type Facts, type GatherOptions, gatherFacts, PATHS } from "../decide/facts.ts";
import { needed } from "../decide/kept-copies.ts";
import { type Intent, openIntents, pairOf } from "../notes/journal.ts";
import { type Ledger, saveLedger } from "../notes/ledger.ts";
import { setAside } from "../notes/notes.ts";
import { cutWaits, saveWaits } from "../notes/waits.ts";

/** Two equal reads this far apart make a removal (I8). */
const REMOVAL_MS = 1_000;
/** Tombstones are swept once the ledger has long known the token as spent. */
const KEEP_TOMBSTONE_MS = 30 * 24 * 3_600_000;

export interface SettleOptions extends GatherOptions {
  /** The user just said that the old copy at this id may be used. */
  readonly allowOldCopy?: string | undefined;
  /** May we write? false once our lock was taken over: then what we know stays in memory. */
  readonly mayWrite: () => Promise<boolean>;
  readonly onEvents: (events: readonly HistoryEvent[]) => void;
}

export type Settle = () => Promise<Facts>;

/** What the file tells beyond the ledger, without writing it. */
export function observeFacts(facts: Facts, confirmed: boolean, allowOldCopy?: string): Observation {
  if (facts.reading.kind !== "good") return { ledger: facts.ledger, events: [], lacking: [] };
  return observe({
    ledger: facts.ledger,
    reading: facts.reading,
    managed: facts.managed,
    confirmed,
    now: facts.now,
    allowed: (id) => id === allowOldCopy,
  });
}

/**
 * Under the lock: reads all facts, makes sure of removals, and writes down what the file told (pairs first, then the ledger).
 * @returns the facts with the ledger as it is now.
 */
export async function settle(context: EngineContext, options: SettleOptions): Promise<Facts> {
  let facts = await gatherFacts(context, options);
  let seen = observeFacts(facts, false, options.allowOldCopy);
  if (seen.lacking.length > 0) {
    await context.clock.sleep(REMOVAL_MS);
    const second = await context.credentialFile.read();
    const equal = sameText(facts.reading, second);
    facts = await gatherFacts(context, { ...options, reading: second });
    seen = observeFacts(facts, equal, options.allowOldCopy);
  }
  const settled: Facts = { ...facts, ledger: seen.ledger, waits: cutWaits(facts.waits, facts.now) };
  if (await options.mayWrite()) {
    const events = [...(await setAside(context, facts.damaged)), ...seen.events];
    await write(context, facts, settled);
    options.onEvents(events);
    await context.history.append(events);
  }
  return settled;
}

function sameText(a: Reading, b: Reading): boolean {
  return a.kind === "good" && b.kind === "good" && a.text === b.text;
}

async function write(context: EngineContext, before: Facts, after: Facts): Promise<void> {
  const { files, folder, journal, random } = context;
  for (const name of ownTorn(after)) await journal.discardTorn(name);
  for (const { entry, fp } of after.managed) {
    if (fp === null || !isNewest(after.ledger, fp) || pairOf(after.journal, fp) !== null) continue;
    await journal.keepCopy({ fp, file: context.file, ids: [entry.id], pair: entry.pair });
  }
  await saveLedger(files, PATHS.ledger(folder), after.ledger, random);
  if (after.waits !== before.waits) await saveWaits(files, PATHS.waits(folder), after.waits, random);
}

/** Seen, and neither spent, displaced nor removed. */
function isNewest(ledger: Ledger, fp: string): boolean {
  const note = lookUp(ledger.tokens, fp);
  return (
    note !== undefined && note.spentAt === undefined && note.removedAt === undefined && note.displacedAt === undefined
  );
}

/**
 * Intents without a whole header whose token belongs to this file. The journal is shared by all files of the state dir: what is
 * torn to us may be what another file's process is just writing.
 */
export function ownTorn({ journal, ledger }: Facts): readonly string[] {
  return journal.torn.filter((name) => lookUp(ledger.tokens, name.slice(0, name.indexOf("."))) !== undefined);
}

/**
 * Refreshes that brought no new refresh token, and that the file holds by now, or whose token it no longer holds: the commit
 * closes their intents (I1).
 * @param file the hash of this credential file.
 */
export function unrotatedDone(facts: Facts, file: string): readonly Intent[] {
  if (facts.reading.kind !== "good") return [];
  return facts.journal.intents.filter(({ fp, successor, file: of }) => {
    if (of !== file || successor === null || successor.fp !== fp) return false;
    return facts.managed.every((managed) => managed.fp !== fp || !supersedes(successor, managed));
  });
}

/** Closes them. The safe copy follows, for it held the access token that the answer replaced. Under the lock. */
export async function closeUnrotated(context: EngineContext, facts: Facts): Promise<void> {
  for (const { fp, file, ids } of unrotatedDone(facts, context.file)) {
    const standing = facts.managed.find((managed) => managed.fp === fp)?.entry.pair;
    if (standing !== undefined) await context.journal.keepCopy({ fp, file, ids, pair: standing });
    for (const each of facts.journal.intents) if (each.fp === fp) await context.journal.discard(fp, each.attempt);
  }
}

/**
 * Erases tokens that are no longer needed (design section 4, "The journal keeps the newest generation"): those whose next
 * generation is safe, those of logins removed 7 days ago, and tombstones that the ledger has known for 30 days. Under the lock; facts must be settled.
 */
export async function sweep(context: EngineContext, facts: Facts): Promise<void> {
  if (facts.reading.kind === "good") await erase(context, facts);
}

/** What `sweep` does, whatever stands in the file. Under the lock; facts must be settled. */
export async function erase(context: EngineContext, facts: Facts): Promise<void> {
  const { journal } = context;
  const { ledger, now } = facts;
  // Under our lock nobody writes notes on tokens of this file: what a process left half-written holds tokens, too.
  await journal.tidy((fp) => lookUp(ledger.tokens, fp) !== undefined && openIntents(facts.journal, fp).length === 0);
  for (const copy of facts.journal.copies) {
    if (copy.file === context.file && !needed(facts, copy.fp)) await journal.dropCopy(copy.fp);
  }
  for (const intent of facts.journal.intents) {
    const { successor } = intent;
    if (intent.file !== context.file) continue;
    const note = lookUp(ledger.tokens, intent.fp);
    const over = note?.spentAt ?? note?.displacedAt;
    const spentLongAgo = over !== undefined && over < now - KEEP_TOMBSTONE_MS;
    if (successor === null) {
      if (spentLongAgo) await journal.discard(intent.fp, intent.attempt);
      continue;
    }
    if (successor.fp === intent.fp) {
      if (!needed(facts, intent.fp)) await journal.discard(intent.fp, intent.attempt);
      continue;
    }
    if (note?.spentAt === undefined) continue;
    if (successor.pair !== null && !needed(facts, successor.fp)) await journal.scrub(intent);
    else if (successor.pair === null && spentLongAgo && lookUp(ledger.tokens, successor.fp)?.spentAt !== undefined) {
      await journal.discard(intent.fp, intent.attempt);
    }
  }
}
