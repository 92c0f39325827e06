import { ALL } from "../data/all.ts";
import type { View } from "./view.ts";

/**
 * Is a command at work on this login? One that works on all makes every login busy; one on a single login does not make
 * `ALL` busy. Asked by tray and window alike, so that they offer the same at the same time.
 * @param id a login's id, or `ALL`.
 */
export function isBusy({ busy }: Pick<View, "busy">, id: string): boolean {
  return busy.includes(id) || busy.includes(ALL);
}
