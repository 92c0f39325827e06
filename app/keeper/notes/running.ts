/** When a keeper ran on a machine that was awake: `files/<hash>/running.json`. If it is lost, less is told. */
import * as v from "valibot";
import type { Random } from "../../ports/clock.ts";
import { writeDurably } from "../../ports/durable.ts";
import type { Files } from "../../ports/files.ts";
import { VERSION } from "../../shared/data/version.ts";
import type { Span } from "../../shared/login/span.ts";
import { type Notes, readNotes } from "./notes.ts";

const HOUR = 3_600_000;
/** So far back they are kept. */
export const KEPT_MS = 48 * HOUR;
/** And so many of them: a machine that dozes every few minutes is told of less far back. */
export const MOST_SPANS = 200;
/** A shorter stop is not worth a line: a busy machine, a keeper that starts anew. */
export const LEAST_GAP_MS = 60_000;

/** JSON reads 1e999 as Infinity. */
const time = v.pipe(v.number(), v.finite());
const spansSchema = v.object({
  version: v.literal(VERSION),
  spans: v.array(v.object({ from: time, until: v.nullable(time) })),
});

/** Damaged spans count as none. @throws as `readNotes`. */
export async function loadSpans(files: Files, path: string): Promise<Notes<readonly Span[]>> {
  const notes = await readNotes(files, path, spansSchema);
  return notes.kind === "whole" ? { kind: "whole", value: notes.value.spans.slice(-MOST_SPANS) } : notes;
}

/** @throws file errors. */
export async function saveSpans(files: Files, path: string, spans: readonly Span[], random: Random): Promise<void> {
  await writeDurably(files, path, JSON.stringify({ version: VERSION, spans }), random.id());
}

/**
 * A keeper runs from now on.
 * @param lastSeen when the keeper before it last showed life (ms), should it not have said that it ended; null = not known.
 */
export function begun(spans: readonly Span[], now: number, lastSeen: number | null): readonly Span[] {
  const before = ended(spans, lastSeen);
  const last = before.at(-1);
  // Also one from before the clock stepped back: it goes on.
  if (last !== undefined && last.until !== null && last.from <= now && now - last.until < LEAST_GAP_MS)
    return kept([...before.slice(0, -1), { from: last.from, until: null }], now);
  return kept([...before, { from: now, until: null }], now);
}

/** It ran until then; null = nobody knows how long, so it counts for nothing. */
export function ended(spans: readonly Span[], until: number | null): readonly Span[] {
  return spans.flatMap((span) => {
    if (span.until !== null) return [span];
    return until === null || until <= span.from ? [] : [{ from: span.from, until }];
  });
}

/** It stood still, asleep, from `from` until `now`. The same object if that is not worth a line. */
export function stoodStill(spans: readonly Span[], from: number, now: number): readonly Span[] {
  const last = spans.at(-1);
  // The clock stepped back behind its beginning.
  const isAhead = last !== undefined && last.until === null && last.from > now;
  if (now - from < LEAST_GAP_MS && !isAhead) return spans;
  return kept([...ended(spans, from), { from: now, until: null }], now);
}

/** Those of 48 h and the one before them, so that a gap has two ends; what a clock that stepped back left in the future goes. */
function kept(spans: readonly Span[], now: number): readonly Span[] {
  const past = spans.filter(({ from }) => from <= now);
  const first = past.findIndex(({ until }) => until === null || until >= now - KEPT_MS);
  return first === -1 ? past.slice(-1) : past.slice(Math.max(first - 1, 0)).slice(-MOST_SPANS);
}
