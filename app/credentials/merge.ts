/**
 * What ought to stand in a credential file after other programs wrote into it: pure functions over what was seen there.
 *
 * opencode reads the whole file, changes one login, and writes the whole file a moment later. A write that differs from an
 * earlier state in one login was therefore made from that state: its one change counts, and whatever else it undid goes
 * back. Where it differs from all of them in more, the closest one counts as its origin, so that several writes between two
 * looks undo nothing either; a person's edit is closest to the last state and stands. In the multi-account file, whose programs change several records at once, a write at the path counts as it is.
 */
import type { Pair } from "../keeper/ports.ts";
import type { CredentialDocument, Edit } from "./document.ts";

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

/** What stood at the path, and what ought to stand there. */
export interface Picture {
  /** The text that stood at the path when it was last looked at, or written by us. */
  readonly text: string;
  /** All states that stood at the path, oldest first; the last one is that of `text`. */
  readonly past: readonly State[];
  /** The wanted state: the last one, and what is still to be put back or merged. */
  readonly wanted: State;
  /** What we last wrote or merged into a slot (null: we removed it). */
  readonly ours: ReadonlyMap<string, string | null>;
}

/** What is known of an inode that we replaced. */
export interface Orphan {
  /** The states of the path up to the one that this inode held when it was replaced, which is the last. */
  readonly past: readonly State[];
  /** Changes that were dealt with. None is merged twice. */
  readonly done: ReadonlySet<string>;
}

export type IsSpent = (refresh: string) => boolean;

export function stateOf(document: CredentialDocument): State {
  const pairs = new Map<string, Pair>();
  for (const entry of document.entries) if (entry.kind === "oauth") pairs.set(entry.id, entry.pair);
  const slots = new Map<string, Value>();
  for (const [id, slot] of document.slots) {
    const pair = pairs.get(id) ?? null;
    // Of a record only the pair is ever merged: counters and labels belong to the program that writes the file.
    const meaning =
      document.format === "flat" ? slot.meaning : pair && JSON.stringify([pair.access, pair.refresh, pair.expires]);
    if (meaning !== null) slots.set(id, { raw: slot.raw, meaning, pair });
  }
  return { format: document.format, slots };
}

export function firstPicture(document: CredentialDocument): Picture {
  const state = stateOf(document);
  return { text: document.text, past: [state], wanted: state, ours: new Map() };
}

/** @returns the ids of the slots in which the two states differ. */
export function differences(from: State, to: State): readonly string[] {
  const ids = new Set([...from.slots.keys(), ...to.slots.keys()]);
  return [...ids].filter((id) => meaningOf(from, id) !== meaningOf(to, id));
}

/** Another program wrote: `document` stands at the path now. */
export function foreignWrite(picture: Picture, document: CredentialDocument): Picture {
  if (document.text === picture.text) return picture;
  const seen = stateOf(document);
  const last = lastOf(picture.past);
  const past = [...picture.past, seen];
  const base = (seen.format === "flat" ? origin(picture.past, seen) : null) ?? last;
  if (seen.format !== last.format) return { ...picture, text: document.text, past, wanted: seen };

  const changed = new Set(differences(base, seen));
  const slots = new Map(seen.slots);
  for (const id of differences(base, picture.wanted)) {
    if (!changed.has(id)) give(slots, id, picture.wanted.slots.get(id), seen.format);
  }
  return { ...picture, text: document.text, past, wanted: { format: seen.format, slots } };
}

/**
 * Another program wrote `document` into an inode that we had replaced. Its change is merged, slot by slot, where the path
 * still holds what that inode held or what we wrote; else the path wins. A spent token is never merged.
 */
