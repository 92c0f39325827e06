/** What happened to a login, as data: history lines, events of a running keeper, `history --json`. */
import * as v from "valibot";
import { END_REASONS } from "./states.ts";

const plain = <const K extends string>(kind: K) => v.object({ kind: v.literal(kind) });

/** Also the keys under which it is written beside the sentence. `why`: a clause for people. */
export const historyWhatSchema = v.variant("kind", [
  plain("firstSeen"),
  /** Another pair came into the file, by a sign-in or another program. */
  plain("adopted"),
  plain("emptied"),
  /** Gone from the file: its user signed out, or another program took it out; the file does not say which. */
  plain("signedOut"),
  plain("refreshed"),
  v.object({ kind: v.literal("notRefreshed"), why: v.string() }),
  /** The provider does not take our client; `provider`: its name for people. */
  v.object({ kind: v.literal("clientRefused"), provider: v.string() }),
  v.object({ kind: v.literal("answerLost"), why: v.string() }),
  /** The provider refused a token of which a newer pair is in the file by now. */
  plain("newerFound"),
  v.object({ kind: v.literal("ended"), reason: v.picklist(END_REASONS) }),
  /** A recovery, a stale write that was healed, or a rescue. */
  plain("putBack"),
  plain("oldCopyAllowed"),
  plain("copyAskedFor"),
  /** "unkept": nobody kept this file for 30 days. */
  v.object({ kind: v.literal("copyErased"), because: v.picklist(["asked", "unkept"]) }),
  /** A damaged file of ours; `name` without its folder. */
  v.object({ kind: v.literal("setAside"), name: v.string() }),
]);

export type HistoryWhat =
  | v.InferOutput<typeof historyWhatSchema>
  /** A line of an older version, or of a newer one: only its sentence is known. */
  | { readonly kind: "told"; readonly sentence: string };

export const HISTORY_BY = ["us", "another writer", "the user", "the provider"] as const;

/** One line of a login's history: it answers "why did it die?". Tokens appear as fingerprints only. */
export interface HistoryEvent {
  /** Wall ms. */
  readonly at: number;
  readonly id: string;
  readonly by: (typeof HISTORY_BY)[number];
  readonly what: HistoryWhat;
  readonly fingerprint: string | null;
}
