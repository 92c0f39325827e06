import { useCallback, useEffect, useState } from "preact/hooks";

const TICK_MS = 1_000;

export interface Now {
  /** ms. */
  readonly now: number;
  /** Looks at the clock at once: what just came in may be younger than the last second. */
  readonly look: () => void;
}

/** The time for the countdowns: one timer for the whole page, on the full second; none while nobody can see it. */
export function useNow(): Now {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tick = () => {
      clearTimeout(timer);
      if (document.visibilityState === "hidden") return;
      const at = Date.now();
      setNow(at);
      timer = setTimeout(tick, TICK_MS - (at % TICK_MS));
    };
    tick();
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, []);
  const look = useCallback(() => setNow(Date.now()), []);
  return { now, look };
}
