import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NOON } from "../testing/snapshots.ts";
import { AHEAD_MS, BACK_MS, type Coverage, coverageOf, isBlank, momentsOf } from "./coverage.ts";

const HOUR = 3_600_000;
const h = (hours: number) => NOON + hours * HOUR;
const pair = (from: number, until: number | null) => ({ from: h(from), until: until === null ? null : h(until) });
const clocks = (end: number | null, next: number | null = null) => ({
  accessExpiresAt: end === null ? null : h(end),
  nextRefreshAt: next === null ? null : h(next),
});
/** In hours from now. */
const drawn = ({ stretches }: Coverage) =>
  stretches.map(({ from, until, kind }) => [(from - NOON) / HOUR, (until - NOON) / HOUR, kind]);

describe("the coverage of a login", () => {
  it("is valid from refresh to refresh, and as far ahead as the access lasts", () => {
    const generations = [pair(-30, -22), pair(-23, -15), pair(-16, -8), pair(-9, -1), pair(-2, 6)];
    const coverage = coverageOf({ generations, spans: [pair(-48, null)], marks: [] }, clocks(6, 4), NOON);
    expect(drawn(coverage)).toEqual([
      [-24, 0, "valid"],
      [0, 6, "ahead"],
    ]);
    expect(coverage.marks).toEqual([{ at: h(4), kind: "next", words: "" }]);
  });

  it("shows a night: valid for a while, then nothing, then a refresh after waking up", () => {
    const told = { generations: [pair(-25, -7), pair(-2, 6)], spans: [pair(-48, -12), pair(-3, null)], marks: [] };
    expect(drawn(coverageOf(told, clocks(6), NOON))).toEqual([
      [-24, -12, "valid"],
      [-12, -7, "validOff"],
      [-7, -3, "off"],
      [-3, -2, "expired"],
      [-2, 0, "valid"],
      [0, 6, "ahead"],
    ]);
  });

  it("shows an outage: expired while a keeper ran", () => {
    const told = { generations: [pair(-25, -5)], spans: [pair(-48, null)], marks: [] };
    expect(drawn(coverageOf(told, clocks(-5), NOON))).toEqual([
      [-24, -5, "valid"],
      [-5, 0, "expired"],
    ]);
  });

  it("knows nothing of pairs whose end was not written down, but the newest", () => {
    const told = { generations: [pair(-20, null), pair(-10, null)], spans: [pair(-48, null)], marks: [] };
    expect(drawn(coverageOf(told, clocks(3), NOON))).toEqual([
      [-24, -10, "notKnown"],
      [-10, 0, "valid"],
      [0, 3, "ahead"],
    ]);
  });

  it("blames nobody for the time before anything was written down", () => {
    const told = { generations: [pair(-30, -20)], spans: [pair(-4, null)], marks: [] };
    expect(drawn(coverageOf(told, clocks(-20), NOON))).toEqual([
      [-24, -20, "valid"],
      [-20, -4, "notKnown"],
      [-4, 0, "expired"],
    ]);
  });

  it("knows of a login without a history that its access has ended", () => {
    const told = { generations: [], spans: [pair(-48, null)], marks: [] };
    expect(drawn(coverageOf(told, clocks(-2), NOON))).toEqual([
      [-24, -2, "notKnown"],
      [-2, 0, "expired"],
    ]);
  });

  it("ends with a sign-out and begins again with a sign-in", () => {
    const told = { generations: [pair(-25, -1), pair(-10, null), pair(-4, 4)], spans: [pair(-48, null)], marks: [] };
    expect(drawn(coverageOf(told, clocks(4), NOON)).map(([, , kind]) => kind)).toEqual([
      "valid",
      "notKnown",
      "valid",
      "ahead",
    ]);
  });

  it("stops at each mark and each beginning, once, in order, and now", () => {
    const marks = [
      { at: h(-2), kind: "refreshed", words: "refreshed" },
      { at: h(-1), kind: "pinged", words: "pinged" },
    ] as const;
    const told = { generations: [pair(-25, -5), pair(-2, 6)], spans: [pair(-48, null)], marks: [...marks] };
    const stops = momentsOf(coverageOf(told, clocks(6, 4), NOON));
    expect(stops.map(({ at }) => (at - NOON) / HOUR)).toEqual([-24, -5, -2, -1, 0, 4, 6]);
    expect(stops.map((stop) => stop.marks.map(({ kind }) => kind).join())).toEqual([
      "",
      "",
      "refreshed",
      "pinged",
      "",
      "next",
      "",
    ]);
  });

  it("is blank only where nothing is known, of then or of what comes", () => {
    const blank = (told: Partial<Parameters<typeof coverageOf>[0]>, end: number | null) =>
      isBlank(coverageOf({ generations: [], spans: [], marks: [], ...told }, clocks(end), NOON));
    expect(blank({}, null)).toBe(true);
    expect(blank({}, 1)).toBe(false);
    expect(blank({ generations: [pair(-2, -1)] }, null)).toBe(false);
    expect(blank({ marks: [{ at: h(-1), kind: "pinged", words: "so" }] }, null)).toBe(false);
  });

  it("has no hole and no overlap, whatever clocks did", () => {
    const time = fc.integer({ min: h(-60), max: h(60) });
    const until = fc.option(time);
    const pairs = fc.array(fc.record({ from: time, until }), { maxLength: 12 });
    const mark = fc.record({ at: time, kind: fc.constantFrom("refreshed", "pinged"), words: fc.constant("so") });
    const told = fc.record({ generations: pairs, spans: pairs, marks: fc.array(mark) });
    const clock = fc.record({ accessExpiresAt: until, nextRefreshAt: until });
    fc.assert(
      fc.property(told, clock, (what, when) => {
        const { stretches, marks } = coverageOf(what, when, NOON);
        const past = stretches.filter(({ kind }) => kind !== "ahead");
        expect([past[0]?.from, past.at(-1)?.until]).toEqual([NOON - BACK_MS, NOON]);
        for (const [place, { from, until: end, kind }] of stretches.entries()) {
          expect(from).toBeLessThan(end);
          const next = stretches[place + 1];
          if (next !== undefined) expect([next.from, next.kind === kind]).toEqual([end, false]);
          expect(end).toBeLessThanOrEqual(NOON + AHEAD_MS);
        }
        expect(marks.every(({ at }) => at >= NOON - BACK_MS && at <= NOON + AHEAD_MS)).toBe(true);
      }),
    );
  });
});
