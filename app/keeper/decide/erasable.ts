/** What may be erased from the journal, because nobody needs it any more. */

import { lookUp } from "../../shared/data/by-id.ts";
import type { Intent } from "../notes/journal-text.ts";
import { openIntents, pairOf, successorOf } from "../notes/journal-view.ts";
import { chainOf, endOf, isSpent, removalOf } from "../notes/ledger.ts";
import type { Facts } from "./facts.ts";
import { erasedAt } from "./kept-copies.ts";

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

/** Must the tokens of generation `fp` still be kept? */
function needed(facts: Facts, fp: string): boolean {
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
