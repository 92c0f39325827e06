/** Who waits for what, until when: `files/<hash>/waits.json`, so that a restart forgets no wait. */

import * as v from "valibot";
import type { Random } from "../../ports/clock.ts";
import { writeDurably } from "../../ports/durable.ts";
import type { Files } from "../../ports/files.ts";
import { MAX_RETRY_AFTER } from "../../ports/provider.ts";
import { type ById, entriesOf, lookUp, withEntry, withoutEntry } from "../../shared/data/by-id.ts";
import { byId } from "../../shared/data/by-id-schema.ts";
import { OBSTACLES, obstacleOf } from "../../shared/login/setback.ts";
import { setbackSchema } from "../../shared/login/setback-schema.ts";
import { setbackWords } from "../../shared/words/setback.ts";
import { type Notes, readNotes } from "./notes.ts";

const HOUR = 3_600_000;
/** The longest back-off. */
export const MAX_BACK_OFF = HOUR;
/** Between two deliberate attempts, in the long run. */
export const MAX_UNKNOWN_WAIT = HOUR;

const known = v.object({
  kind: v.picklist(["transient", "rateLimited", "unknown"]),
  since: v.number(),
  next: v.number(),
  /** Failures in a row. */
  count: v.number(),
  setback: setbackSchema,
  /** So long it was to last when it was noted; older versions did not say. ms. */
  lasts: v.optional(v.number()),
  /** Nothing was sent: it may be tried as soon as the network is back. */
  notSent: v.optional(v.boolean()),
});

export type Wait = v.InferOutput<typeof known>;

const wait = v.pipe(
  v.object({
    ...known.entries,
    /** Older versions did not say, newer ones may know more. */
    setback: v.optional(v.fallback(v.nullable(setbackSchema), null), null),
    /** The same in words, for older versions; of what they wrote it is all there is. */
    why: v.string(),
    /** What was met; the first versions did not say. */
    obstacle: v.optional(v.fallback(v.picklist([...OBSTACLES, "other"]), "other"), "other"),
  }),
  v.transform(
    ({ why, obstacle, setback, ...rest }): Wait => ({
      ...rest,
      setback: setback ?? { kind: "other", text: why, obstacle },
    }),
  ),
);

const waitsSchema = v.object({
  version: v.literal(1),
  /** By fingerprint. */
  tokens: byId(wait),
  /** By provider id: it rejects our client, none of its logins is to blame. */
  providers: byId(wait),
});

export type Waits = {
  readonly version: 1;
  readonly tokens: ById<Wait>;
  readonly providers: ById<Wait>;
};

export const NO_WAITS: Waits = { version: 1, tokens: {}, providers: {} };

/** Damaged or missing waits are no waits: they only make us polite, and the intents stand elsewhere. @throws as `readNotes`. */
export function loadWaits(files: Files, path: string): Promise<Notes<Waits>> {
  return readNotes(files, path, waitsSchema);
}

export async function saveWaits(files: Files, path: string, waits: Waits, random: Random): Promise<void> {
  const { version, tokens, providers } = waits;
  const text = JSON.stringify({ version, tokens: written(tokens), providers: written(providers) });
  await writeDurably(files, path, text, random.id());
}

/** Older versions want `why` and understand `obstacle`. */
function written(all: ById<Wait>): ById<object> {
  return Object.fromEntries(
    entriesOf(all).map(([key, each]) => {
      const obstacle = obstacleOf(each.setback);
      const older = obstacle === "cannotReplace" ? "notWritten" : obstacle;
      return [key, { ...each, why: setbackWords(each.setback), obstacle: older }];
    }),
  );
}

/** How far ahead a wait may lie; where it does not say, as long as a server may ask for. */
function longest(each: Wait): number {
  return each.kind === "unknown" ? MAX_UNKNOWN_WAIT : Math.min(each.lasts ?? MAX_RETRY_AFTER, MAX_RETRY_AFTER);
}

/** Cuts each wait to its length, since the clock may have stepped back. The same object if nothing was cut. */
export function cutWaits(waits: Waits, now: number): Waits {
  const cut = (all: ById<Wait>): ById<Wait> =>
    Object.fromEntries(
      entriesOf(all).map(([key, each]) => {
        const most = longest(each);
        const next = Math.min(each.next, now + most);
        const since = Math.min(each.since, now);
        return [key, next === each.next && since === each.since ? each : { ...each, next, since }];
      }),
    );
  const tokens = cut(waits.tokens);
  const providers = cut(waits.providers);
  const same = (a: ById<Wait>, b: ById<Wait>) => entriesOf(a).every(([key, each]) => each === lookUp(b, key));
  return same(waits.tokens, tokens) && same(waits.providers, providers) ? waits : { version: 1, tokens, providers };
}

/** @param value null removes the wait. The same object if nothing changes. */
export function withWait(waits: Waits, of: "tokens" | "providers", key: string, value: Wait | null): Waits {
  if (value === null && lookUp(waits[of], key) === undefined) return waits;
  return { ...waits, [of]: value === null ? withoutEntry(waits[of], key) : withEntry(waits[of], key, value) };
}
