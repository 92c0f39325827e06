import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { createClock } from "./clock.ts";
import { createRandom } from "./random.ts";

describe("the clock", () => {
  const clock = createClock();

  it("sleeps as long as asked", async () => {
    const start = clock.monotonic();
    await clock.sleep(30);
    // Timers count whole milliseconds.
    expect(clock.monotonic() - start).toBeGreaterThanOrEqual(29);
  });

  it("wakes by abort, at once when aborted before, and leaves nothing behind", async () => {
    const stop = new AbortController();
    const sleep = clock.sleep(60_000, stop.signal);
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(1);
    stop.abort();
    await sleep;
    await clock.sleep(60_000, stop.signal);
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(0);
    const other = new AbortController();
    await clock.sleep(1, other.signal);
    expect(getEventListeners(other.signal, "abort")).toHaveLength(0);
    expect(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length).toBeLessThan(3);
  });

  it("listens once to a signal for all that sleep on it, and not at all when none does", async () => {
    const stop = new AbortController();
    const sleeps = Array.from({ length: 30 }, (_, at) => clock.sleep(at < 10 ? 1 : 60_000, stop.signal));
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(1);
    await Promise.all(sleeps.slice(0, 10));
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(1);
    stop.abort();
    await Promise.all(sleeps);
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(0);
  });

  it("does not take a very long sleep for none", async () => {
    const stop = new AbortController();
    let over = false;
    const sleep = clock.sleep(2 ** 40, stop.signal).then(() => (over = true));
    await clock.sleep(20);
    expect(over).toBe(false);
    stop.abort();
    await sleep;
  });

  it.each([0, -5, Number.NaN])("ends a sleep of %d", async (ms) => {
    await clock.sleep(ms);
  });
});

describe("chance", () => {
  it("gives ids of 16 lower-case letters and digits, all different, and fractions below one", () => {
    const random = createRandom();
    const ids = Array.from({ length: 500 }, () => random.id());
    expect(new Set(ids).size).toBe(500);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]{16}$/);
    const fractions = ids.map(() => random.fraction());
    expect(Math.min(...fractions)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...fractions)).toBeLessThan(1);
    expect(new Set(fractions).size).toBeGreaterThan(490);
  });
});
