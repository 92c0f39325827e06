import type { Folders } from "../../assemble/options.ts";
import { parseSettings } from "../../shared/settings.ts";
import type { View } from "../../shared/view/view.ts";

/** @returns the view before anything is known. */
export function firstView(version: string, demo: boolean, { stateDir }: Pick<Folders, "stateDir">): View {
  return {
    snapshot: null,
    role: { name: "starting" },
    problem: null,
    settingsProblem: null,
    tokensToday: {},
    busy: [],
    answers: {},
    notice: null,
    allPaused: null,
    pings: null,
    notifications: parseSettings({}).notifications,
    startAtLogin: { on: false, locked: { kind: "starting" } },
    tray: "waiting",
    shownLogin: null,
    ending: false,
    demo,
    version,
    stateDir,
    settingsFile: "",
    providers: [],
  };
}
