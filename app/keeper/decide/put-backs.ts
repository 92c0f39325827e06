/** What must be put right in the file and in the journal, whoever left it so: pure functions over the facts. */

import type { Pair, PairChange } from "../../ports/credential-file.ts";
import { lookUp } from "../../shared/data/by-id.ts";
import type { Copy, Intent, Successor } from "../notes/journal-text.ts";
import { openIntents, pairOf, successorOf } from "../notes/journal-view.ts";
import { endOf, removalOf } from "../notes/ledger.ts";
import type { ManagedEntry } from "./entries.ts";
import type { Facts } from "./facts.ts";

/**
 * What the file needs to hold the newest generation of each login: a commit after a refresh, a recovery after a crash and the
 * healing of a stale write are one and the same (I5). Asked on a fresh reading before each write; removed logins and
 * ends with an open intent get nothing (I8, I5).
 */
export function putBacks(facts: Facts): readonly PairChange[] {
  const changes: PairChange[] = [];
  for (const managed of facts.managed) {
    const { entry, fp } = managed;
    if (fp === null) continue;
    if (removalOf(facts.ledger, fp) !== null) continue;
    const end = endOf(facts.ledger, fp);
    const spent = lookUp(facts.ledger.tokens, fp)?.spentAt !== undefined;
    const unrotated = successorOf(facts.journal, fp);
    if (!spent) {
      // The answer brought no new refresh token: only what it says of the access token is to be written.
      if (end !== fp || unrotated?.fp !== fp || unrotated.pair === null || !supersedes(unrotated, managed)) continue;
      changes.push({ id: entry.id, from: entry.pair.refresh, pair: unrotated.pair });
      continue;
    }
    if (lookUp(facts.ledger.tokens, end)?.spentAt !== undefined || openIntents(facts.journal, end).length > 0) continue;
    const pair = pairOf(facts.journal, end);
    if (pair === null) continue;
    changes.push({ id: entry.id, from: entry.pair.refresh, pair });
  }
  return changes;
}

/** The pair that a rescue of `id` would put back: the newest generation, never a spent one. */
export function rescuePair(facts: Facts, id: string): Pair | null {
  const login = lookUp(facts.ledger.logins, id);
  if (login === undefined || login.removedAt !== undefined) return null;
  const end = endOf(facts.ledger, login.current);
  // The same grant may have been removed under another id: what was removed stays removed (I8).
  if (removalOf(facts.ledger, login.current) !== null) return null;
  if (lookUp(facts.ledger.tokens, end)?.spentAt !== undefined || openIntents(facts.journal, end).length > 0)
    return null;
  return pairOf(facts.journal, end);
}

/**
 * Does an answer that kept the refresh token say something that the file does not hold yet? What stood there when it was asked
 * for is older, whatever it says of its own end; of anything else that end is all we know.
 */
export function supersedes({ pair, replaces }: Successor, { entry, accessFp }: ManagedEntry): boolean {
  if (pair === null || pair.access === entry.pair.access) return false;
  return replaces?.includes(accessFp) === true || pair.expires >= entry.pair.expires;
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
 */
export function unrotatedDone(facts: Facts): readonly Intent[] {
  if (facts.reading.kind !== "good") return [];
  return facts.journal.intents.filter(({ fp, successor, file: of }) => {
    if (of !== facts.file || successor === null || successor.fp !== fp) return false;
    return facts.managed.every((managed) => managed.fp !== fp || !supersedes(successor, managed));
  });
}

/** A pair that stands in the file as the newest of its login, and that the journal does not hold yet. */
export function copiesToKeep({ managed, ledger, journal, file }: Facts): readonly Omit<Copy, "version">[] {
  return managed.flatMap(({ entry, fp }) => {
    const note = fp === null ? undefined : lookUp(ledger.tokens, fp);
    if (fp === null || note === undefined || pairOf(journal, fp) !== null) return [];
    const isNewest = note.spentAt === undefined && note.removedAt === undefined && note.displacedAt === undefined;
    return isNewest ? [{ fp, file, ids: [entry.id], pair: entry.pair }] : [];
  });
}
