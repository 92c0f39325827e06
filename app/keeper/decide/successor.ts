import type { Fingerprint } from "../../ports/fingerprint.ts";
import type { Grant } from "../../ports/provider.ts";
import { entriesOf, lookUp } from "../../shared/data/by-id.ts";
import type { Successor } from "../notes/journal-text.ts";
import { isSpent } from "../notes/ledger.ts";
import type { Facts } from "./facts.ts";
import { DEFAULT_LIFETIME } from "./schedule.ts";
import type { Redemption } from "./work.ts";

/**
 * The generation that an answer makes.
 * @param sentAt when the request left (wall ms): lifetimes count from there.
 */
export function successorFrom(
  facts: Facts,
  { pair, fp }: Redemption,
  grant: Grant,
  sentAt: number,
  fingerprint: Fingerprint,
): Successor {
  const note = lookUp(facts.ledger.tokens, fp);
  const lineage = note === undefined ? undefined : lookUp(facts.ledger.lineages, note.lineage);
  // A server that hands out a token which it took from us before gives nothing that may be written (I5): the old one stays.
  const fresh = grant.refresh !== null && !isSpent(facts.ledger, fingerprint.of(grant.refresh)) ? grant.refresh : null;
  const refresh = fresh ?? pair.refresh;
  const standing = facts.managed.filter((managed) => managed.fp === fp).map(({ accessFp }) => accessFp);
  const refused = entriesOf(facts.pings.logins).some(([, ping]) => ping.refusedFp === fp);
  return {
    pair: {
      access: grant.access,
      refresh,
      expires: sentAt + (grant.lifetimeMs ?? lineage?.lifetimeMs ?? DEFAULT_LIFETIME),
    },
    fp: fingerprint.of(refresh),
    at: sentAt,
    lifetimeMs: grant.lifetimeMs,
    loginLifetimeMs: grant.loginLifetimeMs,
    // Only ever compared; a server that puts a secret there must not bring it into our notes.
    accountUuid: grant.accountUuid === null ? null : fingerprint.of(grant.accountUuid),
    by401: refused,
    replaces: [...new Set([fingerprint.of(pair.access), ...standing])],
  };
}
