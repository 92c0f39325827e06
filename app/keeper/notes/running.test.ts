import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSimFiles } from "../../../sim/world/files.ts";
import type { Span } from "../../shared/login/span.ts";
import { begun, ended, KEPT_MS, loadSpans, MOST_SPANS, stoodStill } from "./running.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = 1_000 * HOUR;

describe("when a keeper runs", () => {
  it("begins with its start, and ends with its end", () => {
    const spans = begun([], NOW, null);
    expect(spans).toEqual([{ from: NOW, until: null }]);
    expect(ended(spans, NOW + HOUR)).toEqual([{ from: NOW, until: NOW + HOUR }]);
  });

  it("lasts, after a kill, until its last sign of life and no longer", () => {
    const killed = [{ from: NOW - 8 * HOUR, until: null }];
    expect(begun(killed, NOW, NOW - 3 * HOUR)).toEqual([
      { from: NOW - 8 * HOUR, until: NOW - 3 * HOUR },
      { from: NOW, until: null },
    ]);
    expect(begun(killed, NOW, null)).toEqual([{ from: NOW, until: null }]);
  });

  it("goes on where the next keeper starts within a minute", () => {
    const spans = begun([{ from: NOW - HOUR, until: null }], NOW, NOW - 2_000);
    expect(spans).toEqual([{ from: NOW - HOUR, until: null }]);
  });

  it("has a gap for a sleep, and none for a moment", () => {
    const spans = begun([], NOW, null);
    expect(stoodStill(spans, NOW + HOUR, NOW + HOUR + 20_000)).toBe(spans);
    expect(stoodStill(spans, NOW + HOUR, NOW + 9 * HOUR)).toEqual([
      { from: NOW, until: NOW + HOUR },
      { from: NOW + 9 * HOUR, until: null },
    ]);
  });

  it("begins anew where the clock stepped back behind its beginning", () => {
    const spans = begun([], NOW, null);
    expect(stoodStill(spans, NOW + MINUTE, NOW - HOUR)).toEqual([{ from: NOW - HOUR, until: null }]);
  });

  it("is remembered for 48 hours, with one span before them", () => {
    const old: readonly Span[] = [10, 8, 6, 4].map((days) => ({
      from: NOW - days * 24 * HOUR,
      until: NOW - days * 24 * HOUR + HOUR,
    }));
    expect(begun(old, NOW, null)).toEqual([old[3], { from: NOW, until: null }]);
  });

  it("stays bounded and open at its end, whatever clock, sleep and kills do", () => {
    const step = fc.record({
      kind: fc.constantFrom("sleep", "kill", "stop"),
      awake: fc.integer({ min: -HOUR, max: 5 * HOUR }),
      away: fc.integer({ min: -30 * HOUR, max: 30 * HOUR }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        let now = NOW;
        let spans = begun([], now, null);
        for (const { kind, awake, away } of steps) {
          const [before, after] = [now + awake, now + awake + away];
          if (kind === "sleep") spans = stoodStill(spans, before, after);
          else spans = begun(kind === "stop" ? ended(spans, before) : spans, after, kind === "stop" ? null : before);
          now = after;
          expect(spans.length).toBeLessThanOrEqual(MOST_SPANS);
          expect(spans.filter(({ until }) => until === null)).toEqual([spans.at(-1)]);
          expect(spans.every(({ from, until }) => from <= now || until === null)).toBe(true);
          expect(spans.slice(1).every(({ until }) => until === null || until >= now - KEPT_MS)).toBe(true);
        }
      }),
    );
  });
});

it("Spans that another program wrote are so many at most, and finite", async () => {
  const files = createSimFiles({ now: () => 1 });
  await files.makeFolders("/state");
  const put = async (name: string, text: string) => {
    const file = await files.open(`/state/${name}`, "createNew", 0o600);
    await file.write(new TextEncoder().encode(text), 0);
    await file.close();
    return loadSpans(files, `/state/${name}`);
  };
  const spans = Array.from({ length: 5_000 }, (_, from) => ({ from, until: from + 1 }));
  const many = await put("many", JSON.stringify({ version: 1, spans }));
  expect(many.kind === "whole" && many.value).toEqual(spans.slice(-MOST_SPANS));
  expect((await put("endless", '{"version":1,"spans":[{"from":1e999,"until":null}]}')).kind).toBe("damaged");
});
