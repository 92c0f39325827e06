import { useEffect } from "preact/hooks";
import { ALL } from "../shared/data/all.ts";
import { offersRefreshAll } from "../shared/view/offers.ts";
import type { Page } from "./page.ts";

/** Ctrl+R, on a Mac Cmd+R; as ARIA writes it. */
export const REFRESH_ALL_KEYS = "Control+R Meta+R";

/** Refreshes all logins by these keys, whatever has the focus. */
export function useRefreshAllKeys({ view, act }: Pick<Page, "view" | "act">): void {
  const isOffered = offersRefreshAll(view);
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (!isRefreshAll(event)) return;
      // A browser would load the page again.
      event.preventDefault();
      if (isOffered && !event.repeat) act(ALL, (bridge) => bridge.refreshAll());
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, [isOffered, act]);
}

type Keys = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** @returns whether it is R with Ctrl or Cmd and nothing else; where letters are not Latin, the key at R's place counts. */
export function isRefreshAll({ key, code, ctrlKey, metaKey, shiftKey, altKey }: Keys): boolean {
  if (shiftKey || altKey || ctrlKey === metaKey) return false;
  return /^[a-z]$/i.test(key) ? key.toLowerCase() === "r" : code === "KeyR";
}
