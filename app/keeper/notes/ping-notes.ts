/** What became of pings, by login: `files/<hash>/pings.json`. Losing it costs nothing but a repeated ping. */

import * as v from "valibot";
import { type Random } from "../../ports/clock.ts";
import { writeDurably } from "../../ports/durable.ts";
import { type Files } from "../../ports/files.ts";
import type { ById } from "../../shared/data/by-id.ts";
import { byId } from "../../shared/data/by-id-schema.ts";
import { pingStopSchema } from "../../shared/login/ping-stop-schema.ts";
import { PING_MODES, PING_OUTCOMES } from "../../shared/login/snapshot.ts";
import { type Notes, readNotes } from "./notes.ts";

const note = v.object({
  last: v.object({ at: v.number(), outcome: v.picklist(PING_OUTCOMES), mode: v.picklist(PING_MODES) }),
  /** The day (UTC, yyyy-mm-dd) that `tokens` counts. */
  day: v.string(),
  tokens: v.number(),
  /**
   * Why message pings stopped, in words for older versions and as data, and what they asked then (`Provider.pingTarget`):
   * another one starts them again.
   */
  stopped: v.optional(
    v.object({ why: v.string(), model: v.string(), stop: v.fallback(v.optional(pingStopSchema), undefined) }),
  ),
  /** The generation whose access token the provider refused although it had not expired: it is due. */
  refusedFp: v.optional(v.string()),
});
const schema = v.object({ version: v.literal(1), logins: byId(note) });

export type PingNote = v.InferOutput<typeof note>;
export type Pings = { readonly version: 1; readonly logins: ById<PingNote> };

/** @returns the tokens that message pings used on the day (UTC) of `now`. */
export function tokensOfDay(noted: PingNote | undefined, now: number): number {
  return noted?.day === dayOf(now) ? noted.tokens : 0;
}

/** @returns the day (UTC) of `now`, as yyyy-mm-dd. */
export const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

export const NO_PINGS: Pings = { version: 1, logins: {} };

/** @throws as `readNotes`. */
export function loadPings(files: Files, path: string): Promise<Notes<Pings>> {
  return readNotes(files, path, schema);
}

export async function savePings(files: Files, path: string, pings: Pings, random: Random): Promise<void> {
  await writeDurably(files, path, JSON.stringify(pings), random.id());
}
