import { describe, expect, it } from "vitest";
import { ALL } from "../data/all.ts";
import type { Login } from "../login/snapshot.ts";
import { LOGIN_STATE_NAMES, type LoginStateName } from "../login/states.ts";
import { loginOf, NOON } from "../testing/snapshots.ts";
import { viewOf } from "../testing/views.ts";
import { type Degree, degreeOf, degreeOfLogin, isInTrouble } from "./degree.ts";
import type { View } from "./view.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("the degree of one login", () => {
  it.each<[LoginStateName, Degree, Degree]>([
    ["healthy", "well", "well"],
    ["due", "well", "well"],
    ["refreshing", "working", "working"],
    ["retrying", "well", "soon"],
    ["rateLimited", "well", "soon"],
    ["outcomeUnknown", "well", "soon"],
    ["shared", "needsYou", "needsYou"],
    ["oldCopy", "needsYou", "needsYou"],
    ["wipedElsewhere", "needsYou", "needsYou"],
    ["signIn", "needsYou", "needsYou"],
    ["paused", "paused", "paused"],
    ["unmanaged", "well", "well"],
    ["unreadable", "unreadable", "unreadable"],
  ])("that is %s is %s, and %s once its access has expired", (state, valid, expired) => {
    expect(degreeOfLogin(loginOf("a", { state }), NOON)).toBe(valid);
    expect(degreeOfLogin(loginOf("a", { state, accessExpiresAt: NOON }), NOON)).toBe(expired);
  });

  it.each<[string, Partial<Login>, Degree]>([
    ["whose deadline is three days away", { loginEndsAt: NOON + 3 * DAY }, "well"],
    ["whose deadline is nearer", { loginEndsAt: NOON + 3 * DAY - 1 }, "soon"],
    ["whose deadline is over, while its access is not", { loginEndsAt: NOON - HOUR }, "soon"],
    ["with a near deadline while it is refreshed", { state: "refreshing", loginEndsAt: NOON + DAY }, "soon"],
    ["with a near deadline while its pings are paused", { state: "paused", loginEndsAt: NOON + DAY }, "soon"],
    ["that has ended before its deadline", { state: "signIn", loginEndsAt: NOON + DAY }, "needsYou"],
    ["that has expired and nothing refreshes", { state: "due", reasonKind: "unkept", accessExpiresAt: NOON }, "soon"],
    ["whose access has no known end", { state: "retrying", accessExpiresAt: null }, "well"],
  ])("%s is told", (_what, change, degree) => {
    expect(degreeOfLogin(loginOf("a", change), NOON)).toBe(degree);
  });

  it("calls it trouble where a refresh fails, also while the access lasts", () => {
    const inTrouble = LOGIN_STATE_NAMES.filter((state) => isInTrouble(loginOf("a", { state }), NOON));
    expect(inTrouble).toEqual([
      "retrying",
      "rateLimited",
      "outcomeUnknown",
      "shared",
      "oldCopy",
      "wipedElsewhere",
      "signIn",
      "unreadable",
    ]);
    expect(isInTrouble(loginOf("a", { loginEndsAt: NOON + DAY }), NOON)).toBe(true);
  });
});

describe("the degree of all", () => {
  const well = loginOf("well");
  const ofStates = (states: readonly LoginStateName[], change: Partial<View> = {}) =>
    degreeOf(viewOf([well, ...states.map((state) => loginOf(state, { state }))], change), NOON);

  it.each<[readonly LoginStateName[], Degree]>([
    [[], "well"],
    [["retrying"], "well"],
    [["refreshing"], "working"],
    [["signIn", "refreshing"], "needsYou"],
    [["signIn", "unreadable"], "unreadable"],
    [["paused"], "well"],
    [["unmanaged"], "well"],
  ])("of one that is well beside %j is the worst: %s", (states, degree) => {
    expect(ofStates(states)).toBe(degree);
  });

  it("is a pause only where nothing is pinged, or all were paused", () => {
    const paused = [loginOf("a", { state: "paused" }), loginOf("b", { state: "paused" })];
    expect(degreeOf(viewOf(paused), NOON)).toBe("paused");
    expect(degreeOf(viewOf([...paused, well]), NOON)).toBe("well");
    expect(ofStates(["paused"], { allPaused: { until: null } })).toBe("paused");
    expect(degreeOf(viewOf([], { allPaused: { until: null } }), NOON)).toBe("well");
  });

  it("shows a command at work, but not over what needs somebody", () => {
    expect(ofStates([], { busy: [ALL] })).toBe("working");
    expect(ofStates(["paused"], { busy: ["paused"], allPaused: { until: null } })).toBe("working");
    expect(ofStates(["signIn"], { busy: ["signIn"] })).toBe("needsYou");
  });

  it("cannot be told where the keeper does not work, or the file cannot be used", () => {
    expect(ofStates([], { problem: "The disk is full." })).toBe("unreadable");
    expect(degreeOf(viewOf([], {}, { format: null, problem: "it is empty" }), NOON)).toBe("unreadable");
  });

  it("is calm before the first look, and while there is no file", () => {
    expect(degreeOf(viewOf([], { snapshot: null }), NOON)).toBe("well");
    expect(degreeOf(viewOf([], {}, { format: null }), NOON)).toBe("well");
  });
});
