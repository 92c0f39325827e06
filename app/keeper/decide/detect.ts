import type { GoodReading } from "../../ports/credential-file.ts";
import { entriesOf, lookUp } from "../../shared/data/by-id.ts";
import type { HistoryEvent, HistoryWhat } from "../../shared/login/history.ts";
import {
  chainOf,
  endOf,
  type Ledger,
  type LoginNote,
  removalOf,
  withLineage,
  withLogin,
  withToken,
} from "../notes/ledger.ts";
import type { ManagedEntry } from "./entries.ts";
import type { Facts } from "./facts.ts";

export interface Observation {
  readonly ledger: Ledger;
  readonly events: readonly HistoryEvent[];
  /** Logins of the ledger whose token stands nowhere in this reading: removed, if an equal reading 1 s later agrees (I8). */
  readonly lacking: readonly string[];
}

/**
 * What the file tells us that the ledger does not know yet: new pairs, displaced ones, wiped entries, and, if
 * `confirmed`, removals (I4, I8). Pure; the caller saves the result under the lock.
 *
 * @param allowed may an old copy be used at this login? (the user just said so with `allow`)
 */
export function detect(input: {
  readonly ledger: Ledger;
  readonly reading: GoodReading;
  readonly managed: readonly ManagedEntry[];
  readonly confirmed: boolean;
  readonly now: number;
  readonly allowed: (id: string) => boolean;
}): Observation {
  const { reading, managed, now } = input;
  const events: HistoryEvent[] = [];
  const standing = new Set(managed.flatMap(({ fp }) => (fp === null ? [] : [fp])));
  let ledger = cutClock(input.ledger, now);
  const tell = (id: string, by: HistoryEvent["by"], what: HistoryWhat, fingerprint: string | null) =>
    events.push({ at: now, id, by, what, fingerprint });

  for (const { entry, fp } of managed) {
    const { id } = entry;
    const login = lookUp(ledger.logins, id);
    if (fp === null) {
      if (login !== undefined && login.wipedAt === undefined) {
        ledger = withLogin(ledger, id, { ...login, wipedAt: now });
        tell(id, "another writer", { kind: "emptied" }, null);
      }
      continue;
    }
    const known = lookUp(ledger.tokens, fp);
    const usable = known === undefined || (known.spentAt === undefined && isFree(ledger, fp)) || input.allowed(id);
    if (!usable) continue;
    const isBack = known === undefined && login !== undefined && neededSignIn(ledger, login);
    const settled = login?.wipedAt === undefined && login?.removedAt === undefined;
    if (
      login !== undefined &&
      settled &&
      known !== undefined &&
      login.current === endOf(ledger, fp) &&
      isFree(ledger, fp)
    ) {
      if (login.label !== entry.label) ledger = withLogin(ledger, id, { ...login, label: entry.label });
      continue;
    }
    // The user allowed an old copy whose successor we made: the end of its chain goes back (I5), so it is not displaced.
    ledger = known === undefined ? startLineage(ledger, fp, now) : release(ledger, fp);
    const displaced = login === undefined || login.removedAt !== undefined ? null : endOf(ledger, login.current);
    if (displaced !== null && !chainOf(ledger, fp).includes(displaced) && !stands(ledger, displaced, standing)) {
      const note = lookUp(ledger.tokens, displaced);
      if (note !== undefined)
        ledger = withToken(ledger, displaced, { ...note, displacedAt: now, next: endOf(ledger, fp) });
    }
    if (login !== undefined && login.current !== fp) tell(id, "another writer", { kind: "adopted" }, fp);
    if (login === undefined) tell(id, "another writer", { kind: "firstSeen" }, fp);
    ledger = withLogin(ledger, id, {
      current: endOf(ledger, fp),
      provider: entry.provider,
      label: entry.label,
      ...refreshedBy(login, fp, now),
      ...signedIn(login, isBack, now),
    });
  }

  const present = new Set(reading.entries.filter((entry) => entry.kind !== "other").map((entry) => entry.id));
  const lacking = entriesOf(ledger.logins)
    .filter(
      ([id, login]) => login.removedAt === undefined && !present.has(id) && !stands(ledger, login.current, standing),
    )
    .map(([id]) => id);
  if (input.confirmed) {
    for (const id of lacking) {
      const login = lookUp(ledger.logins, id);
      if (login === undefined) continue;
      ledger = withLogin(ledger, id, { ...login, removedAt: now });
      const note = lookUp(ledger.tokens, login.current);
      if (note !== undefined) ledger = withToken(ledger, login.current, { ...note, removedAt: now });
      tell(id, "another writer", { kind: "signedOut" }, login.current);
    }
  }
  return { ledger, events, lacking: input.confirmed ? [] : lacking };
}

