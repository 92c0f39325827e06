import { describe, expect, it } from "vitest";
import { loginOf, NOON } from "../testing/snapshots.ts";
import { asksForSignIn, byNeed, type Degree, degreeOfLogin, isInTrouble } from "./need.ts";
import type { Login } from "./snapshot.ts";
import { LOGIN_STATE_NAMES, type LoginStateName } from "./states.ts";

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

describe("a new sign-in", () => {
  it("is asked for where it helps best, and before the deadline", () => {
    const asking = LOGIN_STATE_NAMES.filter((state) => asksForSignIn(loginOf("a", { state }), NOON));
    expect(asking).toEqual(["oldCopy", "wipedElsewhere", "signIn"]);
    expect(asksForSignIn(loginOf("a", { loginEndsAt: NOON + DAY }), NOON)).toBe(true);
    expect(asksForSignIn(loginOf("a", { loginEndsAt: NOON + 9 * DAY }), NOON)).toBe(false);
  });
});

describe("logins by need", () => {
  it("come with the worst first, and last the ones that are left alone", () => {
    const logins = LOGIN_STATE_NAMES.map((state) => loginOf(state, { state }));
    expect(byNeed(logins, NOON).map(({ state }) => state)).toEqual([
      "unreadable",
      "shared",
      "oldCopy",
      "wipedElsewhere",
      "signIn",
      "retrying",
      "rateLimited",
      "outcomeUnknown",
      "paused",
      "healthy",
      "due",
      "refreshing",
      "unmanaged",
    ]);
  });

  it("keep the order of the file where they need the same", () => {
    const logins = ["c", "a", "b"].map((id) => loginOf(id));
    expect(byNeed([...logins, loginOf("z", { state: "signIn" })], NOON).map(({ id }) => id)).toEqual([
      "z",
      "c",
      "a",
      "b",
    ]);
  });

  it("come sooner once they have expired, or end before long", () => {
    const logins = [
      loginOf("tried", { state: "retrying" }),
      loginOf("expired", { state: "retrying", accessExpiresAt: NOON }),
      loginOf("ending", { loginEndsAt: NOON + DAY }),
      loginOf("ended", { state: "signIn" }),
    ];
    expect(byNeed(logins, NOON).map(({ id }) => id)).toEqual(["ended", "expired", "ending", "tried"]);
  });
});
