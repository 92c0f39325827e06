import { describe, expect, it } from "vitest";
import { loginOf, NOON } from "../testing/snapshots.ts";
import { accessPart, loginDays } from "./lives.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("what is left of a life", () => {
  it("of an access token is told where a refresh of ours began it", () => {
    const login = loginOf("a", {
      accessExpiresAt: NOON + 6 * HOUR,
      lastRefresh: { at: NOON - 2 * HOUR, outcome: "refreshed" },
    });
    expect(accessPart(login, NOON)).toBe(0.75);
    expect(accessPart(login, NOON + 7 * HOUR)).toBe(0);
    expect(accessPart(login, NOON - 3 * HOUR)).toBe(1);
  });

  it("of an access token is not known where another program or nobody began it, or it has no end", () => {
    const lastRefresh = { at: NOON - HOUR, outcome: "refreshed" } as const;
    expect(accessPart(loginOf("a", { lastRefresh: null }), NOON)).toBeNull();
    expect(accessPart(loginOf("a", { lastRefresh: { ...lastRefresh, outcome: "adopted" } }), NOON)).toBeNull();
    expect(accessPart(loginOf("a", { lastRefresh, accessExpiresAt: null }), NOON)).toBeNull();
    expect(accessPart(loginOf("a", { lastRefresh, accessExpiresAt: NOON - 2 * HOUR }), NOON)).toBeNull();
  });

  it.each([
    [null, null],
    [NOON + 200 * DAY, null],
    [NOON + 30 * DAY, 30],
    [NOON + 19 * DAY + HOUR, 19],
    [NOON + HOUR, 0],
    [NOON, null],
  ])("of a login that ends at %s is %s days", (loginEndsAt, days) => {
    expect(loginDays(loginOf("a", { loginEndsAt }), NOON)).toBe(days);
    expect(loginDays(loginOf("a", { loginEndsAt, state: "signIn" }), NOON)).toBeNull();
  });
});
