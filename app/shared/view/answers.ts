import { ALL } from "../data/all.ts";
import type { View } from "./view.ts";

/**
 * What an answer under `target` speaks of, as one text: when that is another, the answer is over.
 * Of a login that is its state and why; of all of them, whether there are any, and the pause of their pings.
 */
export function subjectOf({ snapshot, allPaused }: Pick<View, "snapshot" | "allPaused">, target: string): string {
  if (target === ALL) return JSON.stringify([snapshot?.file.format, snapshot?.accounts.length === 0, allPaused]);
  const login = snapshot?.accounts.find(({ id }) => id === target);
  return JSON.stringify([login?.state, login?.reason]);
}
