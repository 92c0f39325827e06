import { expect, it } from "vitest";
import { type StartLock } from "../view/start-lock.ts";
import { startLockShort } from "./tray.ts";
import { startLockSentence } from "./window.ts";

const LOCKS: readonly StartLock[] = [
  { kind: "starting" },
  { kind: "checkout" },
  { kind: "ownInstance" },
  { kind: "flatpak" },
  { kind: "snap" },
  { kind: "oddPath" },
  { kind: "approval" },
  { kind: "foreignFile", path: "/home/ann/a.desktop" },
  { kind: "unreadableFile", path: "/home/ann/a.desktop", code: "EIO" },
];

it.each(LOCKS)("a locked switch has a sentence, and few words for a menu: $kind", (lock) => {
  expect(startLockSentence(lock)).toMatch(/^[A-Z/m].*\.$/);
  expect(startLockShort(lock)).toMatch(/^[A-Za-z][^.:/]{5,40}$/);
});
