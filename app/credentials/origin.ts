/**
 * From what the writer of a whole file had set out, and so what it changed: pure functions over the states that were seen.
 *
 * opencode reads the whole file, changes one login, and writes the whole file a moment later. So each write has an origin,
 * the state that its writer had read: what it changed since counts, and whatever else it undid goes back. An origin is
 * sought in this order:
 *
 * 1. A pair that we replaced is known to others only from the file. Who writes one had read a state that held it, however
 *    long ago, and did not mean to bring it back.
 * 2. Any other writer had read the last state, or one from just before a write of ours (`LATE_MS`). A writer late by
 *    another program's write alone undoes that as it would without us.
 * 3. Of the states that are one change away the newest counts. Who changes nothing would not write: content equal to an
 *    earlier state is a change back (A, B, A), made from a newer one.
 * 4. Content equal to an earlier state, but no single change, is an old copy: a backup tool's, say. It stands, but for
 *    pairs that we replaced; other spent tokens in it are healed by the keeper (I5).
 * 5. Else the closest state counts, in doubt the newest: so several writes between two looks undo nothing either, and a
 *    person's edit, which is closest to the last state, stands.
 *
 * What cannot be told apart, as the content is the same, right after a write of ours or beside a pair that we replaced:
 * - a late writer since whose reading two logins of others changed, one of them to what it writes, from one that takes the
 *   other change back;
 * - two writes between two looks, one of which takes the last change back, from one late write;
 * - a late write of what its writer had read (a sign-out of what is not there, the same API key again) from a change back.
 * This may cost what another program wrote; never a pair of ours, by 1.
 */
import type { Pair } from "../keeper/ports.ts";

/** What one slot says; equal meanings are equal slots. */
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

/** From what a writer may have set out, oldest first; each list ends with the newest, and is not empty. */
export interface Origins {
  /** One that writes a pair which we replaced. */
  readonly known: readonly State[];
  /** Any other. */
  readonly recent: readonly State[];
}

/** Between a program's reading and its writing: about 2 ms in opencode, and more on a busy machine. */
const LATE_MS = 250;

/** @returns the ids of the slots in which the two states differ. */
export function differences(from: State, to: State): readonly string[] {
  const ids = new Set([...from.slots.keys(), ...to.slots.keys()]);
  return [...ids].filter((id) => meaningOf(from, id) !== meaningOf(to, id));
}

/** From what a writer may have set out that may have missed what came since our write at `index` (1 and 2 above). */
export function originsBefore(
  { past, lookedAt }: { readonly past: readonly Stood[]; readonly lookedAt: number },
  index: number,
): Origins {
  const known = past.map(({ state }) => state);
  const recent = known.filter((_, at) => {
    const next = past[at + 1];
    return next === undefined || (at < index && next.since >= lookedAt - LATE_MS);
  });
  return { known, recent };
}

/** What the writer of `seen` changed; a pair that we replaced is never a change. */
export function changesOf(origins: Origins, seen: State, replaced: ReadonlySet<string>): readonly string[] {
  const base = origin(origins, seen, replaced);
  return differences(base, seen).filter((id) => !replaced.has(slotKey(seen, id)));
}

/** The state that the writer of `seen` had read, by the rule at the top. */
function origin({ known, recent }: Origins, seen: State, replaced: ReadonlySet<string>): State {
  const last = lastOf(known);
  const late = [...seen.slots.keys()].filter((id) => replaced.has(slotKey(seen, id)));
  const held = known.filter((state) => late.every((id) => meaningOf(state, id) === meaningOf(seen, id)));
  const possible = late.length > 0 && held.length > 0 ? held : recent;
  const newestFirst = possible
    .filter(({ format }) => format === seen.format)
    .map((state) => ({ state, changes: differences(state, seen).length }))
    .reverse();
  if (differences(last, seen).length === 0) return last;
  const oneChange = newestFirst.find(({ changes }) => changes === 1);
  if (oneChange !== undefined) return oneChange.state;
  if (newestFirst.some(({ changes }) => changes === 0)) return last;
  let closest = { state: last, changes: Number.POSITIVE_INFINITY };
  for (const each of newestFirst) if (each.changes < closest.changes) closest = each;
  return closest.state;
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
