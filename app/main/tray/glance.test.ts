import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Login } from "../../shared/login/snapshot.ts";
import { LOGIN_STATE_NAMES } from "../../shared/login/states.ts";
import { anyText, loginOf, NOON } from "../../shared/testing/snapshots.ts";
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
  const failing = { state: "retrying", lastRefresh: { at: NOON - 50 * 60_000, outcome: "transient" } } as const;

  it.each<[string, readonly Login[], string]>([
    [
      "the login that is worst off, first",
      [loginOf("b"), loginOf("home", failing), loginOf("work", ended), loginOf("c")],
      "Pilot Light: work needs a sign-in · home refresh failing since 11:10 · 2 others well",
    ],
    [
      "one that cannot be read before one that has ended",
      [loginOf("a", ended), loginOf("b", { ...ended, state: "unreadable" })],
      "Pilot Light: b cannot be read · a needs a sign-in",
    ],
    [
      "one whose deadline is near before one that will be tried again in time",
      [loginOf("a", failing), loginOf("b", { loginEndsAt: NOON + 86_400_000 })],
      "Pilot Light: b needs a sign-in before Tue 12:00 · a refresh failing since 11:10",
    ],
    ["the only login, without counting it", [loginOf("a", ended)], "Pilot Light: a needs a sign-in"],
    ["none where all are well, but the next", [loginOf("a")], "Pilot Light: 1 login, well · a refreshes at 18:00"],
    [
      "one that is refreshed",
      [loginOf("a", { state: "refreshing" }), loginOf("b")],
      "Pilot Light: 2 logins, all well · at work on a",
    ],
    [
      "the label alone, with the provider where there are two of it",
      [
        loginOf("p/1", { ...ended, label: "work" }),
        loginOf("q/1", { ...ended, label: "work" }),
        loginOf("p/2", { ...ended, label: "home" }),
      ],
      "Pilot Light: p work needs a sign-in · q work needs a sign-in · home needs a sign-in",
    ],
  ])("names %s", (_what, logins, tooltip) => {
    expect(model(logins).tooltip).toBe(tooltip);
  });

  it("counts those for which there is no room", () => {
    const many = [...Array(9).keys()].map((at) => loginOf(`the login with number ${at}`, ended));
    expect(model([...many, loginOf("b")]).tooltip).toBe(
      "Pilot Light: the login with number 0 needs a sign-in · 8 others not well, 1 well",
    );
  });

  it("says which commands are at work, as long as nothing is wrong", () => {
    const logins = [loginOf("a"), loginOf("b")];
    expect(model(logins, { busy: ["b"] }).tooltip).toBe("Pilot Light: 2 logins, all well · at work on b");
    expect(model(logins, { busy: ["*", "a", "b"] }).tooltip).toContain(" · at work on 2 logins");
    expect(model([loginOf("a", ended)], { busy: ["a"] }).tooltip).toBe("Pilot Light: a needs a sign-in");
  });

  it("does not let a name from right to left turn it round", () => {
    expect(model([loginOf("a", { ...ended, label: "مرحبا" }), loginOf("b")]).tooltip).toBe(
      "Pilot Light: \u2068مرحبا\u2069 needs a sign-in · 1 other well",
    );
  });

  it("is never so long that a desktop cuts it, nor leaves a name open", () => {
    const login = fc.record({
      label: anyText(80),
      provider: anyText(80),
      state: fc.constantFrom(...LOGIN_STATE_NAMES),
      accessExpiresAt: fc.constantFrom(null, NOON - 1, NOON + 1),
      nextRefreshAt: fc.constantFrom(null, NOON - 1, NOON + 200 * 86_400_000),
      loginEndsAt: fc.constantFrom(null, NOON - 1, NOON + 86_400_000),
    });
    fc.assert(
      fc.property(fc.array(login, { maxLength: 12 }), fc.boolean(), anyText(300), (changes, demo, problem) => {
        const logins = changes.map((change, at) => loginOf(`id ${at}`, change));
        for (const text of [model(logins, { demo }).tooltip, model(logins, { demo, problem }).tooltip]) {
          expect(text.length).toBeLessThanOrEqual(120);
          expect(text.split("\u2068").length).toBe(text.split("\u2069").length);
        }
      }),
    );
  });

  it("names no login where the file as a whole cannot be used", () => {
    const view = viewOf([loginOf("a", ended)], {}, { format: null, problem: "it is empty" });
    expect(trayModel(view, NOON).tooltip).toBe("Pilot Light: the credential file cannot be used");
  });

  it("tells why the keeper cannot work", () => {
    expect(model([], { problem: "The disk is full." }).tooltip).toBe("Pilot Light: The disk is full.");
  });
});
