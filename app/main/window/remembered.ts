import * as v from "valibot";
import { openKeptValue } from "../start/store.ts";
import type { Placement } from "./placement.ts";

const pixels = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));
const size = v.pipe(pixels, v.minValue(1));

const placementSchema = v.object({
  box: v.object({ x: pixels, y: pixels, width: size, height: size }),
  sized: v.boolean(),
  maximized: v.boolean(),
});

/** Where the window was, across restarts. Losing it costs no more than a window that opens elsewhere: nothing is thrown. */
export interface Remembered {
  read(): Placement | null;
  write(placement: Placement): void;
}

/** @param folder absolute; the placement is in its `window.json`. */
export function openRemembered(folder: string): Remembered {
  const kept = openKeptValue(folder, "window", "placement");
  return {
    read: () => v.parse(v.fallback(v.nullable(placementSchema), null), kept.read() ?? null),
    write: (placement) => kept.write(placement),
  };
}
