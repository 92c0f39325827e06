import { describe, expect, it } from "vitest";
import { ALL } from "../data/all.ts";
import type { Degree } from "../login/need.ts";
import type { LoginStateName } from "../login/states.ts";
import { loginOf, NOON } from "../testing/snapshots.ts";
import { viewOf } from "../testing/views.ts";
import { degreeOf } from "./degree.ts";
import type { View } from "./view.ts";

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
