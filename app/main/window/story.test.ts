import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { HistoryEvent, HistoryWhat } from "../../shared/login/history.ts";
import { NOON } from "../../shared/testing/snapshots.ts";
import { storySchema } from "../../shared/view/story.ts";
import { storyOf } from "./story.ts";

const HOUR = 3_600_000;
const PING: HistoryWhat = { kind: "pinged", outcome: "ok", mode: "message" };
const event = (hours: number, what: HistoryWhat): HistoryEvent => ({
  at: NOON + hours * HOUR,
  id: "anthropic",
  by: "us",
  what,
  fingerprint: "0123",
});

describe("what main tells of a login", () => {
  it("is newest first, at most 50 lines, and says whether there is more", () => {
    const events = Array.from({ length: 60 }, (_, place) => event(place - 70, { kind: "refreshed" }));
    const story = storyOf({ events, spans: [] }, NOON);
    expect([story.lines.length, story.lines[0]?.at, story.older]).toEqual([50, NOON - 11 * HOUR, true]);
    expect(v.parse(storySchema, story)).toEqual(story);
    expect(JSON.stringify(story)).not.toContain("0123");
  });

  it("makes one line of pings that went alike", () => {
    const events = [event(-5, PING), event(-4, PING), event(-3, { kind: "refreshed" }), event(-2, PING)];
    expect(storyOf({ events, spans: [] }, NOON).lines.map(({ words, times }) => [words, times])).toEqual([
      ["pinged (message): ok", 1],
      ["refreshed", 1],
      ["pinged (message): ok", 2],
    ]);
  });

  it("gives the strip the last day, and the pair that there was at its beginning", () => {
    const events = [-40, -30, -20, -1].map((hours) =>
      event(hours, { kind: "refreshed", expiresAt: NOON + (hours + 8) * HOUR }),
    );
    const { generations, marks } = storyOf({ events, spans: [] }, NOON);
    expect(generations.map(({ from }) => (from - NOON) / HOUR)).toEqual([-30, -20, -1]);
    expect(marks.map(({ at }) => (at - NOON) / HOUR)).toEqual([-20, -1]);
  });

  it("has an end, whatever its files say", () => {
    const told = event(-1, { kind: "told", sentence: "x".repeat(300_000) });
    const many = Array.from({ length: 2_000 }, () => event(-1, { kind: "refreshed", expiresAt: NOON }));
    const story = storyOf({ events: [...many, told], spans: [] }, NOON);
    expect([story.marks.length, story.generations.length, story.lines[0]?.words.length]).toEqual([500, 500, 301]);
    expect(v.parse(storySchema, story)).toEqual(story);
  });
});
