/** What is kept of logins that are gone or were overwritten: asked of the disk, and only for who can see it. */
import type { Engine } from "../../keeper/api.ts";
import type { ViewStore } from "../window/view-store.ts";

export interface KeptLookDeps {
  readonly view: ViewStore;
  /** null = not there yet. */
  readonly engine: () => Pick<Engine, "keptCopies" | "rescuables"> | null;
  /** Is the window open? */
  readonly isShown: () => boolean;
}

/** @returns what looks once and puts what it found into the view; of several at once the last counts. Never rejects. */
export function createKeptLook({ view, engine, isShown }: KeptLookDeps): () => Promise<void> {
  let last = 0;
  return async () => {
    const asked = engine();
    if (asked === null || !isShown()) return;
    last += 1;
    const mine = last;
    try {
      const [copies, rescuables] = await Promise.all([asked.keptCopies(), asked.rescuables()]);
      if (mine !== last) return;
      const signedOut = copies.map(({ id, label = id, erasedAt }) => ({ id, label, erasedAt }));
      view.change((before) => ({ ...before, signedOut, rescuables: [...rescuables] }));
    } catch {
      // What stands in the way is told by the snapshot.
    }
  };
}
