import type { View } from "./view.ts";

/**
 * Is a command at work on this login? One that works on all stands in `busy` under `ALL`, and under each login until its own
 * result is known. Asked by tray and window alike, so that they offer the same at the same time.
 * @param id a login's id, or `ALL`.
 */
export function isBusy({ busy }: Pick<View, "busy">, id: string): boolean {
  return busy.includes(id);
}
