import { describe, expect, it } from "vitest";
import { loginOf, NOON, snapshotOf } from "../testing/snapshots.ts";
import { PROVIDER, viewOf } from "../testing/views.ts";
import { type StartLock } from "../view/start-lock.ts";
import { startLockShort } from "./tray.ts";
import {
  allPausedBanner,
  detailsOf,
  emptyWords,
  fileBanner,
  noticeItems,
  type Part,
  startLockSentence,
  viewerBanner,
} from "./window.ts";

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

describe("the notice of the first run", () => {
  const second = {
    ...PROVIDER,
    id: "second",
    tokenUrl: "https://t.second",
    apiUrl: "https://a.second",
    termsNote: null,
  };

  it("names each address, and says of a message ping that it proves nothing", () => {
    const [refresh = [], pings = [], terms = []] = noticeItems("message", [PROVIDER, second]);
    expect(plain(refresh)).toContain(`refresh token to ${PROVIDER.tokenUrl} or ${second.tokenUrl} before`);
    expect(plain(pings)).toContain(`to ${PROVIDER.apiUrl} or ${second.apiUrl}.`);
    expect(plain(pings)).toMatch(/proof|prove/);
    expect(plain(terms)).toContain(PROVIDER.termsNote ?? "?");
  });

  it("says nothing of terms where there are none, and no price where there is none", () => {
    const items = noticeItems("profile", [second]).map(plain);
    expect(items).toHaveLength(2);
    expect(items[1]).toContain("uses no tokens");
    expect(noticeItems("off", [second]).map(plain)[1]).not.toContain("http");
  });
});

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

it("an empty window tells the command that signs in, if it is known", () => {
  const { signIn } = emptyWords({ format: null }, "opencode auth login");
  expect(plain(signIn ?? [])).toContain("opencode auth login");
  expect(emptyWords({ format: "flat" }, "").signIn).toBeNull();
});

it("the details say where everything is, and what is not known yet", () => {
  const known = new Map(detailsOf(viewOf([loginOf("a")])).map(([name, ...lines]) => [name, lines.join("; ")]));
  expect(known.get("anthropic")).toBe(`refreshes at ${PROVIDER.tokenUrl}; pings at ${PROVIDER.apiUrl}`);
  expect(known.get("pings")).toContain("at most 5000 tokens a day");
  const early = detailsOf({ ...viewOf([]), snapshot: null, pings: null, settingsFile: "" });
  expect(early.filter(([, line]) => line === "not known yet").map(([name]) => name)).toEqual([
    "watched file",
    "format",
    "pings",
    "settings file",
  ]);
});
