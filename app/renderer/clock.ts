import { useEffect, useState } from "preact/hooks";

const TICK_MS = 1_000;

/**
 * The time for the countdowns: one timer for the whole page, on the full second; none while nobody can see it.
 * @returns ms.
 */
export function useNow(): number {
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
  return now;
}
