import { describe, expect, it } from "vitest";
import { MAX_BACK_OFF } from "../notes/waits.ts";
import { backOff, dueAt, leadOf, nextDeliberate } from "./schedule.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 23, 12);
const fixed = (value: number) => ({ fraction: () => value });

describe("the lead before expiry", () => {
  it.each([
    ["a quarter of 8 h, which is the most", 8 * HOUR, 2 * HOUR],
    ["never more than 2 h", 30 * DAY, 2 * HOUR],
    ["a quarter in between", 4 * HOUR, HOUR],
    ["at least 10 min", 30 * MINUTE, 10 * MINUTE],
    ["exactly 10 min where the quarter is that", 40 * MINUTE, 10 * MINUTE],
    ["but never more than half of a short lifetime", 15 * MINUTE, 7.5 * MINUTE],
    ["half of a very short one", MINUTE, 30_000],
    ["10 min while the lifetime is unknown", null, 10 * MINUTE],
  ])("is %s", (_name, lifetime, lead) => {
    expect(leadOf(lifetime, "lead")).toBe(lead);
  });

  it("is always 10 min by the classic rule", () => {
    for (const lifetime of [null, MINUTE, 8 * HOUR, 30 * DAY]) expect(leadOf(lifetime, "classic")).toBe(10 * MINUTE);
  });
});

describe("the due time", () => {
  it.each([
    ["expires less the lead", NOW + 8 * HOUR, 8 * HOUR, NOW + 6 * HOUR],
    ["in the past for a token that has expired", NOW - HOUR, 8 * HOUR, NOW - 3 * HOUR],
    ["now where expires is 0", 0, 8 * HOUR, NOW],
    ["now where expires is negative", -1, null, NOW],
    ["10 min before expiry while no lifetime is known", NOW + HOUR, null, NOW + 50 * MINUTE],
    ["believed without a lifetime however far ahead", NOW + 300 * DAY, null, NOW + 300 * DAY - 10 * MINUTE],
    ["believed up to 5 min above the lifetime", NOW + HOUR + 5 * MINUTE, HOUR, NOW + 50 * MINUTE],
    ["now where expires lies further ahead than that", NOW + HOUR + 5 * MINUTE + 1, HOUR, NOW],
  ])("is %s", (_name, expires, lifetime, due) => {
    expect(dueAt(expires, lifetime, "lead", NOW)).toBe(due);
  });

  it("is 10 min before expiry by the classic rule, and disbelief holds there too", () => {
    expect(dueAt(NOW + 8 * HOUR, 8 * HOUR, "classic", NOW)).toBe(NOW + 8 * HOUR - 10 * MINUTE);
    expect(dueAt(NOW + 9 * HOUR, 8 * HOUR, "classic", NOW)).toBe(NOW);
  });
});

describe("the back-off", () => {
  it.each([
    [1, 30_000],
    [2, 60_000],
    [3, 120_000],
    [7, 32 * MINUTE],
    [8, MAX_BACK_OFF],
    [9, MAX_BACK_OFF],
    [10_000, MAX_BACK_OFF],
  ])("after %i failures is at most %i ms, with full jitter", (count, most) => {
    expect(backOff(count, fixed(1))).toBe(most);
    expect(backOff(count, fixed(0.5))).toBe(most / 2);
  });

  it("is never shorter than a second", () => {
    for (const count of [1, 5, 50]) expect(backOff(count, fixed(0))).toBe(1_000);
  });
});

describe("a deliberate attempt after a lost answer", () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [4, 8],
    [5, 16],
  ])("with %i attempts open follows %i min after the answer was first missed", (open, minutes) => {
    const before = NOW + (minutes / 2) * MINUTE;
    expect(nextDeliberate(NOW, NOW, open, before)).toBe(NOW + minutes * MINUTE);
  });

  it("is an hour after the newest once five were careful, however many are open", () => {
    for (const open of [6, 7, 20, 2_000])
      expect(nextDeliberate(NOW, NOW + DAY, open, NOW + DAY)).toBe(NOW + DAY + HOUR);
  });

  it("never follows at once: a minute lies after an attempt that was itself late", () => {
    expect(nextDeliberate(NOW, NOW + 90 * MINUTE, 2, NOW + 90 * MINUTE)).toBe(NOW + 91 * MINUTE);
  });

  it("is not put off by a clock that stepped back since", () => {
    expect(nextDeliberate(NOW + DAY, NOW + DAY, 1, NOW)).toBe(NOW);
    for (const newest of [NOW, NOW - 1_000]) {
      const next = nextDeliberate(NOW + DAY, newest, 3, NOW);
      expect(next).toBeGreaterThanOrEqual(newest + MINUTE);
      expect(next).toBeLessThanOrEqual(newest + 4 * MINUTE);
    }
  });
});
