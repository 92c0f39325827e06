import type { HistoryEvent } from "./api.ts";
import { type EngineContext, type Facts, type GatherOptions, gatherFacts, PATHS } from "./facts.ts";
import { type Intent, openIntents, pairOf, successorOf } from "./journal.ts";
import { chainOf, endOf, type Ledger, saveLedger } from "./ledger.ts";
import { type Observation, observe } from "./observe.ts";
import type { Reading } from "./ports.ts";
import { cutWaits, saveWaits } from "./waits.ts";

/** Two equal reads this far apart make a removal (I8). */
const REMOVAL_MS = 1_000;
/** The safe copy of a removed login is erased after this. */
export const KEEP_REMOVED_MS = 7 * 24 * 3_600_000;
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
    await write(context, facts, settled);
    options.onEvents(seen.events);
    await context.history.append(seen.events);
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
  const note = ledger.tokens[fp];
  return (
    note !== undefined && note.spentAt === undefined && note.removedAt === undefined && note.displacedAt === undefined
  );
}

/**
 * Intents without a whole header whose token belongs to this file. The journal is shared by all files of the state dir: what is
 * torn to us may be what another file's process is just writing.
 */
export function ownTorn({ journal, ledger }: Facts): readonly string[] {
  return journal.torn.filter((name) => ledger.tokens[name.slice(0, name.indexOf("."))] !== undefined);
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
    const standing = facts.managed.find((managed) => managed.fp === fp)?.entry.pair;
    const { pair } = successor;
    return (
      standing === undefined || pair === null || standing.access === pair.access || standing.expires > pair.expires
    );
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
  const { journal } = context;
  const { ledger, now, reading } = facts;
  if (reading.kind !== "good") return;
  for (const copy of facts.journal.copies) {
    if (copy.file === context.file && !needed(facts, copy.fp)) await journal.dropCopy(copy.fp);
  }
  for (const intent of facts.journal.intents) {
    const { successor } = intent;
    if (intent.file !== context.file) continue;
    const note = ledger.tokens[intent.fp];
    const over = note?.spentAt ?? note?.displacedAt;
    const spentLongAgo = over !== undefined && over < now - KEEP_TOMBSTONE_MS;
    if (successor === null) {
      if (spentLongAgo) await journal.discard(intent.fp, intent.attempt);
      continue;
    }
    if (successor.fp === intent.fp) continue;
    if (note?.spentAt === undefined) continue;
    if (successor.pair !== null && !needed(facts, successor.fp)) await journal.scrub(intent);
    else if (successor.pair === null && spentLongAgo && ledger.tokens[successor.fp]?.spentAt !== undefined) {
      await journal.discard(intent.fp, intent.attempt);
    }
  }
}

/** Must the tokens of generation `fp` still be kept? */
function needed(facts: Facts, fp: string): boolean {
  const { ledger, now } = facts;
  const note = ledger.tokens[fp];
  if (note === undefined) return true;
  const chain = chainOf(ledger, fp);
  const removedAt = chain.map((at) => ledger.tokens[at]?.removedAt).find((at) => at !== undefined);
  if (removedAt !== undefined) return now < removedAt + KEEP_REMOVED_MS && note.spentAt === undefined;
  if (note.spentAt !== undefined)
    return pairOf(facts.journal, endOf(ledger, fp)) === null && successorOf(facts.journal, fp) === null;
  if (note.displacedAt === undefined) return true;
  // Displaced: until a pair that took its place has itself been refreshed with success.
  return (
    chain.slice(1).every((at) => ledger.tokens[at]?.spentAt === undefined) || openIntents(facts.journal, fp).length > 0
  );
}
