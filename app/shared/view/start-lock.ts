/** Why "Start at login" cannot be switched, as data; `words/window.ts` says it. */
import * as v from "valibot";

const plain = <const K extends string>(kind: K) => v.object({ kind: v.literal(kind) });

export const startLockSchema = v.variant("kind", [
  /** The app has not looked yet. */
  plain("starting"),
  plain("checkout"),
  /** A demo, or a state folder that was chosen: not the everyday instance. */
  plain("ownInstance"),
  plain("flatpak"),
  plain("snap"),
  /** A start file cannot hold the path of this app. */
  plain("oddPath"),
  /** macOS waits for the user's approval. */
  plain("approval"),
  /** The start file at `path` is not ours. */
  v.object({ kind: v.literal("foreignFile"), path: v.string() }),
  /** `code`: POSIX; null = an error that has none. */
  v.object({ kind: v.literal("unreadableFile"), path: v.string(), code: v.nullable(v.string()) }),
]);

export type StartLock = v.InferOutput<typeof startLockSchema>;
