import type { Folders } from "../../assemble/options.ts";
import { parseSettings } from "../../shared/settings.ts";
import type { View } from "../../shared/view/view.ts";

type ShownFolders = Pick<Folders, "stateDir" | "settingsFile" | "logFile">;

/** @returns the view before anything is known. */
export function firstView(version: string, demo: boolean, folders: ShownFolders): View {
  const { notifications, schedule, names } = parseSettings({});
  return {
    snapshot: null,
    role: { name: "starting" },
    problem: null,
    settingsProblem: null,
    tokensToday: {},
    signedOut: [],
    rescuables: [],
    busy: [],
    answers: {},
    notice: null,
    allPaused: null,
    pings: null,
    schedule,
    names,
    notifications,
    startAtLogin: { on: false, locked: { kind: "starting" } },
    tray: "waiting",
    terminal: null,
    shownLogin: null,
    ending: false,
    demo,
    version,
    stateDir: folders.stateDir,
    settingsFile: folders.settingsFile,
    logFile: folders.logFile,
    providers: [],
  };
}
