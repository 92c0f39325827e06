/** What happened to a login, as data: history lines, events of a running keeper, `history --json`. */
import * as v from "valibot";
import type { Setback } from "./setback.ts";
import { setbackSchema } from "./setback-schema.ts";
import { PING_MODES, PING_OUTCOMES } from "./snapshot.ts";
import { END_REASONS } from "./states.ts";

const plain = <const K extends string>(kind: K) => v.object({ kind: v.literal(kind) });

/** `expiresAt`: when the access of the pair that came ends (ms); absent = not known, or an older version wrote it. */
const withAccess = <const K extends string>(kind: K) =>
  v.object({ kind: v.literal(kind), expiresAt: v.fallback(v.optional(v.number()), undefined) });

/** Older versions said only in words what the setback was; a newer one may know more of them. */
const withSetback = <const K extends string>(kind: K) =>
  v.pipe(
    v.object({
      kind: v.literal(kind),
      why: v.string(),
      setback: v.optional(v.fallback(v.nullable(setbackSchema), null), null),
    }),
    v.transform(({ kind: known, why, setback }): { kind: K; setback: Setback } => ({
      kind: known,
      setback: setback ?? { kind: "other", text: why, obstacle: "other" },
    })),
  );

/** Also the keys under which it is written beside the sentence; `why`, in words, beside `setback`. */
export const historyWhatSchema = v.variant("kind", [
  withAccess("firstSeen"),
  /** Another pair came into the file, by a sign-in or another program. */
  withAccess("adopted"),
  plain("emptied"),
  /** Gone from the file: its user signed out, or another program took it out; the file does not say which. */
  plain("signedOut"),
  withAccess("refreshed"),
  withSetback("notRefreshed"),
  /** The provider does not take our client; `provider`: its name for people. */
  v.object({ kind: v.literal("clientRefused"), provider: v.string() }),
  withSetback("answerLost"),
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
  /** A ping was sent, and this came of it. */
  v.object({ kind: v.literal("pinged"), outcome: v.picklist(PING_OUTCOMES), mode: v.picklist(PING_MODES) }),
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
