import type { Screen } from "electron";
import type { Box } from "./placement.ts";

/** @returns of each screen that there is now what a window can use; the main one first. */
export function screenAreas(screen: Pick<Screen, "getAllDisplays" | "getPrimaryDisplay">): readonly Box[] {
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id);
  return [main, ...others].map(({ workArea }) => workArea);
}
