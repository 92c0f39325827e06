import { describe, expect, it } from "vitest";
import { NOON } from "../testing/snapshots.ts";
import { PAUSES, pauseMs } from "./pauses.ts";

const HOUR = 3_600_000;
const tomorrowAt8 = new Date(2026, 10, 24, 8, 0, 0).getTime();

describe("a pause", () => {
  it("for an hour lasts one, counted from the click", () => {
    expect(pauseMs("hour", NOON)).toBe(HOUR);
    expect(pauseMs("hour", NOON + 5)).toBe(HOUR);
  });

  it.each([
    ["noon", NOON],
    ["the first minute of the day", new Date(2026, 10, 23, 0, 0, 0).getTime()],
    ["the last second of the day", new Date(2026, 10, 23, 23, 59, 59).getTime()],
  ])("until tomorrow, chosen at %s, ends at eight in the morning of the next day", (_when, now) => {
    expect(now + (pauseMs("tomorrow", now) ?? 0)).toBe(tomorrowAt8);
  });

  it("until resumed has no end, and is the only one without", () => {
    expect(PAUSES.filter(({ forMs }) => forMs(NOON) === null).map(({ name }) => name)).toEqual(["resumed"]);
    expect(pauseMs("resumed", NOON)).toBe(null);
  });

  it.each(PAUSES)("has its own name: $name", ({ name }) => {
    expect(PAUSES.filter((each) => each.name === name)).toHaveLength(1);
  });

  it("that does not exist is an error, never one without an end", () => {
    // @ts-expect-error: no such name.
    expect(() => pauseMs("forever", NOON)).toThrow("there is no such pause");
  });
});
