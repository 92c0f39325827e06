/** The places on disk that the window names, and what may be done with each. A page says which one, never a path. */
import type { View } from "./view.ts";

export const PLACES = ["settingsFile", "stateDir", "authFile", "log"] as const;
export type Place = (typeof PLACES)[number];

export const PLACE_ACTS = ["open", "show", "copy"] as const;
export type PlaceAct = (typeof PLACE_ACTS)[number];

/** The credential file is not opened: it would stand open in an editor, with its tokens. */
export const ACTS_OF: Readonly<Record<Place, readonly PlaceAct[]>> = {
  settingsFile: ["open", "show", "copy"],
  stateDir: ["open", "copy"],
  authFile: ["show", "copy"],
  log: ["open", "show", "copy"],
};

/** @returns where a place is; null = not known yet. Pure. */
export function pathOf(place: Place, { snapshot, settingsFile, stateDir, logFile }: View): string | null {
  switch (place) {
    case "settingsFile":
      return settingsFile;
    case "stateDir":
      return stateDir;
    case "authFile":
      return snapshot?.file.path ?? null;
    case "log":
      return logFile;
  }
}
