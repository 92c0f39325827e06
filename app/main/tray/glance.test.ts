import { describe, expect, it } from "vitest";
import type { Account } from "../../shared/login/snapshot.ts";
import { accountOf, NOON } from "../../shared/testing/snapshots.ts";
import { viewOf } from "../../shared/testing/views.ts";
import type { View } from "../../shared/view/view.ts";
import { trayModel } from "./menu.ts";

const model = (accounts: readonly Account[], change: Partial<View> = {}) => trayModel(viewOf(accounts, change), NOON);

describe("the tray's icon", () => {
  it.each<[string, Partial<Account>, Partial<View>, string]>([
    ["all well", {}, {}, "well"],
    ["a login that waits", { state: "retrying" }, {}, "well"],
    ["a login that needs you", { state: "oldCopy" }, {}, "needs-you"],
    ["a login that cannot be read", { state: "unreadable" }, {}, "unreadable"],
    ["everything paused", { state: "paused" }, { allPaused: { until: null } }, "paused"],
    ["a keeper that cannot work", {}, { problem: "The settings file cannot be read." }, "unreadable"],
  ])("tells of %s", (_what, account, change, icon) => {
    expect(model([accountOf("a", account)], change).icon).toBe(icon);
  });

  it("is a flame while only one of two is paused", () => {
    expect(model([accountOf("a", { state: "paused" }), accountOf("b")]).icon).toBe("well");
  });
});

describe("the tray's tooltip", () => {
  const ended = { state: "signIn", accessExpiresAt: null, nextRefreshAt: null } as const;

  it.each<[string, readonly Account[], string]>([
    [
      "the login that is worst off, first",
      [accountOf("b"), accountOf("a", ended), accountOf("c")],
      "Pilot Light: a, sign in again. 1 of 3 logins needs you. Next: b refreshes at 18:00",
    ],
    [
      "one that cannot be read before one that has ended",
      [accountOf("a", ended), accountOf("b", { ...ended, state: "unreadable" })],
      "Pilot Light: b, unreadable. 1 of 2 logins cannot be read",
    ],
    [
      "one that is tried again",
      [accountOf("b"), accountOf("a", { ...ended, state: "retrying" })],
      "Pilot Light: a, retrying. 1 of 2 logins will be tried again. Next: b refreshes at 18:00",
    ],
    ["the only login, without counting it", [accountOf("a", ended)], "Pilot Light: a, sign in again"],
    ["no login where all are well", [accountOf("a")], "Pilot Light: 1 login, well. Next: a refreshes at 18:00"],
  ])("names %s", (_what, accounts, tooltip) => {
    expect(model(accounts).tooltip).toBe(tooltip);
  });

  it("names no login where the file as a whole cannot be used", () => {
    const view = viewOf([accountOf("a", ended)], {}, { format: null, problem: "it is empty" });
    expect(trayModel(view, NOON).tooltip).toBe("Pilot Light: the credential file cannot be used");
  });

  it("tells why the keeper cannot work", () => {
    expect(model([], { problem: "The disk is full." }).tooltip).toBe("Pilot Light: The disk is full.");
  });
});
