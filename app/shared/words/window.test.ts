import { describe, expect, it } from "vitest";
import { NOON, snapshotOf } from "../testing/snapshots.ts";
import { HINT, PROVIDER } from "../testing/views.ts";
import { type StartLock } from "../view/start-lock.ts";
import { startLockShort } from "./tray.ts";
import { allPausedBanner, emptyWords, fileBanner, type Part, startLockSentence, viewerBanner } from "./window.ts";

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

const plain = (parts: readonly Part[]) => parts.map((part) => (typeof part === "string" ? part : part.text)).join("");

describe("a banner", () => {
  it("says until when all pings are paused", () => {
    expect(allPausedBanner(NOON + 7_200_000, NOON)).toContain("until 14:00");
    expect(allPausedBanner(null, NOON)).toContain("until you resume them");
  });

  it("names the other process where it is known", () => {
    expect(viewerBanner(7)).toContain("Another Pilot Light (pid 7) keeps");
    expect(viewerBanner(null)).toContain("Another Pilot Light keeps");
  });

  it("on the file has the step, if there is one", () => {
    const { file } = snapshotOf([], { format: null, problem: "it is empty" });
    expect(fileBanner({ ...file, problemKind: "empty" })[1]).toContain("Fix it, or move it away");
    expect(fileBanner(file)[1]).not.toMatch(/null| {2}/);
  });
});

it("an empty window tells the command that signs in and what it needs first, if they are known", () => {
  const { signIn, note } = emptyWords({ format: null }, PROVIDER);
  expect(plain(signIn ?? [])).toContain(HINT);
  expect(note).toContain("plugin");
  expect(emptyWords({ format: "flat" }, undefined)).toMatchObject({ signIn: null, note: null });
});
