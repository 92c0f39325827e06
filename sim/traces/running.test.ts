import { describe, expect, it } from "vitest";
import { HOUR, MINUTE, NOTES, startTrace, type Trace } from "../benches/trace-bench.ts";
import { tryParse } from "../world/opencode.ts";

/** The spans that are noted, in whole minutes since the trace began; null = it goes on. */
function spans({ world: { disk } }: Trace, start: number): unknown {
  const noted: unknown = tryParse(disk.readText(`${NOTES}/running.json`) ?? "")?.["spans"];
  const minutes = (at: unknown) => (typeof at === "number" ? Math.round((at - start) / MINUTE) : at);
  return Array.isArray(noted)
    ? noted.map(({ from, until }: { from: unknown; until: unknown }) => [minutes(from), minutes(until)])
    : noted;
}

describe("when a keeper ran", () => {
  it("is written when it starts, sleeps and stops, and not in between", async () => {
    const trace = startTrace();
    const start = trace.world.time.now();
    let writes = 0;
    trace.world.disk.setGate((op, _path, to) => {
      if (op === "rename" && to?.endsWith("/running.json") === true) writes += 1;
    });
    const keeper = trace.keeper();
    await trace.run(3 * HOUR);
    expect([writes, spans(trace, start)]).toEqual([1, [[0, null]]]);
    trace.world.time.offset += 5 * HOUR;
    await trace.run(HOUR);
    const slept = [
      [0, 180],
      [480, null],
    ];
    expect([writes, spans(trace, start)]).toEqual([2, slept]);
    const running = await trace.settled(keeper.running);
    await trace.settled(running.stop());
    expect([writes, spans(trace, start)]).toEqual([
      3,
      [
        [0, 180],
        [480, 540],
      ],
    ]);
  });

  it("ends with the last sign of life of one that was killed", async () => {
    const trace = startTrace();
    const start = trace.world.time.now();
    const first = trace.keeper();
    await trace.run(HOUR);
    trace.kill(first);
    await trace.run(2 * HOUR);
    trace.keeper();
    await trace.run(MINUTE);
    expect(spans(trace, start)).toEqual([
      [0, 60],
      [180, null],
    ]);
  });

  it("is told by the engine as it was, with the end of each access", async () => {
    const trace = startTrace();
    const start = trace.world.time.now();
    const first = trace.keeper();
    await trace.run(8 * HOUR);
    trace.kill(first);
    await trace.run(HOUR);
    const { events, spans: told } = await trace.command((engine) => engine.story("anthropic"));
    expect(told.map(({ from, until }) => [from - start < MINUTE, Math.round(((until ?? 0) - start) / HOUR)])).toEqual([
      [true, 8],
    ]);
    const ends = events.flatMap(({ what }) => ("expiresAt" in what ? [[what.kind, what.expiresAt]] : []));
    expect(ends).toEqual([
      ["firstSeen", trace.first.expires],
      ["refreshed", trace.at()?.expires],
    ]);
  });

  it("makes no gap where a viewer takes over at once", async () => {
    const trace = startTrace();
    const start = trace.world.time.now();
    const first = trace.keeper();
    await trace.run(MINUTE);
    trace.keeper();
    await trace.run(HOUR);
    trace.kill(first);
    await trace.run(HOUR);
    expect(spans(trace, start)).toEqual([[0, null]]);
  });

  it.each(["{", '{"version":1,"spans":"none"}'])("is told anew where the file is damaged: %s", async (text) => {
    const trace = startTrace();
    const first = trace.keeper();
    await trace.run(MINUTE);
    trace.kill(first);
    trace.world.disk.writeInPlace(`${NOTES}/running.json`, text);
    const start = trace.world.time.now();
    trace.keeper();
    await trace.run(MINUTE);
    expect(spans(trace, start)).toEqual([[0, null]]);
  });

  it("is left alone where a newer version wrote it", async () => {
    const trace = startTrace();
    const first = trace.keeper();
    await trace.run(MINUTE);
    trace.kill(first);
    const newer = '{"version":2}';
    trace.world.disk.writeInPlace(`${NOTES}/running.json`, newer);
    trace.keeper();
    await trace.run(MINUTE);
    expect(trace.world.disk.readText(`${NOTES}/running.json`)).toBe(newer);
  });
});
