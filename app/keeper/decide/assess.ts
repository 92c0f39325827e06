/**
 * The one decision function: from facts on disk to the state of each login and what is to be done about it.
 * Everything else in the engine carries out what is decided here. Pure.
 */

import { ALL } from "../../shared/data/all.ts";
import { lookUp } from "../../shared/data/by-id.ts";
import type { Setback } from "../../shared/login/setback.ts";
import type { LoginState } from "../../shared/login/states.ts";
import { openIntents, pairOf, successorOf } from "../notes/journal-view.ts";
import { endOf, removalOf, type TokenNote } from "../notes/ledger.ts";
import type { Wait } from "../notes/waits.ts";
import { type ManagedEntry } from "./entries.ts";
import type { Facts, Trouble } from "./facts.ts";
import { rescuePair, supersedes } from "./put-backs.ts";
import { CAREFUL_TRIES, dueAt, MIN_GAP, nextDeliberate } from "./schedule.ts";

/** "user": Refresh now. It overrides due times and back-off, not a rate limit, a shared login or an old copy. */
export type Force = "none" | "user";

export interface Assessment {
  readonly id: string;
  readonly fp: string | null;
  readonly state: LoginState;
  /** When the keeper does something about it by itself (wall ms), or null. */
  readonly nextAt: number | null;
  /** From when it is to be redeemed (wall ms); it may lie far back, or ahead where it is forced. null = it is not. */
  readonly dueSince: number | null;
  /** Redeem this generation now, under this attempt number. It is the entry's own, or the end of its chain. */
  readonly redeem: { readonly fp: string; readonly attempt: number } | null;
}

/** Between two "try once more" of a login that has ended. */
const TRY_AGAIN_GAP = 60_000;
/** An intent of a live process counts as a refresh under way for this long. */
const UNDER_WAY = 60_000;

type Ended = NonNullable<TokenNote["ended"]>;

/** @param force for this very login. */
export function assess(facts: Facts, managed: ManagedEntry, force: Force = "none"): Assessment {
  const { entry, fp } = managed;
  const { id } = entry;
  const { ledger, now } = facts;
  const rest = (state: LoginState, nextAt: number | null = null): Assessment => ({
    id,
    fp,
    state,
    nextAt,
    dueSince: null,
    redeem: null,
  });

  if (fp === null) return rest(emptied(facts, id));
  const note = lookUp(ledger.tokens, fp);
  const gone = removalOf(ledger, fp);
  if (gone !== null) return rest({ name: "oldCopy", since: gone.removedAt });
  if (note?.spentAt !== undefined) return stale(facts, managed, fp, force);
  if (note?.displacedAt !== undefined) return rest({ name: "oldCopy", since: note.displacedAt });

  if (note?.ended !== undefined) return ended(facts, managed, fp, note.ended, force);
  const with_ = facts.shared.all ?? facts.shared.tokens.get(entry.pair.refresh) ?? null;
  if (with_ !== null && lookUp(facts.settings.allow, id)?.shared !== true) return rest({ name: "shared", with: with_ });

  const blocked = waiting(facts, managed, fp, force);
  const open = openIntents(facts.journal, fp);
  if (open.length > 0) return unknown(facts, managed, fp, force, blocked);
  const unrotated = successorOf(facts.journal, fp);
  if (unrotated?.fp === fp && supersedes(unrotated, managed)) return rest({ name: "refreshing" }, now);
  if (blocked !== null) return rest(blocked.state, blocked.next);

  const due = dueTime(facts, managed, fp);
  if (force === "none" && due > now) return rest(calm(facts, id, { name: "healthy" }), due);
  // Until a try succeeds, a login that failed is not well again just because its wait is over.
  const failed = lookUp(facts.waits.tokens, fp) ?? lookUp(facts.waits.providers, managed.entry.provider);
  const state: LoginState =
    failed === undefined || failed.kind === "unknown" || due > now
      ? calm(facts, id, { name: "due" })
      : { name: "retrying", since: failed.since, next: now, why: whyOf(failed) };
  return { id, fp, state, nextAt: Math.max(due, now), dueSince: due, redeem: { fp, attempt: nextAttempt(facts, fp) } };
}

