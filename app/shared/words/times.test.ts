import { describe, expect, it } from "vitest";
import { NOON } from "../testing/snapshots.ts";
import { ago, capital, clockSeconds, dateAndTime, inTime, moment, roughSpan, span } from "./times.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("a time in words", () => {
  it.each([
    [0, "1 s"],
    [-5, "1 s"],
    [40_999, "40 s"],
    [MINUTE, "1 min"],
    [HOUR - 1, "59 min"],
    [HOUR, "1 h"],
    [5 * HOUR + 12 * MINUTE, "5 h 12 m"],
    [DAY + 4 * HOUR, "1 d 4 h"],
    [2 * DAY, "2 d"],
    [19.5 * DAY, "19 d"],
    [1e300, "many years"],
  ])("%d ms lasts %s", (ms, words) => {
    expect(span(ms)).toBe(words);
  });

  it.each([
    [59 * MINUTE, "59 min"],
    [5 * HOUR + 12 * MINUTE, "5 h"],
    [DAY + 4 * HOUR, "1 d"],
    [19 * DAY, "19 d"],
  ])("%d ms lasts roughly %s", (ms, words) => {
    expect(roughSpan(ms)).toBe(words);
  });

  it("is told from now", () => {
    expect(inTime(NOON + 5 * HOUR, NOON)).toBe("in 5 h");
    expect(inTime(NOON - 1, NOON)).toBe("now");
    expect(ago(NOON - 2 * MINUTE, NOON)).toBe("2 min ago");
    expect(ago(NOON + HOUR, NOON)).toBe("just now");
  });

  it("is a clock time today, a day of the week soon, a date later", () => {
    expect(moment(NOON + 9 * HOUR + 40 * MINUTE, NOON)).toBe("21:40");
    expect(moment(NOON + DAY, NOON)).toBe("Tue 12:00");
    expect(moment(NOON - DAY, NOON)).toBe("Sun 12:00");
    expect(moment(NOON + 19 * DAY, NOON)).toBe("12 Dec");
    expect(moment(NOON + 400 * DAY, NOON)).toBe("28 Dec 2027");
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e300])("survives the nonsense %d", (at) => {
    expect(moment(at, NOON)).toBe("?");
    expect(clockSeconds(at)).toBe("??:??:??");
    expect(dateAndTime(at)).toContain("?");
  });

  it("is exact in a history", () => {
    expect(dateAndTime(NOON)).toBe("2026-11-23 12:00:00");
  });
});

describe("a text", () => {
  it("gets a capital at its beginning, and is otherwise left alone", () => {
    expect(["until resumed", "Off in a Checkout", ""].map(capital)).toEqual(["Until resumed", "Off in a Checkout", ""]);
  });
});
