import * as v from "valibot";
import { END_REASONS } from "../login/states.ts";

const ms = v.number();

/** What a mark on the strip stands for; `next`, which is still to come, is not part of a story. */
export const MARK_KINDS = ["refreshed", "adopted", "failed", "ended", "gone", "pinged", "pingFailed"] as const;
/** So many lines of its history the window shows. */
export const MOST_LINES = 50;
/** And so many marks, and pairs, on its strip: a day has some 50. */
export const MOST_MARKS = 500;

/** What became of a login, for its opened row. Like the view it has no field for a secret. */
export const storySchema = v.object({
  /** Null = nothing has happened yet. */
  summary: v.nullable(
    v.object({
      outcome: v.variant("kind", [
        v.object({ kind: v.literal("alive") }),
        v.object({ kind: v.literal("ended"), at: ms, reason: v.picklist(END_REASONS) }),
        v.object({ kind: v.picklist(["signedOut", "emptied"]), at: ms }),
      ]),
      refreshed: v.number(),
      since: ms,
      lastRefresh: v.nullable(ms),
    }),
  ),
  /** Newest first; what happened alike several times in a row is one line, `first` the oldest of it. */
  lines: v.pipe(
    v.array(v.object({ at: ms, by: v.string(), words: v.string(), times: v.number(), first: ms })),
    v.maxLength(MOST_LINES),
  ),
  /** Is there more than these lines? */
  older: v.boolean(),
  /** Pairs, oldest first: since when there was each, and when its access ends; null = not known, or there was none. */
  generations: v.pipe(v.array(v.object({ from: ms, until: v.nullable(ms) })), v.maxLength(MOST_MARKS)),
  /** When a keeper ran and the machine was awake; null = it still does. */
  spans: v.array(v.object({ from: ms, until: v.nullable(ms) })),
  marks: v.pipe(
    v.array(v.object({ at: ms, kind: v.picklist(MARK_KINDS), words: v.string() })),
    v.maxLength(MOST_MARKS),
  ),
});

export type Story = v.InferOutput<typeof storySchema>;
export type MarkKind = (typeof MARK_KINDS)[number];
