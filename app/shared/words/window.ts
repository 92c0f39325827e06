/** What the window says around the cards. Pure. */
import { codeWords } from "../data/errors.ts";
import type { StartLock } from "../view/start-lock.ts";

/** @returns why, one sentence, with what to do where there is something. */
export function startLockSentence(lock: StartLock): string {
  switch (lock.kind) {
    case "starting":
      return "Pilot Light is still starting.";
    case "checkout":
      return "Off in a development checkout: only an installed Pilot Light can start at login.";
    case "ownInstance":
      return "Off for a demo or a chosen state folder: only the everyday Pilot Light starts at login.";
    case "flatpak":
      return "A Flatpak cannot write start entries: add Pilot Light in the settings of your desktop.";
    case "snap":
      return "A Snap cannot write start entries: add Pilot Light in the settings of your desktop.";
    case "oddPath":
      return `A start file cannot hold the path of this app ("=" or an unreadable character in it): move the app.`;
    case "approval":
      return "macOS waits for your approval: System Settings > General > Login Items.";
    case "foreignFile":
      return `Pilot Light did not write ${lock.path} and leaves it alone: remove it to use this switch.`;
    case "unreadableFile":
      return `${lock.path} cannot be read: ${codeWords(lock.code)}.`;
  }
}
