import type { Facts } from "./facts.ts";
import { pairOf } from "./journal.ts";
import { endOf } from "./ledger.ts";
import { KEEP_REMOVED_MS } from "./settle.ts";

/** Removed logins of which the journal still holds a safe copy, and when it goes. */
export function removalsToErase(facts: Facts): readonly { readonly id: string; readonly erasedAt: number }[] {
  return Object.entries(facts.ledger.logins).flatMap(([id, login]) => {
    if (login.removedAt === undefined) return [];
    const kept = pairOf(facts.journal, endOf(facts.ledger, login.current)) !== null;
    return kept ? [{ id, erasedAt: login.removedAt + KEEP_REMOVED_MS }] : [];
  });
}
