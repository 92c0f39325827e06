import type { Pair } from "../../ports/credential-file.ts";
import type { Copy, Intent, Successor } from "./journal-text.ts";

/** The whole journal at one moment. */
export interface JournalView {
  readonly intents: readonly Intent[];
  readonly copies: readonly Copy[];
  /**
   * Names of files that say nothing: intents whose header never became complete, so that nothing was sent under them; and
   * damaged ones.
   */
  readonly torn: readonly string[];
  /** The intents by the token that was sent, by attempt. */
  readonly byToken: ReadonlyMap<string, readonly Intent[]>;
  /** Answers that still hold their pair, by the generation that they made, newest first. */
  readonly made: ReadonlyMap<string, readonly Successor[]>;
  readonly copyOf: ReadonlyMap<string, Copy>;
}

/** Every question about one token must cost the same with one login as with a thousand, so it is asked of an index. */
export function journalView(
  intents: readonly Intent[],
  copies: readonly Copy[],
  torn: readonly string[] = [],
): JournalView {
  const byToken = new Map<string, Intent[]>();
  const made = new Map<string, Successor[]>();
  const add = <T>(all: Map<string, T[]>, key: string, one: T) => {
    const list = all.get(key);
    if (list === undefined) all.set(key, [one]);
    else list.push(one);
  };
  for (const intent of intents) {
    add(byToken, intent.fp, intent);
    if (intent.successor !== null && intent.successor.pair !== null) add(made, intent.successor.fp, intent.successor);
  }
  for (const list of byToken.values()) list.sort((a, b) => a.attempt - b.attempt);
  for (const list of made.values()) list.sort((a, b) => b.at - a.at);
  return { intents, copies, torn, byToken, made, copyOf: new Map(copies.map((copy) => [copy.fp, copy])) };
}

/** The successor that came of redeeming `fp`, if any attempt was answered. */
export function successorOf({ byToken }: JournalView, fp: string): Successor | null {
  return byToken.get(fp)?.find((intent) => intent.successor !== null)?.successor ?? null;
}

/** Attempts on `fp` of which the answer is not known, oldest first. None once one of them was answered. */
export function openIntents({ byToken }: JournalView, fp: string): readonly Intent[] {
  const of = byToken.get(fp) ?? [];
  return of.some((intent) => intent.successor !== null) ? [] : of;
}

/** The pair of generation `fp`, if its tokens are still kept: the newest, where a refresh brought only a new access token. */
export function pairOf(journal: JournalView, fp: string): Pair | null {
  const made = journal.made.get(fp)?.[0]?.pair ?? null;
  const copy = journal.copyOf.get(fp)?.pair ?? null;
  if (made === null || copy === null) return made ?? copy;
  return copy.expires > made.expires ? copy : made;
}

/** A pair of this credential file that the journal still holds. */
export interface KeptPair {
  readonly fp: string;
  /** Under which ids it stood. */
  readonly ids: readonly string[];
  /** When it came (wall ms); 0 = not known. */
  readonly at: number;
}

/** @returns every pair that is kept for this file: copies of what others wrote, and answers. */
export function keptPairs({ copies, intents }: JournalView, file: string): readonly KeptPair[] {
  return [
    ...copies.filter((copy) => copy.file === file).map(({ fp, ids }) => ({ fp, ids, at: 0 })),
    ...intents.flatMap(({ successor, file: of, ids }) =>
      of === file && successor !== null && successor.pair !== null ? [{ fp: successor.fp, ids, at: successor.at }] : [],
    ),
  ];
}
