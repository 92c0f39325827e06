/** The one list of what is to be done about a credential file and our notes on it: keeper and pass both ask it. Pure. */

import type { Pair, PairChange } from "../../ports/credential-file.ts";
import type { Provider } from "../../ports/provider.ts";
import { type Intent } from "../notes/journal-text.ts";
import { pairOf } from "../notes/journal-view.ts";
import { endOf } from "../notes/ledger.ts";
import { cutWaits } from "../notes/waits.ts";
import { assess } from "./assess.ts";
import { type Observation, observeFacts } from "./detect.ts";
import type { Facts } from "./facts.ts";
import { erasable, isOverdue, keptGenerations } from "./kept-copies.ts";
import { copiesToKeep, ownTorn, putBacks, unrotatedDone } from "./put-backs.ts";
import { type RescueTarget, rescueChanges } from "./rescue.ts";

/** What is asked for beyond what the file and our notes need by themselves. */
export interface Wish {
  /** Redeem what is due. */
  readonly due: boolean;
  /** Redeem now: login id -> the fingerprint it set out from; a newer one that is found satisfies it. null = whatever is there. */
  readonly force: ReadonlyMap<string, string | null>;
  /** The user just said that the old copy at this id may be used. */
  readonly allowOldCopy?: string | undefined;
  /** Put this generation back. */
  readonly rescue?: RescueTarget | undefined;
}

/** What a keeper wants. */
export const KEEPING: Wish = { due: true, force: new Map() };

/** One refresh token to redeem, for every login that holds it. */
export interface Redemption {
  readonly kind: "redeem";
  readonly fp: string;
  readonly pair: Pair;
  readonly provider: Provider;
  readonly ids: readonly string[];
  readonly attempt: number;
}

export type Work =
  /** What file and journal tell is not in our notes yet: pairs need a copy, or the ledger and the waits are behind. */
  | { readonly kind: "record" }
  /** The file does not hold what it ought to. */
  | { readonly kind: "putBack"; readonly changes: readonly PairChange[] }
  /** Refreshes that brought no new refresh token, and that the file holds by now. */
  | { readonly kind: "closeUnrotated"; readonly intents: readonly Intent[] }
  | Redemption
  /** The journal holds tokens that nobody needs any more. */
  | { readonly kind: "erase" };

/** @returns what is to be done now, in this order; the redemptions by the login that has been due longest. */
export function workOf(facts: Facts, wish: Wish = KEEPING): readonly Work[] {
  if (facts.reading.kind === "missing") return isOverdue(facts) ? [{ kind: "erase" }] : [];
  if (facts.reading.kind === "problem") return [];
  const seen = observeFacts(facts, false, wish.allowOldCopy);
  const known: Facts = { ...facts, ledger: seen.ledger };
  // A rescue first: of two changes of one entry the first is made.
  const changes = [...(wish.rescue === undefined ? [] : rescueChanges(known, wish.rescue)), ...putBacks(known)];
  const intents = unrotatedDone(known);
  return [
    ...(mustRecord(facts, seen) ? [{ kind: "record" } as const] : []),
    ...(changes.length > 0 ? [{ kind: "putBack", changes } as const] : []),
    ...(intents.length > 0 ? [{ kind: "closeUnrotated", intents } as const] : []),
    ...redemptions(known, wish),
    ...(erasable(known).length > 0 ? [{ kind: "erase" } as const] : []),
  ];
}

function mustRecord(facts: Facts, { ledger, lacking }: Observation): boolean {
  const known: Facts = { ...facts, ledger };
  return (
    facts.damaged.length > 0 ||
    lacking.length > 0 ||
    JSON.stringify(ledger) !== JSON.stringify(facts.noted) ||
    cutWaits(facts.waits, facts.now) !== facts.waits ||
    ownTorn(known).length > 0 ||
    copiesToKeep(known).length > 0
  );
}

function redemptions(facts: Facts, { due, force }: Wish): readonly Redemption[] {
  const wanted = facts.managed
    .map((managed) => {
      const from = force.get(managed.entry.id);
      const forced = force.has(managed.entry.id) && (from === null || from === managed.fp);
      return { managed, forced, assessment: assess(facts, managed, forced ? "user" : "none") };
    })
    .filter(({ forced }) => forced || due)
    .sort((a, b) => (a.assessment.dueSince ?? 0) - (b.assessment.dueSince ?? 0));
  return wanted.flatMap(({ managed, assessment: { redeem } }): readonly Redemption[] => {
    const provider = facts.providers.get(managed.entry.provider);
    if (redeem === null || provider === undefined) return [];
    const { fp, attempt } = redeem;
    const pair = managed.fp === fp ? managed.entry.pair : pairOf(facts.journal, fp);
    if (pair === null) return [];
    const ids = facts.managed
      .filter((each) => each.fp !== null && endOf(facts.ledger, each.fp) === fp)
      .map(({ entry }) => entry.id);
    return [{ kind: "redeem", fp, pair, provider, ids, attempt }];
  });
}

/** While another process waits for an answer: if it is killed, no event tells so. */
const LOOK_AGAIN_MS = 60_000;

/** @returns the earliest wall time at which there will be work, as far as it is known now; Infinity = none. */
export function nextWorkAt(facts: Facts): number {
  const times = facts.managed.map((managed) => assess(facts, managed).nextAt);
  const erasures = keptGenerations(facts).map(({ erasedAt }) => erasedAt);
  const foreign = [...facts.senders.values()].includes("alive") ? [facts.now + LOOK_AGAIN_MS] : [];
  return Math.min(...[...times, ...erasures, ...foreign].filter((at) => at !== null), Number.POSITIVE_INFINITY);
}
