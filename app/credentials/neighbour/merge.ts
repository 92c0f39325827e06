/**
 * What ought to stand in a credential file after other programs wrote into it: pure functions over what was seen there. What
 * each write changed, `origin.ts` tells. In the multi-account file, whose programs change several records at once, a write
 * at the path counts as it is.
 */
import { type Pair } from "../../ports/credential-file.ts";
import type { CredentialDocument, Edit } from "../read/document.ts";
import {
  changesOf,
  differences,
  lastOf,
  meaningOf,
  type Origin,
  originsAt,
  originsOfOrphan,
  type State,
  type Stood,
  slotKey,
  type Value,
} from "./origin.ts";

/** What stood at the path, and what ought to stand there. */
export interface Picture {
  /** The text that stood at the path when it was last looked at, or written by us. */
  readonly text: string;
  /** All states that stood at the path, oldest first; the last one is that of `text`. */
  readonly past: readonly Stood[];
  /** When the last one was last seen to stand there. */
  readonly lookedAt: number;
  /** The wanted state: the last one, and what is still to be put back or merged. */
  readonly wanted: State;
  /** What we last wrote or merged into a slot (null: we removed it). */
  readonly ours: ReadonlyMap<string, string | null>;
  /** The pairs over which we put another one, as `slotKey`. */
  readonly replaced: ReadonlySet<string>;
}

/** What is known of an inode that we replaced. */
export interface Orphan {
  /** What it held when it was replaced. */
  readonly held: State;
  /** From what a writer into it may have set out: states of the path, and then what others wrote into it. */
  readonly origins: readonly Origin[];
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

/** @param now monotonic ms, as everywhere here: when it was read. */
export function firstPicture(document: CredentialDocument, now: number): Picture {
  const state = stateOf(document);
  return {
    text: document.text,
    past: [{ state, since: now, ours: false }],
    lookedAt: now,
    wanted: state,
    ours: new Map(),
    replaced: new Set(),
  };
}

/** The inode that stood at the path of `picture`, now that we replaced it. */
export function orphanOf(picture: Picture, now: number): Orphan {
  return { held: lastState(picture), origins: originsOfOrphan(picture, now) };
}

/** The path was looked at, and nothing had changed. */
export function stillStands(picture: Picture, now: number): Picture {
  return { ...picture, lookedAt: now };
}

/** Another program wrote: `document` stands at the path now. */
export function foreignWrite(picture: Picture, document: CredentialDocument, now: number): Picture {
  if (document.text === picture.text) return stillStands(picture, now);
  const seen = stateOf(document);
  const last = lastState(picture);
  const past = [...picture.past, { state: seen, since: now, ours: false }];
  const next = { ...picture, text: document.text, past, lookedAt: now };
  if (seen.format !== last.format) return { ...next, wanted: seen };

  const changed = new Set(
    seen.format === "flat" ? changesOf(originsAt(picture), seen, picture.replaced) : differences(last, seen),
  );
  const slots = new Map(seen.slots);
  for (const id of differences(seen, picture.wanted)) {
    if (!changed.has(id)) give(slots, id, picture.wanted.slots.get(id), seen.format);
  }
  return { ...next, wanted: { format: seen.format, slots } };
}

/**
 * Another program wrote `document` into an inode that we had replaced. Its change since what it had read, be that what stood
 * at the path or in this inode, is merged, slot by slot, where the path still holds what that inode held or what we wrote;
 * else the path wins. A spent token is never merged.
 */
export function orphanWrite(
  picture: Picture,
  orphan: Orphan,
  document: CredentialDocument,
  isSpent: IsSpent,
): { readonly picture: Picture; readonly orphan: Orphan } {
  const seen = stateOf(document);
  const { held, origins } = orphan;
  const { format } = picture.wanted;
  if (seen.format !== format || held.format !== format) return { picture, orphan };

  const slots = new Map(picture.wanted.slots);
  const ours = new Map(picture.ours);
  for (const id of changesOf(orphan.origins, seen, picture.replaced)) {
    const value = seen.slots.get(id);
    if (value !== undefined && carriesSpent(value, isSpent)) continue;
    if (format === "accounts" && !(held.slots.has(id) && value !== undefined)) continue;
    const now = meaningOf(picture.wanted, id);
    if (now !== meaningOf(held, id) && now !== picture.ours.get(id)) continue;
    if (give(slots, id, value, format)) ours.set(id, value?.meaning ?? null);
  }
  return {
    picture: { ...picture, wanted: { format, slots }, ours },
    orphan: { held, origins: [...origins, { state: seen, direct: true, recent: true, near: true }] },
  };
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
  now: number,
): Picture {
  const state = stateOf(document);
  const before = lastState(picture);
  const ours = new Map(picture.ours);
  const replaced = new Set(picture.replaced);
  const slots = new Map(picture.wanted.slots);
  for (const id of ids) {
    const value = state.slots.get(id);
    ours.set(id, value?.meaning ?? null);
    replaced.add(slotKey(before, id)).delete(slotKey(state, id));
    if (value !== undefined) slots.set(id, value);
  }
  const wanted = all ? state : { format: state.format, slots };
  const past = [...picture.past, { state, since: now, ours: true }];
  return { text: document.text, past, lookedAt: now, wanted, ours, replaced };
}

/** Nothing more is to be done: what stands at the path is what is wanted. */
export function nothingWanted(picture: Picture): Picture {
  return { ...picture, wanted: lastState(picture) };
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

function lastState({ past }: Picture): State {
  return lastOf(past).state;
}
