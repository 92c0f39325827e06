import { lookUp } from "../../shared/data/by-id.ts";
import { type JournalView, keptPairs } from "../notes/journal-view.ts";
import { EMPTY_LEDGER, endOf, isSpent, type Ledger, withLineage, withLogin, withToken } from "../notes/ledger.ts";
import { type ManagedEntry } from "./entries.ts";
import { replayJournal } from "./replay.ts";

/**
 * The ledger of a file of which the notes are damaged or lost, from what the journal proves: spent tokens and their successors,
 * and whose safe copies there are. A kept pair that no login holds any more counts as displaced by what stands in its place, or,
 * where nothing does, as what the login last held: the next pass finds it removed. Pure.
 *
 * Not known any more: what was removed or displaced longer ago, lifetimes, deadlines, and that a provider ended a login.
 */
export function rebuiltLedger(
  journal: JournalView,
  file: string,
  managed: readonly ManagedEntry[],
  now: number,
): Ledger {
  let ledger = replayJournal(EMPTY_LEDGER, journal, file);
  const kept = [...keptPairs(journal, file)].sort((a, b) => b.at - a.at);
  const ends = new Map(
    managed.flatMap(({ entry, fp }) => (fp === null ? [] : [[entry.id, endOf(ledger, fp)] as const])),
  );
  const standing = new Set(ends.values());
  for (const { fp, ids } of kept) {
    const known = lookUp(ledger.tokens, fp);
    const note = known ?? { seenAt: now, lineage: fp };
    if (known === undefined) ledger = withLineage(withToken(ledger, fp, note), fp, { startedAt: now });
    if (isSpent(ledger, fp) || standing.has(fp)) continue;
    for (const id of ids) {
      const holder = ends.get(id) ?? lookUp(ledger.logins, id)?.current;
      if (holder === undefined) {
        const provider = id.split("/", 1)[0] ?? id;
        ledger = withLogin(ledger, id, { current: fp, provider, label: id });
      } else if (holder !== fp) {
        ledger = withToken(ledger, fp, { ...note, displacedAt: now, next: holder });
      }
    }
  }
  return ledger;
}
