/** Why "Start at login" cannot be switched, in words. Pure. */
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

/** @returns the same in a few words, to follow "Start at login: " in a menu; the window shows all of it. */
export function startLockShort(lock: StartLock): string {
  switch (lock.kind) {
    case "starting":
      return "still starting";
    case "checkout":
      return "off in a development checkout";
    case "ownInstance":
      return "off for a demo or a chosen state folder";
    case "flatpak":
      return "a Flatpak cannot write start entries";
    case "snap":
      return "a Snap cannot write start entries";
    case "oddPath":
      return "the path of this app cannot be used";
    case "approval":
      return "macOS waits for your approval";
    case "foreignFile":
      return "the start file is another program's";
    case "unreadableFile":
      return "the start file cannot be read";
  }
}
