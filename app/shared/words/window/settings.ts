/** What the settings of the window say. Pure; text of others in it is not yet made harmless. */
import type { LogLevel } from "../../data/log-levels.ts";
import type { Schedule } from "../../login/schedules.ts";
import type { Snapshot } from "../../login/snapshot.ts";
import type { Place, PlaceAct } from "../../view/places.ts";
import type { View } from "../../view/view.ts";

/** What stands there whatever is set. */
export const SETTINGS = {
  title: "Settings",
  pings: "Pings",
  pingModel: (provider: string) => `Model to ask (${provider})`,
  dailyTokens: "Most tokens a day for each login",
  pauseAll: "Pause pings of all logins",
  allPaused: "Pings of all logins are paused",
  refreshingContinues: "(refreshing continues)",
  aboutPauseAll: "pause pings of all logins",
  refreshing: "Refreshing",
  log: "Log",
  notifications: "Notify me when",
  names: "Names of logins",
  noLogins: "There is no login yet.",
  app: "This app",
  startAtLogin: "Start at login",
  places: "Files",
  about: "Where tokens go",
  shownOnly: "The credential file and the addresses are shown here and never changed here.",
  notRunning: "Nothing is refreshed while Pilot Light is not running.",
} as const;

/** A way to say when a login is refreshed. */
export interface ScheduleChoice {
  readonly schedule: Schedule;
  readonly name: string;
  readonly means: string;
}

export const SCHEDULE_CHOICES: readonly ScheduleChoice[] = [
  {
    schedule: "lead",
    name: "Well ahead (the default)",
    means: "a quarter of the token's life before it expires: 10 minutes at least, 2 hours at most",
  },
  { schedule: "classic", name: "Classic", means: "10 minutes before it expires" },
];

/** How much the log tells, and what that means. */
export const LOG_CHOICES: readonly { readonly value: LogLevel; readonly name: string; readonly about: string }[] = [
  { value: "error", name: "Errors", about: "only what failed" },
  { value: "warn", name: "Warnings", about: "and what may need a look" },
  { value: "info", name: "Usual (the default)", about: "and each refresh and ping" },
  { value: "debug", name: "Everything", about: "for the search for a fault; the log holds no token at any level" },
];

/** @returns why the log cannot be chosen here; null = it can. */
export function logLockSentence({ lockedBy }: View["log"]): string | null {
  return lockedBy === null ? null : "Chosen by --log-level for this run, so it cannot be changed here.";
}

/** @returns why pings cannot be chosen here; null = they can. */
export function pingLockSentence(pings: View["pings"]): string | null {
  switch (pings?.lockedBy ?? null) {
    case "flag":
      return "Chosen by --ping for this run, so it cannot be changed here.";
    case "env":
      return "Chosen by the variable PILOT_LIGHT_PING for this run, so it cannot be changed here.";
    case null:
      return null;
  }
}

// ---- places ----------------------------------------------------------------------------------------------------------

export const PLACE_NAMES: Readonly<Record<Place, string>> = {
  settingsFile: "settings file",
  stateDir: "state folder",
  authFile: "credential file",
  log: "log",
};

export const PLACE_ACT_NAMES: Readonly<Record<PlaceAct, string>> = {
  open: "Open",
  show: "Show in folder",
  copy: "Copy",
};

/** @returns that there is nothing at a place, one sentence. */
export function placeMissing(path: string): string {
  return `${path} is not there yet.`;
}

/** @returns that no program opened a place, one sentence. */
export function placeNotOpened(path: string): string {
  return `${path} could not be opened: this system has no program for it.`;
}

// ---- a file that cannot be used --------------------------------------------------------------------------------------

/** The question before a settings file is set aside. */
export const SET_ASIDE = {
  open: "Set aside …",
  confirm: "Set aside",
  about: "the settings file",
  question:
    "The file is renamed, not deleted. Pilot Light then goes on with its defaults: what the file says of pings, pauses, " +
    "permissions, names and addresses no longer counts.",
} as const;

/** @returns where the settings file is now, and what counts. */
export function setAsideSentence(path: string): string {
  return `The settings file is now ${path}. The defaults count; the credential file and the addresses change at the next start.`;
}

/** @returns what is wrong with the settings file, and what is used meanwhile. */
export function settingsBanner({ problem, settingsProblem }: Pick<View, "problem" | "settingsProblem">): string {
  const sentence = settingsProblem?.sentence ?? "";
  return problem === null ? `${sentence} Until then the last good settings are used.` : sentence;
}

// ---- what is only shown ----------------------------------------------------------------------------------------------

const UNKNOWN = "not known yet";

/** A name, and the lines that it stands for. */
export type Detail = readonly [name: string, ...lines: readonly string[]];

/** @returns where tokens go, and what this is. */
export function detailsOf({ snapshot, providers, version }: Pick<View, "snapshot" | "providers" | "version">) {
  return [
    ...providers.map(({ id, tokenUrl, apiUrl }): Detail => [id, `refreshes at ${tokenUrl}`, `pings at ${apiUrl}`]),
    ["format", FORMATS[snapshot?.file.format ?? "none"]] satisfies Detail,
    ["version", version] satisfies Detail,
  ];
}

const FORMATS: Readonly<Record<NonNullable<Snapshot["file"]["format"]> | "none", string>> = {
  flat: "one login per provider",
  accounts: "several accounts per provider",
  none: UNKNOWN,
};

/** @returns a path, or that it is not known yet. */
export function placeText(path: string | null): string {
  return path ?? UNKNOWN;
}
