import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** @returns true once the element was wholly on a screen, in a window that can be seen; it stays so. */
export function useOnScreen(element: RefObject<Element | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (current === null || seen) return;
    let inView = false;
    const judge = () => {
      if (inView && document.visibilityState === "visible") setSeen(true);
    };
    const observer = new IntersectionObserver(
      (entries) => {
        inView = entries.some(({ isIntersecting }) => isIntersecting);
        judge();
      },
      { threshold: 1 },
    );
    observer.observe(current);
    document.addEventListener("visibilitychange", judge);
    return () => {
      observer.disconnect();
      document.removeEventListener("visibilitychange", judge);
    };
  }, [element, seen]);
  return seen;
}
