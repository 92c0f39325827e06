/** For tests: views to look at. */
import { ALL } from "../all.ts";
import type { Account, Snapshot } from "../snapshot.ts";
import type { View } from "../view.ts";
import { NOON, snapshotOf } from "./snapshots.ts";

const HOUR = 3_600_000;
/** The command that signs in again. */
export const HINT = "opencode auth login";

/** @returns a view in which all is well, changed. */
export function viewOf(
  accounts: readonly Account[],
  change: Partial<View> = {},
  file: Partial<Snapshot["file"]> = {},
): View {
  return {
    snapshot: { ...snapshotOf(accounts, file), keeper: { running: true, pid: 4_711, since: NOON - 3 * HOUR } },
    role: { name: "keeper" },
    problem: null,
    settingsProblem: null,
    tokensToday: {},
    busy: [],
    answers: {},
    notice: null,
    allPaused: null,
    pings: { mode: "message", model: "claude-haiku-4-5", dailyTokens: 5_000 },
    startAtLogin: { on: false, locked: null },
    tray: "shown",
    shownLogin: null,
    ending: false,
    demo: false,
    version: "0.1.0",
    stateDir: "/home/ann/.local/state/pilot-light",
    settingsFile: "/home/ann/.config/pilot-light/settings.json",
    endpoints: [
      { provider: "anthropic", tokenUrl: "https://tokens.example/v1/oauth/token", apiUrl: "https://api.example" },
    ],
    signInHints: { anthropic: HINT, [ALL]: HINT },
    ...change,
  };
}

/** The first run: nothing was sent yet that costs anything. */
export const NOTICE = {
  pingMode: "message",
  tokenUrl: "https://tokens.example/v1/oauth/token",
  apiUrl: "https://api.example",
} as const satisfies View["notice"];
