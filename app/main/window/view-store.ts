import type { View } from "../../shared/view/view.ts";

/** The one view of this app: everything that tray and window show. */
export interface ViewStore {
  get(): View;
  /** Changes it; listeners hear of it only if something is different now. */
  change(next: (view: View) => View): void;
  /** Calls after each change. Returns the end of it. */
  onChange(listener: (view: View) => void): () => void;
}

export function createViewStore(first: View): ViewStore {
  let view = first;
  const listeners = new Set<(view: View) => void>();
  return {
    get: () => view,
    change(next) {
      const before = JSON.stringify(view);
      view = next(view);
      if (JSON.stringify(view) === before) return;
      for (const listener of listeners) listener(view);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
