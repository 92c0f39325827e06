/** For tests: views to look at. */
import { firstView } from "../../main/window/first-view.ts";
import { anthropic as adapter } from "../../providers/anthropic.ts";
import type { Login, Snapshot } from "../login/snapshot.ts";
import type { View } from "../view/view.ts";
import { NOON, snapshotOf } from "./snapshots.ts";

const HOUR = 3_600_000;
/** The command that signs in again. */
export const HINT = "opencode auth login";

const FOLDERS = {
  stateDir: "/home/ann/.local/state/pilot-light",
  settingsFile: "/home/ann/.config/pilot-light/settings.json",
  logFile: "/home/ann/.local/state/pilot-light/log/pilot-light.log",
};

const made = adapter.create({ ...adapter.endpoints, pingModel: () => undefined });

/** One provider, as the view has it. */
export const PROVIDER: View["providers"][number] = {
  id: "anthropic",
  name: "Anthropic",
  signInHint: HINT,
  signInNote: made.signInNote,
  signInNeeds: made.signInNeeds,
  termsNote: made.termsNote,
  tokenUrl: "https://tokens.example/v1/oauth/token",
  apiUrl: "https://api.example",
  pingTarget: "claude-haiku-4-5",
  pingDefault: "claude-haiku-4-5",
};

/** @returns a view in which all is well, changed. */
export function viewOf(
  logins: readonly Login[],
  change: Partial<View> = {},
  file: Partial<Snapshot["file"]> = {},
): View {
  return {
    ...firstView("0.1.0", false, FOLDERS),
    snapshot: { ...snapshotOf(logins, file), keeper: { running: true, pid: 4_711, since: NOON - 3 * HOUR } },
    role: { name: "keeper" },
    pings: { mode: "message", dailyTokens: 5_000, lockedBy: null },
    startAtLogin: { on: false, locked: null },
    tray: "shown",
    providers: [PROVIDER],
    ...change,
  };
}

/** The first run: nothing was sent yet that costs anything. */
export const NOTICE = { shownAt: null } as const satisfies View["notice"];
