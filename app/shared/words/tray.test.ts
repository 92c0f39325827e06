import { describe, expect, it } from "vitest";
import type { Login } from "../login/snapshot.ts";
import { LOGIN_STATE_NAMES } from "../login/states.ts";
import { loginOf, NOON } from "../testing/snapshots.ts";
import { clockLines, standing } from "./tray.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const pinged = (at: number, outcome: "ok" | "refused"): Partial<Login> => ({
  lastPing: { at, outcome, mode: "profile" },
});

describe("the line of a login", () => {
  it.each<[Partial<Login>, string]>([
    [{}, "until 20:00"],
    [{ accessExpiresAt: NOON + 4 * DAY }, "until Fri 12:00"],
    [{ accessExpiresAt: NOON + 20 * DAY }, "until 13 Dec"],
    [{ accessExpiresAt: NOON - HOUR }, "expired 11:00"],
    [{ accessExpiresAt: null }, "healthy"],
    [{ state: "due" }, "until 20:00, refreshes now"],
    [{ state: "due", accessExpiresAt: NOON - DAY }, "expired Sun 12:00, refreshes now"],
    [{ state: "due", accessExpiresAt: null }, "refreshes now"],
    [{ state: "refreshing" }, "until 20:00, refreshing …"],
    [{ state: "retrying" }, "until 20:00, retrying"],
    [{ state: "rateLimited", accessExpiresAt: NOON - HOUR }, "expired 11:00, rate-limited"],
    [{ state: "outcomeUnknown" }, "until 20:00, answer lost"],
    [{ state: "paused" }, "until 20:00, pings paused"],
    [{ state: "signIn" }, "sign in again, access until 20:00"],
    [{ state: "signIn", accessExpiresAt: NOON - HOUR }, "sign in again"],
    [{ state: "shared" }, "shared, access until 20:00"],
    [{ state: "oldCopy" }, "old copy, access until 20:00"],
    [{ state: "wipedElsewhere", accessExpiresAt: null }, "emptied"],
    [{ state: "unmanaged" }, "unmanaged"],
    [{ state: "unreadable" }, "unreadable"],
  ])("of %j reads %s", (change, words) => {
    expect(standing(loginOf("a", change), NOON)).toBe(words);
  });
});

describe("the clocks of a login", () => {
  it.each<[string, Partial<Login>, readonly string[]]>([
    [
      "all that is known",
      { ...pinged(NOON - 170 * MINUTE, "ok"), loginEndsAt: NOON + 20 * DAY },
      ["Expires 20:00, refreshes 18:00", "Last ping 09:10, ok", "Login ends 13 Dec"],
    ],
    ["no ping yet", {}, ["Expires 20:00, refreshes 18:00", "No ping yet"]],
    [
      "a refused ping",
      pinged(NOON - DAY, "refused"),
      ["Expires 20:00, refreshes 18:00", "Last ping Sun 12:00, refused"],
    ],
    ["no expiry", { accessExpiresAt: null }, ["Refreshes 18:00", "No ping yet"]],
    ["no expiry and no refresh", { accessExpiresAt: null, nextRefreshAt: null }, ["Expiry not known", "No ping yet"]],
    [
      "an access that is over",
      { state: "retrying", accessExpiresAt: NOON - HOUR, nextRefreshAt: NOON + 5 * MINUTE },
      ["Expired 11:00, tries again 12:05", "No ping yet"],
    ],
    [
      "a refresh that is due",
      { state: "due", accessExpiresAt: NOON - HOUR, nextRefreshAt: NOON },
      ["Expired 11:00, refreshes now", "No ping yet"],
    ],
    ["a refresh under way", { state: "refreshing" }, ["Expires 20:00, refreshing now", "No ping yet"]],
    [
      "other days",
      { nextRefreshAt: NOON + 2 * DAY, accessExpiresAt: NOON + 8 * DAY },
      ["Expires 1 Dec, refreshes Wed 12:00", "No ping yet"],
    ],
    ["a sign-in that is needed", { state: "signIn", nextRefreshAt: null }, ["Expires 20:00"]],
    [
      "a login that ended",
      { state: "signIn", accessExpiresAt: null, nextRefreshAt: null, loginEndsAt: NOON - HOUR },
      ["Login ended 11:00"],
    ],
    ["an emptied entry", { state: "wipedElsewhere", accessExpiresAt: null, nextRefreshAt: null }, []],
    ["one that is not ours", { state: "unmanaged" }, []],
    ["one that cannot be read", { state: "unreadable" }, []],
    ["times that no calendar holds", { accessExpiresAt: 1e300, nextRefreshAt: null }, ["Expires ?", "No ping yet"]],
  ])("tell of %s", (_what, change, lines) => {
    expect(clockLines(loginOf("a", change), "message", NOON)).toEqual(lines);
  });

  it("say that pings are off, and of the last one while they were on", () => {
    expect(clockLines(loginOf("a"), "off", NOON)[1]).toBe("Pings are off");
    expect(clockLines(loginOf("a", pinged(NOON, "ok")), "off", NOON)[1]).toBe("Last ping 12:00, ok; pings are off");
  });

  it.each(LOGIN_STATE_NAMES)("stay the same as time goes by, while nothing changes: %s", (state) => {
    const login = loginOf("a", { state, ...pinged(NOON - HOUR, "ok") });
    expect(clockLines(login, "message", NOON + 5 * HOUR)).toEqual(clockLines(login, "message", NOON));
  });
});
