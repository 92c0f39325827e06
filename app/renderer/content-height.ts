import { useEffect } from "preact/hooks";
import type { Bridge } from "../shared/view/contract.ts";

/** What a person does with a window. */
const TOUCHES = ["pointerdown", "keydown", "wheel"] as const;

/**
 * Tells main how high all of the page is, and each change of it, until a person touches the window: from then on it does not
 * change its size under their hands.
 * @param shown what is shown, by a name; null = nothing yet. With another one it begins anew.
 */
export function useContentHeight(bridge: Bridge, shown: string | null): void {
  useEffect(() => {
    const page = document.getElementById("page");
    if (shown === null || page === null) return;
    const observer = new ResizeObserver(() => {
      const height = Math.ceil(page.getBoundingClientRect().height);
      // A connection that is gone is told of where something was asked for.
      if (height > 0) bridge.contentHeight(height).catch(() => undefined);
    });
    const stop = () => observer.disconnect();
    observer.observe(page);
    for (const touch of TOUCHES) document.addEventListener(touch, stop, { once: true, passive: true });
    return () => {
      stop();
      for (const touch of TOUCHES) document.removeEventListener(touch, stop);
    };
  }, [bridge, shown]);
}