/** What the file tells beyond the ledger, without writing it. */
export function detectIn(facts: Facts, confirmed: boolean, allowOldCopy?: string): Observation {
  if (facts.reading.kind !== "good") return { ledger: facts.ledger, events: [], lacking: [] };
  return detect({
    ledger: facts.ledger,
    reading: facts.reading,
    managed: facts.managed,
    confirmed,
    now: facts.now,
    allowed: (id) => id === allowOldCopy,
  });
}

/** Neither displaced nor removed, nor anything after it. */
function isFree(ledger: Ledger, fp: string): boolean {
  return removalOf(ledger, fp) === null && lookUp(ledger.tokens, fp)?.displacedAt === undefined;
}

/** Does the token, or an older or newer generation of the same login, stand somewhere? It moved, then; it was not removed. */
function stands(ledger: Ledger, current: string, standing: ReadonlySet<string>): boolean {
  const end = endOf(ledger, current);
  return [...standing].some((fp) => fp === current || chainOf(ledger, fp).includes(end));
}

function startLineage(ledger: Ledger, fp: string, now: number): Ledger {
  return withLineage(withToken(ledger, fp, { seenAt: now, lineage: fp }), fp, { startedAt: now });
}

/** What was held against this chain (removed, displaced) no longer holds; a spent token keeps its successor. */
function release(ledger: Ledger, fp: string): Ledger {
  let next = ledger;
  for (const at of chainOf(ledger, fp)) {
    const note = lookUp(next.tokens, at);
    if (note === undefined) continue;
    const { removedAt: _removed, forgottenAt: _forgotten, displacedAt: _displaced, next: after, ...rest } = note;
    const keeps = note.spentAt !== undefined && after !== undefined;
    next = withToken(next, at, keeps ? { ...rest, next: after } : rest);
    if (!keeps) break;
  }
  return next;
}

/** Was a sign-in what helped? An old copy in its place is not told by our notes. */
function neededSignIn(ledger: Ledger, { current, removedAt, wipedAt }: LoginNote): boolean {
  const hasEnded = lookUp(ledger.tokens, endOf(ledger, current))?.ended !== undefined;
  return removedAt !== undefined || wipedAt !== undefined || hasEnded;
}

function signedIn(login: LoginNote | undefined, isBack: boolean, now: number): Pick<LoginNote, "signedInAt"> {
  if (isBack) return { signedInAt: now };
  return login?.signedInAt === undefined ? {} : { signedInAt: login.signedInAt };
}

function refreshedBy(login: LoginNote | undefined, fp: string, now: number): Pick<LoginNote, "lastRefresh"> {
  if (login === undefined) return {};
  if (login.current !== fp) return { lastRefresh: { at: now, outcome: "adopted" } };
  return login.lastRefresh === undefined ? {} : { lastRefresh: login.lastRefresh };
}

/** After the clock stepped back, "refreshed tomorrow" must not keep a login waiting. */
function cutClock(ledger: Ledger, now: number): Ledger {
  let next = ledger;
  for (const [id, lineage] of entriesOf(ledger.lineages)) {
    if (lineage.lastRefreshAt !== undefined && lineage.lastRefreshAt > now) {
      next = withLineage(next, id, { ...lineage, lastRefreshAt: now });
    }
  }
  return next;
}
