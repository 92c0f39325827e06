/** Safe copies of removed logins: which the journal still holds, and when they go. */

import { entriesOf, lookUp } from "../../shared/data/by-id.ts";
import type { KeptCopy } from "../../shared/login/kept.ts";
import { keptPairs } from "../notes/journal-view.ts";
import { chainOf, isSpent, type Ledger, removalOf, type TokenNote } from "../notes/ledger.ts";
import type { Facts } from "./facts.ts";

/** The safe copy of a removed login is erased after this (ms). */
const KEEP_REMOVED_MS = 7 * 24 * 3_600_000;

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
    .map(([id, at]) => ({ id, ...labelOf(facts.ledger, id), erasedAt: at }))
    .sort((a, b) => a.erasedAt - b.erasedAt || (a.id < b.id ? -1 : 1));
}

function labelOf({ logins }: Ledger, id: string): Pick<KeptCopy, "label"> {
  const login = lookUp(logins, id);
  return login === undefined ? {} : { label: login.label };
}

/** When the safe copy of a removed login goes, in wall ms. */
export function erasedAt(removed: TokenNote & { readonly removedAt: number }): number {
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
