import { describe, expect, it } from "vitest";
import type { Login } from "../../shared/login/snapshot.ts";
import { loginOf, NOON } from "../../shared/testing/snapshots.ts";
import { viewOf } from "../../shared/testing/views.ts";
import type { View } from "../../shared/view/view.ts";
import { trayModel } from "./menu.ts";

const model = (logins: readonly Login[], change: Partial<View> = {}) => trayModel(viewOf(logins, change), NOON);

describe("the tray's icon", () => {
  it.each<[string, Partial<Login>, Partial<View>, string]>([
    ["all well", {}, {}, "well"],
    ["a login that waits", { state: "retrying" }, {}, "well"],
    ["a login that waits, and has expired", { state: "retrying", accessExpiresAt: NOON }, {}, "soon"],
    ["a login that is refreshed", { state: "refreshing" }, {}, "working"],
    ["a command at work", {}, { busy: ["a"] }, "working"],
    ["a login that needs you", { state: "oldCopy" }, {}, "needsYou"],
    ["a login that cannot be read", { state: "unreadable" }, {}, "unreadable"],
    ["everything paused", { state: "paused" }, { allPaused: { until: null } }, "paused"],
    ["a keeper that cannot work", {}, { problem: "The settings file cannot be read." }, "unreadable"],
  ])("tells of %s", (_what, login, change, icon) => {
    expect(model([loginOf("a", login)], change).icon).toBe(icon);
  });

  it("is a flame while only one of two is paused", () => {
    expect(model([loginOf("a", { state: "paused" }), loginOf("b")]).icon).toBe("well");
  });
});

describe("the tray's tooltip", () => {
  const ended = { state: "signIn", accessExpiresAt: null, nextRefreshAt: null } as const;

  it.each<[string, readonly Login[], string]>([
    [
      "the login that is worst off, first",
      [loginOf("b"), loginOf("a", ended), loginOf("c")],
      "Pilot Light: a, sign in again. 1 of 3 logins needs you. Next: b refreshes at 18:00",
    ],
    [
      "one that cannot be read before one that has ended",
      [loginOf("a", ended), loginOf("b", { ...ended, state: "unreadable" })],
      "Pilot Light: b, unreadable. 1 of 2 logins cannot be read",
    ],
    [
      "one that is tried again",
      [loginOf("b"), loginOf("a", { ...ended, state: "retrying" })],
      "Pilot Light: a, retrying. 1 of 2 logins will be tried again. Next: b refreshes at 18:00",
    ],
    ["the only login, without counting it", [loginOf("a", ended)], "Pilot Light: a, sign in again"],
    ["no login where all are well", [loginOf("a")], "Pilot Light: 1 login, well. Next: a refreshes at 18:00"],
  ])("names %s", (_what, logins, tooltip) => {
    expect(model(logins).tooltip).toBe(tooltip);
  });

  it("names no login where the file as a whole cannot be used", () => {
    const view = viewOf([loginOf("a", ended)], {}, { format: null, problem: "it is empty" });
    expect(trayModel(view, NOON).tooltip).toBe("Pilot Light: the credential file cannot be used");
  });

  it("tells why the keeper cannot work", () => {
    expect(model([], { problem: "The disk is full." }).tooltip).toBe("Pilot Light: The disk is full.");
  });
});
