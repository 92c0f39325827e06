import { describe, expect, it } from "vitest";
import type { Login } from "../login/snapshot.ts";
import { LOGIN_STATE_NAMES } from "../login/states.ts";
import { loginOf, NOON } from "../testing/snapshots.ts";
import { busyClause, clockLines, othersClause, standing, troubleClause } from "./tray.ts";

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
    [{ loginEndsAt: NOON + 2 * DAY }, "until 20:00, login ends Wed 12:00"],
    [{ state: "paused", loginEndsAt: NOON - HOUR }, "until 20:00, pings paused, login ended 11:00"],
    [{ state: "signIn", loginEndsAt: NOON - HOUR }, "sign in again, access until 20:00"],
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
      ["Expired 11:00", "Tries again at 12:05", "No ping yet"],
    ],
    [
      "a login that ended before its deadline",
      { state: "signIn", nextRefreshAt: null, loginEndsAt: NOON + 20 * DAY },
      ["Expires 20:00"],
    ],
    [
      "a refresh that is due",
      { state: "due", accessExpiresAt: NOON - HOUR, nextRefreshAt: NOON },
      ["Expired 11:00, refreshes now", "No ping yet"],
    ],
    [
      "a wait that the provider asked for",
      { state: "rateLimited", nextRefreshAt: NOON + 172 * MINUTE },
      ["Expires 20:00", "Waits until 14:52", "No ping yet"],
    ],
    [
      "a wait that is over",
      { state: "rateLimited", nextRefreshAt: NOON },
      ["Expires 20:00", "Tries again now", "No ping yet"],
    ],
    [
      "an answer that another process still waits for",
      { state: "outcomeUnknown", nextRefreshAt: null },
      ["Expires 20:00", "Waits for another process", "No ping yet"],
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

describe("what is wrong with a login", () => {
  const since = NOON - 50 * MINUTE;
  it.each<[Partial<Login>, string]>([
    [{ state: "unreadable" }, "cannot be read"],
    [{ state: "signIn" }, "needs a sign-in"],
    [{ state: "wipedElsewhere" }, "was emptied"],
    [{ state: "oldCopy" }, "is an old copy, on hold"],
    [{ state: "shared" }, "is shared, on hold"],
    [{ state: "rateLimited", nextRefreshAt: NOON + 172 * MINUTE }, "waits until 14:52"],
    [{ state: "rateLimited", nextRefreshAt: NOON }, "is rate-limited"],
    [{ state: "outcomeUnknown", nextRefreshAt: NOON + HOUR }, "lost an answer, tries again at 13:00"],
    [{ state: "outcomeUnknown", nextRefreshAt: null }, "waits for another process"],
    [{ state: "retrying", lastRefresh: { at: since, outcome: "transient" } }, "refresh failing since 11:10"],
    [{ state: "retrying", lastRefresh: { at: since, outcome: "refreshed" } }, "refresh failing"],
    [
      { state: "retrying", reasonKind: "network", lastRefresh: { at: since, outcome: "transient" } },
      "refresh failing: network",
    ],
    [{ state: "due", reasonKind: "unkept" }, "has expired, and nothing refreshes it"],
    [{ loginEndsAt: NOON + 2 * DAY }, "needs a sign-in before Wed 12:00"],
    [{ loginEndsAt: NOON - HOUR }, "reached its deadline 11:00"],
  ])("with %j: %s", (change, words) => {
    expect(troubleClause(loginOf("a", change), NOON)).toBe(words);
  });

  it("is counted for those that have no place", () => {
    expect([othersClause(0, 0), othersClause(0, 1), othersClause(0, 2)]).toEqual([
      null,
      "1 other well",
      "2 others well",
    ]);
    expect([othersClause(1, 0), othersClause(3, 2)]).toEqual(["1 other not well", "3 others not well, 2 well"]);
  });

  it("is no word about what is at work", () => {
    expect([busyClause([]), busyClause(["a"]), busyClause(["a", "b"])]).toEqual([
      "at work",
      "at work on a",
      "at work on 2 logins",
    ]);
  });
});
