/** Safe copies of removed logins: which the journal still holds, and when they go. */

import { entriesOf, lookUp } from "../../shared/data/by-id.ts";
import type { KeptCopy } from "../../shared/login/kept.ts";
import type { Intent } from "../notes/journal-text.ts";
import { keptPairs, openIntents, pairOf, successorOf } from "../notes/journal-view.ts";
import { chainOf, endOf, isSpent, type Ledger, removalOf, type TokenNote } from "../notes/ledger.ts";
import type { Facts } from "./facts.ts";

/** The safe copy of a removed login is erased after this (ms). */
export const KEEP_REMOVED_MS = 7 * 24 * 3_600_000;

/** A generation of a removed login whose tokens the journal holds. */
export interface KeptGeneration {
  readonly fp: string;
  /** Under which ids it stood. */
  readonly ids: readonly string[];
  /** Wall ms. */
  readonly erasedAt: number;
}

/** @returns every generation of a removed login whose tokens are kept for this file, also those of earlier sign-ins at an id. */
export function keptGenerations(facts: Facts): readonly KeptGeneration[] {
  const { ledger, journal, file } = facts;
  const seen = new Map<string, KeptGeneration>();
  for (const { fp, ids } of keptPairs(journal, file)) {
    const removed = removalOf(ledger, fp);
    // The tokens of a spent one go with the pass that made it so: only what could still be used counts as kept.
    if (removed === null || isSpent(ledger, fp)) continue;
    const own = ownersOf(ledger, fp);
    const all = [...new Set([...(seen.get(fp)?.ids ?? []), ...(own.length > 0 ? own : ids)])];
    seen.set(fp, { fp, ids: all, erasedAt: erasedAt(removed) });
  }
  return [...seen.values()];
}

/** Is there a generation of a removed login that had to go by now? */
export function isOverdue(facts: Facts): boolean {
  return keptGenerations(facts).some(({ erasedAt: at }) => at <= facts.now);
}

/** @returns removed logins of which a safe copy is kept, and when it is erased; by id. */
export function keptCopies(facts: Facts): readonly KeptCopy[] {
  const dates = new Map<string, number>();
  for (const { ids, erasedAt: at } of keptGenerations(facts)) {
    for (const id of ids) dates.set(id, Math.max(dates.get(id) ?? 0, at));
  }
  return [...dates]
    .map(([id, at]) => ({ id, erasedAt: at }))
    .sort((a, b) => a.erasedAt - b.erasedAt || (a.id < b.id ? -1 : 1));
}

/** Must the tokens of generation `fp` still be kept? */
export function needed(facts: Facts, fp: string): boolean {
  const { ledger, now } = facts;
  const note = lookUp(ledger.tokens, fp);
  if (note === undefined) return true;
  const removed = removalOf(ledger, fp);
  if (removed !== null) return now < erasedAt(removed) && note.spentAt === undefined;
  if (note.spentAt !== undefined)
    return pairOf(facts.journal, endOf(ledger, fp)) === null && successorOf(facts.journal, fp) === null;
  if (note.displacedAt === undefined) return true;
  // Displaced: until a pair that took its place has itself been refreshed with success.
  const chain = chainOf(ledger, fp);
  return (
    chain.slice(1).every((at) => lookUp(ledger.tokens, at)?.spentAt === undefined) ||
    openIntents(facts.journal, fp).length > 0
  );
}

function erasedAt(removed: TokenNote & { readonly removedAt: number }): number {
  return Math.min(removed.removedAt + KEEP_REMOVED_MS, removed.forgottenAt ?? Number.POSITIVE_INFINITY);
}

/** Logins that were removed while they held this generation, or one before or after it. */
function ownersOf(ledger: Ledger, fp: string): readonly string[] {
  return entriesOf(ledger.logins)
    .filter(
      ([, { removedAt, current }]) =>
        removedAt !== undefined && (chainOf(ledger, fp).includes(current) || chainOf(ledger, current).includes(fp)),
    )
    .map(([id]) => id);
}

/** Tombstones are swept once the ledger has long known the token as spent. */
const KEEP_TOMBSTONE_MS = 30 * 24 * 3_600_000;

/** One thing that may go from the journal. */
export type Erasure =
  | { readonly kind: "copy"; readonly fp: string }
  /** The answer stays as a tombstone, without its tokens. */
  | { readonly kind: "tokens"; readonly intent: Intent }
  | { readonly kind: "intent"; readonly fp: string; readonly attempt: number };

/**
 * What the journal holds of this file and nobody needs any more: tokens whose next generation is safe, those of logins that
 * were removed 7 days ago, and tombstones that the ledger has known for 30 days.
 */
export function erasable(facts: Facts): readonly Erasure[] {
  const { journal, file } = facts;
  return [
    ...journal.copies
      .filter((copy) => copy.file === file && !needed(facts, copy.fp))
      .map(({ fp }) => ({ kind: "copy", fp }) as const),
    ...journal.intents.filter((intent) => intent.file === file).flatMap((intent) => erasureOf(facts, intent)),
  ];
}

function erasureOf(facts: Facts, intent: Intent): readonly Erasure[] {
  const { fp, attempt, successor } = intent;
  const { ledger, now } = facts;
  const note = lookUp(ledger.tokens, fp);
  const over = note?.spentAt ?? note?.displacedAt;
  const isLongOver = over !== undefined && over < now - KEEP_TOMBSTONE_MS;
  const whole = [{ kind: "intent", fp, attempt } as const];
  if (successor === null) return isLongOver ? whole : [];
  if (successor.fp === fp) return needed(facts, fp) ? [] : whole;
  if (note?.spentAt === undefined) return [];
  if (successor.pair !== null) return needed(facts, successor.fp) ? [] : [{ kind: "tokens", intent }];
  return isLongOver && isSpent(ledger, successor.fp) ? whole : [];
}