export function orphanWrite(
  picture: Picture,
  orphan: Orphan,
  document: CredentialDocument,
  isSpent: IsSpent,
): { readonly picture: Picture; readonly orphan: Orphan } {
  const seen = stateOf(document);
  const held = lastOf(orphan.past);
  const { format } = picture.wanted;
  if (seen.format !== format || held.format !== format) return { picture, orphan };

  const base = origin(orphan.past, seen) ?? held;
  const done = new Set(orphan.done);
  const slots = new Map(picture.wanted.slots);
  const ours = new Map(picture.ours);
  for (const id of differences(base, seen)) {
    const value = seen.slots.get(id);
    const key = JSON.stringify([id, value?.meaning ?? null]);
    if (done.has(key)) continue;
    done.add(key);
    if (value !== undefined && carriesSpent(value, isSpent)) continue;
    if (format === "accounts" && !(base.slots.has(id) && value !== undefined)) continue;
    const now = meaningOf(picture.wanted, id);
    if (now !== meaningOf(held, id) && now !== picture.ours.get(id)) continue;
    if (give(slots, id, value, format)) ours.set(id, value?.meaning ?? null);
  }
  return { picture: { ...picture, wanted: { format, slots }, ours }, orphan: { ...orphan, done } };
}

/**
 * We wrote: `document` stands at the path now.
 * @param ids the logins into which we put a pair.
 * @param all nothing that was wanted is left to be done.
 */
export function ownWrite(
  picture: Picture,
  document: CredentialDocument,
  ids: readonly string[],
  all: boolean,
): Picture {
  const state = stateOf(document);
  const ours = new Map(picture.ours);
  const slots = new Map(picture.wanted.slots);
  for (const id of ids) {
    const value = state.slots.get(id);
    ours.set(id, value?.meaning ?? null);
    if (value !== undefined) slots.set(id, value);
  }
  const wanted = all ? state : { format: state.format, slots };
  return { text: document.text, past: [...picture.past, state], wanted, ours };
}

/** Nothing more is to be done: what stands at the path is what is wanted. */
export function settled(picture: Picture): Picture {
  return { ...picture, wanted: lastOf(picture.past) };
}

/** @returns the edits that make `document` what is wanted; a slot whose token is spent is left as it stands. */
export function editsToward(
  wanted: State,
  document: CredentialDocument,
  isSpent: IsSpent,
  updatedAt: number,
): readonly Edit[] {
  const state = stateOf(document);
  if (state.format !== wanted.format) return [];
  const edits: Edit[] = [];
  for (const id of differences(state, wanted)) {
    const value = wanted.slots.get(id);
    if (value !== undefined && carriesSpent(value, isSpent)) continue;
    if (state.format === "accounts") {
      if (value?.pair && state.slots.has(id)) edits.push({ kind: "pair", id, pair: value.pair, updatedAt });
    } else {
      edits.push(value === undefined ? { kind: "drop", id } : { kind: "put", id, raw: value.raw });
    }
  }
  return edits;
}

/**
 * The state that the writer of `seen` had read: the one it is closest to, in doubt the newest. As a rule they differ in one
 * slot; in none if the writer changed nothing; in more if several writes passed between two looks, or somebody edited. Less
 * one login goes first: that is a sign-out, even if an older state was without that login too.
 */
function origin(past: readonly State[], seen: State): State | null {
  let closest: State | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let index = past.length - 1; index >= 0; index -= 1) {
    const state = past[index];
    if (state?.format !== seen.format) continue;
    const changed = differences(state, seen);
    const signedOut = changed.length === 1 && changed.every((id) => !seen.slots.has(id));
    if (signedOut) return state;
    if (changed.length >= least) continue;
    closest = state;
    least = changed.length;
  }
  return closest;
}

/** @returns whether the slot could be set; in the multi-account file none is added or removed. */
function give(slots: Map<string, Value>, id: string, value: Value | undefined, format: State["format"]): boolean {
  if (format === "accounts" && (value === undefined || !slots.has(id))) return false;
  if (value === undefined) slots.delete(id);
  else slots.set(id, value);
  return true;
}

function carriesSpent(value: Value, isSpent: IsSpent): boolean {
  return value.pair !== null && isSpent(value.pair.refresh);
}

function meaningOf(state: State, id: string): string | null {
  return state.slots.get(id)?.meaning ?? null;
}

function lastOf(past: readonly State[]): State {
  const last = past.at(-1);
  if (last === undefined) throw new RangeError("no state was ever seen");
  return last;
}