/** The refresh token was emptied: our safe copy is kept until a sign-in or a rescue. */
function emptied(facts: Facts, id: string): LoginState {
  const login = lookUp(facts.ledger.logins, id);
  return { name: "wipedElsewhere", since: login?.wipedAt ?? facts.now, kept: rescuePair(facts, id) !== null };
}

/** The provider ended it. It is asked again only by a person, once a minute, and not while an answer may still come. */
function ended(facts: Facts, managed: ManagedEntry, fp: string, { reason, at }: Ended, force: Force): Assessment {
  const state: LoginState = { name: "signIn", reason: reason ?? "refused", since: at };
  const base = { id: managed.entry.id, fp, state, nextAt: null };
  // A time that lies ahead means that the clock stepped back since.
  const triedAgainAt = lookUp(facts.ledger.tokens, fp)?.triedAgainAt ?? 0;
  const tooSoon = triedAgainAt <= facts.now && triedAgainAt + TRY_AGAIN_GAP > facts.now;
  const lives = facts.senders.get(fp) === "alive";
  return force === "user" && !tooSoon && !lives && waiting(facts, managed, fp, force) === null
    ? { ...base, dueSince: at, redeem: { fp, attempt: nextAttempt(facts, fp) } }
    : { ...base, dueSince: null, redeem: null };
}

/** A spent token stands in the file: a commit that is still to come, or a stale writer (I5). */
function stale(facts: Facts, managed: ManagedEntry, fp: string, force: Force): Assessment {
  const { id } = managed.entry;
  const end = endOf(facts.ledger, fp);
  if (openIntents(facts.journal, end).length > 0) {
    // Nothing is written while it is open; the deliberate attempt is made with the end itself, out of the journal.
    const over = lookUp(facts.ledger.tokens, end)?.ended;
    const assessment =
      over === undefined
        ? unknown(facts, managed, end, force, waiting(facts, managed, end, force))
        : ended(facts, managed, end, over, force);
    return { ...assessment, fp, redeem: pairOf(facts.journal, end) === null ? null : assessment.redeem };
  }
  if (pairOf(facts.journal, end) !== null) {
    const failed = lookUp(facts.waits.tokens, fp);
    const obstacle = failed?.kind === "transient" ? failed : facts.trouble;
    const state: LoginState =
      obstacle === null
        ? { name: "refreshing" }
        : { name: "retrying", since: obstacle.since, next: obstacle.next, why: whyOf(obstacle) };
    return { id, fp, state, nextAt: facts.now, dueSince: null, redeem: null };
  }
  const since = lookUp(facts.ledger.tokens, fp)?.spentAt ?? facts.now;
  return { id, fp, state: { name: "signIn", reason: "olderCopy", since }, nextAt: null, dueSince: null, redeem: null };
}

/** A request was sent under this token and its answer is not known. */
function unknown(facts: Facts, managed: ManagedEntry, fp: string, force: Force, blocked: Blocked | null): Assessment {
  const { id } = managed.entry;
  const { now } = facts;
  const open = openIntents(facts.journal, fp);
  const first = open[0];
  const newest = open.at(-1);
  const base = { id, fp, dueSince: null, redeem: null };
  const since = first === undefined ? now : Math.min(first.at, now);
  const lives = facts.senders.get(fp) === "alive";
  if (lives && newest !== undefined && now - newest.at < UNDER_WAY && now >= newest.at) {
    return { ...base, state: { name: "refreshing" }, nextAt: null };
  }
  if (blocked?.state.name === "rateLimited") return { ...base, state: blocked.state, nextAt: blocked.next };
  const tooSoon =
    open.length > CAREFUL_TRIES && newest !== undefined && newest.at <= now && newest.at + TRY_AGAIN_GAP > now;
  // An answer may lie in its socket, however long it stands still: a second sending would make that one void.
  if (force === "user" && !tooSoon && !lives) {
    const state: LoginState = { name: "outcomeUnknown", since, next: now };
    return { ...base, state, nextAt: now, dueSince: since, redeem: { fp, attempt: nextAttempt(facts, fp) } };
  }
  if (lives) return { ...base, state: { name: "outcomeUnknown", since, next: null }, nextAt: null };
  const own = nextDeliberate(first?.at ?? now, newest?.at ?? now, open.length, now);
  const next = Math.max(own, blocked?.next ?? 0);
  const state: LoginState = { name: "outcomeUnknown", since, next };
  return next > now
    ? { ...base, state, nextAt: next }
    : { ...base, state, nextAt: now, dueSince: next, redeem: { fp, attempt: nextAttempt(facts, fp) } };
}

