/** Logins that were lost or overwritten, as far as the journal still holds a generation of them that may live. Pure. */

import type { PairChange } from "../../ports/credential-file.ts";
import { lookUp } from "../../shared/data/by-id.ts";
import type { Rescuable } from "../../shared/login/kept.ts";
import { type KeptPair, keptPairs, openIntents, pairOf } from "../notes/journal-view.ts";
import { chainOf, endOf, isSpent, removalOf } from "../notes/ledger.ts";
import { detectIn } from "./detect.ts";
import type { ManagedEntry } from "./entries.ts";
import type { Facts } from "./facts.ts";

/** @returns what could be put back, at most one for each login: the newest generation that is not known to be dead. */
export function rescuables(facts: Facts): readonly Rescuable[] {
  if (facts.reading.kind !== "good") return [];
  // What the file lacks at this moment counts as removed, although nobody wrote that down yet.
  const known = { ...facts, ledger: detectIn(facts, true).ledger };
  const newest = new Map<string, KeptPair>();
  for (const generation of generations(known)) {
    for (const id of generation.ids) {
      const other = newest.get(id);
      if (other === undefined || weightOf(known, id, generation) > weightOf(known, id, other)) {
        newest.set(id, generation);
      }
    }
  }
  return [...newest].map(([id, generation]) => offer(known, id, generation)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * What puts generation `fp` back at `id`. Asked on a fresh reading, like every plan: nothing where it stands already, or may no
 * longer be used.
 */
export function rescueChanges(facts: Facts, { id, fp }: RescueTarget): readonly PairChange[] {
  const offered = rescuables(facts).find((each) => each.id === id && each.fingerprint === fp);
  const pair = pairOf(facts.journal, fp);
  if (offered === undefined || offered.obstacle !== null || pair === null) return [];
  const standing = facts.managed.find(({ entry }) => entry.id === id);
  if (standing?.fp === fp) return [];
  // What came in the meantime is in no journal yet: the next pass keeps a copy of it first.
  const over = standing?.fp ?? null;
  const note = over === null ? undefined : lookUp(facts.ledger.tokens, over);
  const isOld = note?.spentAt !== undefined || note?.displacedAt !== undefined || note?.removedAt !== undefined;
  if (over !== null && !isOld && pairOf(facts.journal, over) === null) return [];
  return [{ id, from: standing?.entry.pair.refresh ?? null, pair }];
}

/** Which generation is to be put back where. */
export interface RescueTarget {
  readonly id: string;
  readonly fp: string;
}

/**
 * Every generation of this file whose tokens are kept and that is not known to be spent, ended or under way (I5), and that does
 * not live where it stands.
 */
function generations(facts: Facts): readonly KeptPair[] {
  const { journal, ledger, managed, file } = facts;
  return keptPairs(journal, file).flatMap(({ fp, ids, at }) => {
    const note = lookUp(ledger.tokens, fp);
    const dead =
      isSpent(ledger, fp) ||
      openIntents(journal, fp).length > 0 ||
      note?.ended !== undefined ||
      (note?.displacedAt === undefined && removalOf(ledger, fp) === null && managed.some((each) => each.fp === fp)) ||
      chainOf(ledger, fp).some((each) => lookUp(ledger.tokens, each)?.forgottenAt !== undefined);
    return dead ? [] : [{ fp, ids, at: Math.max(at, note?.seenAt ?? 0) }];
  });
}

/** The generation that our notes call the login's own comes before all others, then the youngest. */
function weightOf({ ledger }: Facts, id: string, { fp, at }: KeptPair): number {
  const login = lookUp(ledger.logins, id);
  return login !== undefined && endOf(ledger, login.current) === fp ? Number.POSITIVE_INFINITY : at;
}

function offer(facts: Facts, id: string, { fp, at }: KeptPair): Rescuable {
  const { ledger, reading, managed } = facts;
  const base = { id, fingerprint: fp, seenAt: at, obstacle: null };
  const standing = managed.find(({ entry }) => entry.id === id);
  if (standing !== undefined) return { ...base, ...overwritten(facts, standing, fp) };
  const since = removalOf(ledger, fp)?.removedAt ?? lookUp(ledger.logins, id)?.removedAt ?? null;
  const taken = reading.kind === "good" && reading.entries.some((entry) => entry.id === id);
  const obstacle = taken
    ? "otherKind"
    : reading.kind === "good" && reading.format === "accounts"
      ? "accountsFormat"
      : null;
  return { ...base, why: "removed", since, obstacle };
}

/** Another thing stands where this generation would go. */
function overwritten(facts: Facts, standing: ManagedEntry, fp: string): Pick<Rescuable, "why" | "since"> {
  const { ledger } = facts;
  if (standing.fp === null) {
    return { why: "emptied", since: lookUp(ledger.logins, standing.entry.id)?.wipedAt ?? null };
  }
  const note = lookUp(ledger.tokens, standing.fp);
  if (note?.spentAt !== undefined) return { why: "newer", since: note.spentAt };
  const old = removalOf(ledger, standing.fp)?.removedAt ?? note?.displacedAt;
  if (old !== undefined) return { why: "oldCopy", since: old };
  return {
    why: note?.ended === undefined ? "replaced" : "ended",
    since: lookUp(ledger.tokens, fp)?.displacedAt ?? null,
  };
}
