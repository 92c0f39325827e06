import { describe, expect, it } from "vitest";
import { HOUR, json, kept, MINUTE, startTrace } from "../benches/trace-bench.ts";

describe("a rate limit", () => {
  it("with Retry-After is waited for, also by refresh, and over then", async () => {
    const trace = await kept("rateLimited");
    expect(trace.sent()).toHaveLength(1);
    const [sentence] = await trace.refresh();
    expect(sentence?.sentence).toContain("says to wait");
    expect(trace.sent()).toHaveLength(1);
    const login = await trace.login();
    expect(login).toMatchObject({ state: "rateLimited", lastRefresh: { outcome: "rate-limited" } });
    expect(trace.open(trace.first.refresh)).toBe(0);
    trace.world.server.mode = "well";
    await trace.run(90_000);
    expect(trace.sent()).toHaveLength(1);
    await trace.run(MINUTE);
    expect(trace.sent()).toHaveLength(2);
    expect(trace.at()?.refresh).toBe(trace.world.server.live("login"));
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("without Retry-After is waited for as long as we would by ourselves, also by refresh", async () => {
    const trace = startTrace();
    trace.answer(() => json(429, {}));
    trace.expire();
    trace.keeper();
    await trace.until("it is refused", () => trace.sent().length === 1);
    await trace.run(5_000);
    const [said] = await trace.refresh();
    expect(said?.sentence).toContain("says to wait");
    expect(trace.sent()).toHaveLength(1);
    expect((await trace.login()).state).toBe("rateLimited");
    await trace.run(HOUR);
    expect(trace.sent().length).toBeGreaterThanOrEqual(3);
  });

  it("with Retry-After: 0 is waited for as long as we would by ourselves", async () => {
    const trace = startTrace();
    trace.answer(() => json(429, {}, { "retry-after": "0" }));
    trace.expire();
    trace.keeper();
    await trace.run(HOUR);
    const tries = trace.sent().length;
    expect(tries).toBeGreaterThanOrEqual(3);
    expect(tries).toBeLessThan(25);
  });

  it.each([429, 503, 529])("(%i) with Retry-After: 0 for hours is never asked twice in a minute", async (status) => {
    for (const seed of [1, 2, 3, 4]) {
      const trace = startTrace(seed);
      trace.answer(() => json(status, {}, { "retry-after": "0" }));
      trace.expire();
      trace.keeper();
      await trace.run(6 * HOUR);
      const times = trace.world.server.sendings.map(({ at }) => at);
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(MINUTE);
      // Growing pauses: far from one a minute.
      expect(times.length).toBeLessThan(60);
    }
  });

  it("says until when", async () => {
    const trace = await kept("rateLimited");
    const { reason } = await trace.login();
    expect(reason).toMatch(/^The provider says to wait until \d\d:\d\d\. Pilot Light tries again then\.$/);
  });

  it("is not forgotten by a restart, and is cut when the clock stepped back", async () => {
    const trace = await kept("rateLimited");
    for (const actor of trace.world.living.values()) actor.alive = false;
    trace.world.server.mode = "well";
    trace.keeper();
    await trace.run(60_000);
    expect(trace.sent()).toHaveLength(1);
    trace.world.checks.clockStepped();
    trace.world.time.offset -= 48 * HOUR;
    await trace.run(10 * MINUTE);
    expect(trace.sent().length).toBeGreaterThanOrEqual(2);
    expect(trace.at()?.refresh).toBe(trace.world.server.live("login"));
  });
});

describe("an outage", () => {
  it("without a network is retried soon after the network is back", async () => {
    const trace = await kept("offline", 2 * HOUR);
    expect(trace.sent()).toHaveLength(0);
    expect(trace.open(trace.first.refresh)).toBe(0);
    expect((await trace.login()).state).toBe("retrying");
    trace.world.server.mode = "well";
    await trace.run(MINUTE);
    expect(trace.at()?.refresh).toBe(trace.world.server.live("login"));
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("whose connection closes before the request leaves is no lost answer", async () => {
    const trace = await kept("hungUp", HOUR);
    expect(trace.sent()).toHaveLength(0);
    // That a connection can be made is no reason to try at once: it could all the time.
    expect(trace.world.server.connections).toBeLessThan(25);
    expect(trace.open(trace.first.refresh)).toBe(0);
    expect((await trace.login()).state).toBe("retrying");
    trace.world.server.mode = "well";
    await trace.refresh();
    expect(trace.at()?.refresh).toBe(trace.world.server.live("login"));
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("of the provider is retried with growing pauses, of which refresh waits for none", async () => {
    const trace = await kept("overloaded", 2 * HOUR);
    const tries = trace.sent().length;
    expect(tries).toBeGreaterThanOrEqual(3);
    expect(tries).toBeLessThan(40);
    expect(trace.open(trace.first.refresh)).toBe(0);
    trace.world.server.mode = "well";
    await trace.refresh();
    expect(trace.sent()).toHaveLength(tries + 1);
    expect(trace.at()?.refresh).toBe(trace.world.server.live("login"));
    expect(trace.world.checks.failures).toEqual([]);
  });
});