interface Blocked {
  readonly state: LoginState;
  readonly next: number | null;
}

/** What holds a refresh back for now, or null. */
function waiting(facts: Facts, managed: ManagedEntry, fp: string, force: Force): Blocked | null {
  const { now, reading } = facts;
  const own = lookUp(facts.waits.tokens, fp);
  if (own?.kind === "rateLimited" && own.next > now)
    return { state: { name: "rateLimited", until: own.next }, next: own.next };
  if (reading.kind === "good" && reading.cannotReplace !== null) {
    const state: LoginState = {
      name: "retrying",
      since: own?.since ?? now,
      next: now + MIN_GAP,
      why: { kind: "cannotReplace", problem: reading.cannotReplace },
    };
    return { state, next: now + MIN_GAP };
  }
  if (force === "user") return null;
  if (facts.trouble !== null && facts.trouble.next > now && dueTime(facts, managed, fp) <= now) {
    const { since, next } = facts.trouble;
    return { state: { name: "retrying", since, next, why: whyOf(facts.trouble) }, next };
  }
  for (const wait of [lookUp(facts.waits.providers, managed.entry.provider), own]) {
    if (wait !== undefined && wait.kind !== "unknown" && wait.next > now && !waitIsOver(wait, facts.networkBackAt)) {
      return { state: { name: "retrying", since: wait.since, next: wait.next, why: whyOf(wait) }, next: wait.next };
    }
  }
  return null;
}

/** Why a refresh is tried again; trouble is always with writing. */
function whyOf(obstacle: Wait | Trouble): Setback {
  return "problem" in obstacle ? { kind: "nothingWritten", problem: obstacle.problem } : obstacle.setback;
}

const waitIsOver = (wait: Wait, networkBackAt: number): boolean => wait.notSent === true && wait.since < networkBackAt;

/** From when the login is due, its lineage's minimum gap included. */
function dueTime(facts: Facts, managed: ManagedEntry, fp: string): number {
  const { ledger, now } = facts;
  const note = lookUp(ledger.tokens, fp);
  const lineage = note === undefined ? undefined : lookUp(ledger.lineages, note.lineage);
  const { pair, id } = managed.entry;
  const refused = lookUp(facts.pings.logins, id)?.refusedFp === fp && note?.by401 !== true;
  const due =
    refused || pair.access === ""
      ? now
      : dueAt(pair.expires, lineage?.lifetimeMs ?? null, facts.settings.schedule, now);
  const gap = lineage?.lastRefreshAt === undefined ? 0 : Math.min(lineage.lastRefreshAt, now) + MIN_GAP;
  return Math.max(due, gap);
}

/** Attempt numbers never repeat while an older one is open; a free one is the first above all that stand on disk. */
function nextAttempt(facts: Facts, fp: string): number {
  return (facts.journal.byToken.get(fp)?.at(-1)?.attempt ?? 0) + 1;
}

function calm(facts: Facts, id: string, state: LoginState): LoginState {
  for (const key of [id, ALL]) {
    const until = lookUp(facts.settings.pauses, key);
    if (until === null || (until !== undefined && until > facts.now)) return { name: "paused", until };
  }
  return state;
}
