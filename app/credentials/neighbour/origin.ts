/**
 * From what the writer of a whole file had set out, and so what it changed: pure functions over the states that were seen.
 *
 * opencode reads the whole file, changes one login, and writes the whole file a moment later. So each write has an origin,
 * the state that its writer had read: what it changed since counts, and whatever else it undid goes back. An origin is
 * sought in this order:
 *
 * 1. A pair that we replaced is known to others only from the file. Who writes one a few seconds later (`SLOW_MS`) had read
 *    a state that held it, and did not mean to bring it back; who brings it later still restores an old copy (5).
 * 2. Any other writer had read the last state, or one that a write of ours followed a moment ago (`LATE_MS`).
 * 3. Of the states that are one change away the newest counts. Who changes nothing would not write: content equal to an
 *    earlier state is a change back (A, B, A), made from a newer one.
 * 4. A writer late by another program's write as well undoes that, as it would without us. Only where that takes back
 *    nothing but oauth logins, whose pairs do not return in a moment as an API key may, the older state counts.
 * 5. Content equal to an earlier state, but no single change, is an old copy: a backup tool's, say. It stands, but for
 *    pairs that we replaced; other spent tokens in it are healed by the keeper (I5).
 * 6. Else the closest state counts, in doubt the newest: so several writes between two looks undo nothing either, and a
 *    person's edit, which is closest to the last state, stands.
 *
 * What cannot be told apart, as the content is the same, in the moment after a write of ours or beside a pair that we
 * replaced:
 * - a late writer since whose reading two logins of others changed, one of them to what it writes, from one that takes the
 *   other change back;
 * - two writes between two looks, one of which takes the last change back, from one late write;
 * - a late write of what its writer had read (a sign-out of what is not there, the same API key again) from a change back.
 * This may cost what another program wrote; never a pair of ours, by 1.
 */

/** What one slot says; equal meanings are equal slots. */
import { type Pair } from "../../ports/credential-file.ts";
export interface Value {
  readonly raw: string;
  readonly meaning: string;
  /** Where the slot is an oauth login. */
  readonly pair: Pair | null;
}

/** The slots of a file at one moment, without those that opencode does not understand: its writes drop them. */
export interface State {
  readonly format: "flat" | "accounts";
  readonly slots: ReadonlyMap<string, Value>;
}

/** A state of the path. Times are monotonic ms. */
export interface Stood {
  readonly state: State;
  /** When it was first seen, or written by us. */
  readonly since: number;
  readonly ours: boolean;
}

/** From what a writer may have set out. */
export interface Origin {
  readonly state: State;
  /** It is the last one, or a write of ours came right after it; else another program's came between. */
  readonly direct: boolean;
  /** It is the last one, or was so a moment ago. */
  readonly recent: boolean;
  /** It is the last one, or was so a few seconds ago. */
  readonly near: boolean;
}

/** The path, and when it was last looked at. */
interface Watched {
  readonly past: readonly Stood[];
  readonly lookedAt: number;
}

/** Between a program's reading and its writing: about 2 ms in opencode, and more on a busy machine. */
const LATE_MS = 250;
/** A program that stood still in between, say; a backup tool brings back older things. */
const SLOW_MS = 10_000;

/** @returns the ids of the slots in which the two states differ. */
export function differences(from: State, to: State): readonly string[] {
  const ids = new Set([...from.slots.keys(), ...to.slots.keys()]);
  return [...ids].filter((id) => meaningOf(from, id) !== meaningOf(to, id));
}

/** @returns from what a writer at the path may have set out, oldest first. */
export function originsAt({ past, lookedAt }: Watched): readonly Origin[] {
  return past.flatMap(({ state }, index) => {
    const next = past[index + 1];
    if (next === undefined) return [{ state, direct: true, recent: true, near: true }];
    const own = past.slice(index + 1).find(({ ours }) => ours);
    if (own === undefined || (!next.ours && next.since < own.since - LATE_MS)) return [];
    const since = lookedAt - next.since;
    return [{ state, direct: next.ours, recent: since <= LATE_MS, near: since <= SLOW_MS }];
  });
}

/** The same of a writer into the inode that stood at the path, once we replaced it at `now`. */
export function originsOfOrphan({ past, lookedAt }: Watched, now: number): readonly Origin[] {
  const own = { state: lastOf(past).state, since: now, ours: true };
  return originsAt({ past: [...past, own], lookedAt }).slice(0, -1);
}

/** What the writer of `seen` changed; a pair that we replaced is never a change. */
export function changesOf(origins: readonly Origin[], seen: State, replaced: ReadonlySet<string>): readonly string[] {
  const base = origin(origins, seen, replaced);
  return differences(base, seen).filter((id) => !replaced.has(slotKey(seen, id)));
}

/** The state that the writer of `seen` had read, by the rule at the top. */
function origin(origins: readonly Origin[], seen: State, replaced: ReadonlySet<string>): State {
  const last = lastOf(origins).state;
  if (differences(last, seen).length === 0) return last;
  const late = [...seen.slots.keys()].filter((id) => replaced.has(slotKey(seen, id)));
  const held = origins.filter(
    ({ state, near }) => near && late.every((id) => meaningOf(state, id) === meaningOf(seen, id)),
  );
  const possible = late.length > 0 && held.length > 0 ? held : origins.filter(({ recent }) => recent);
  const newestFirst = possible
    .filter(({ state }) => state.format === seen.format)
    .map((each) => ({ ...each, changed: differences(each.state, seen) }))
    .reverse();
  const direct = newestFirst.filter((each) => each.direct);
  const oneChange =
    direct.find(({ changed }) => changed.length === 1) ??
    newestFirst.find(
      ({ state, changed }) => changed.length === 1 && isOauth(differences(state, last), changed, last, seen),
    );
  if (oneChange !== undefined) return oneChange.state;
  if (newestFirst.some(({ changed }) => changed.length === 0)) return last;
  let closest = { state: last, changes: Number.POSITIVE_INFINITY };
  for (const { state, changed } of direct) {
    if (changed.length < closest.changes) closest = { state, changes: changed.length };
  }
  return closest.state;
}

/** Do these, but for some, hold oauth logins in the one state or else in the other? */
function isOauth(ids: readonly string[], but: readonly string[], one: State, other: State): boolean {
  return ids.every((id) => but.includes(id) || (one.slots.get(id) ?? other.slots.get(id))?.pair != null);
}

/** One value of one slot. */
export function slotKey(state: State, id: string): string {
  return JSON.stringify([id, meaningOf(state, id)]);
}

/** @returns null where the slot is not there. */
export function meaningOf(state: State, id: string): string | null {
  return state.slots.get(id)?.meaning ?? null;
}

/** @throws when there is none. */
export function lastOf<T>(past: readonly T[]): T {
  const last = past.at(-1);
  if (last === undefined) throw new RangeError("no state was ever seen");
  return last;
}
