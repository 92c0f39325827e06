/** What the window says around the cards. Pure; text of others in it is not yet made harmless. */
import { codeWords } from "../data/errors.ts";
import type { Snapshot } from "../login/snapshot.ts";
import type { StartLock } from "../view/start-lock.ts";
import type { View } from "../view/view.ts";
import { stepFor } from "./file-problem.ts";
import { fileProblemSentence, otherKeeper, WAITING_TO_END } from "./status.ts";
import { moment } from "./times.ts";

/** A part of a sentence: plain, or set apart. */
export type Part = string | { readonly as: "code" | "strong"; readonly text: string };

const code = (text: string): Part => ({ as: "code", text });

// ---- what is there before, and instead of, the logins ----------------------------------------------------------------

/** While there is nothing to show yet, or where nothing can be shown. */
export const PAGE = {
  starting: "Starting …",
  looking: "Looking at the logins …",
  notWorking: "Not working",
  noAnswer: "Pilot Light did not answer. Close this window and open it again.",
  working: "Working on it …",
} as const;

/** The names of buttons that concern all logins, or the app. */
export const APP_BUTTONS = {
  refreshAll: "Refresh all now",
  resumeAll: "Resume all pings",
  settings: "Settings",
  openDemo: "Open the demo",
  quit: "Quit Pilot Light",
} as const;

/** No login to show yet. @returns what is watched, and how there will be a login. */
export function emptyWords(
  { format }: Pick<Snapshot["file"], "format">,
  provider: Pick<View["providers"][number], "signInHint" | "signInNote"> | undefined,
) {
  const signIn: readonly Part[] | null =
    provider === undefined
      ? null
      : ["Sign in with ", code(provider.signInHint), " in a terminal. The login then appears here by itself."];
  return {
    title: format === null ? "No logins yet" : "The file holds no logins yet",
    file:
      format === null
        ? "Pilot Light waits for this file, which opencode makes at the first sign-in:"
        : "Pilot Light watches this file:",
    signIn,
    note: provider?.signInNote ?? null,
    demo: "The demo shows made-up logins on this computer; nothing of yours is touched.",
  };
}

// ---- banners ---------------------------------------------------------------------------------------------------------

/** What a demo shows. */
export const DEMO_BANNER =
  "This is a demo: four made-up logins and a provider on this computer. Nothing of yours is read or sent. Two logins are " +
  "refreshed every minute, “team” is soon told to wait, and “laptop” ends after half a minute and needs a sign-in.";

/** That the app is about to end. */
export const QUITTING = `Quitting … ${WAITING_TO_END}.`;

/** That closing the window does not go to a tray. */
export const NO_TRAY =
  "This desktop shows no tray icons, so closing this window minimises it. Use Quit to stop Pilot Light.";

/** @returns what is wrong with the credential file, and what to do; a paragraph each. */
export function fileBanner(file: Snapshot["file"]): readonly string[] {
  const step = stepFor(file);
  return [
    fileProblemSentence(file),
    `Until this is fixed, nothing is written or refreshed. ${step === null ? "" : `${step} `}Pilot Light picks up the change by itself.`,
  ];
}

/** @returns that another process is the keeper, and what this window does then. */
export function viewerBanner(keeperPid: number | null): string {
  return `${otherKeeper(keeperPid)}. This window shows what it does; commands work here as well.`;
}

/** @param until ms; null = until resumed. */
export function allPausedBanner(until: number | null, now: number): string {
  const end = until === null ? "until you resume them" : `until ${moment(until, now)}`;
  return `Pings of all logins are paused ${end}. Refreshing continues.`;
}

/** @param reason codes. @returns that the page died and comes again, one sentence. */
export function windowEnded(reason: string): string {
  return `The window ended unexpectedly (${reason}); the keeper is not affected.`;
}

/** @param why a clause. @returns that there is no keeper yet, and how often it is tried. */
export function keeperNotStarted(why: string, againMs: number): string {
  return `The keeper could not start: ${why}. Pilot Light tries again every ${againMs / 1_000} seconds.`;
}

/** What is answered to a page that asks for what it may not. */
export const IPC_WORDS = {
  refused: "Only Pilot Light's own window may ask for this.",
  outOfShape: "The window asked for something that does not exist.",
} as const;

// ---- start at login ---------------------------------------------------------------------------------------------------

/** @returns why "Start at login" cannot be switched, one sentence, with what to do where there is something. */
export function startLockSentence(lock: StartLock): string {
  switch (lock.kind) {
    case "starting":
      return "Pilot Light is still starting.";
    case "checkout":
      return "Off in a development checkout: only an installed Pilot Light can start at login.";
    case "ownInstance":
      return "Off for a demo or a chosen state folder: only the everyday Pilot Light starts at login.";
    case "flatpak":
      return "A Flatpak cannot write start entries: add Pilot Light in your desktop's settings.";
    case "snap":
      return "A Snap cannot write start entries: add Pilot Light in your desktop's settings.";
    case "oddPath":
      return `The path of this app has "=" or an unreadable character in it, which a start file cannot hold: move the app.`;
    case "approval":
      return "macOS is waiting for your approval: System Settings > General > Login Items.";
    case "foreignFile":
      return `Pilot Light did not write ${lock.path} and leaves it alone: remove it to use this switch.`;
    case "unreadableFile":
      return `${lock.path} cannot be read: ${codeWords(lock.code)}.`;
  }
}
