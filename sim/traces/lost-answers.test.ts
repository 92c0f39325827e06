import { describe, expect, it } from "vitest";
import { DAY, HOUR, MINUTE, NOTES, startTrace, type Trace, underWay } from "../benches/trace-bench.ts";

/** A refresh whose answer was lost; the server did not act. */
async function lost(): Promise<Trace> {
  const trace = startTrace();
  trace.world.server.mode = "lostRequest";
  trace.expire();
  trace.keeper();
  await trace.until("the answer is lost", () => trace.world.server.sendings[0]?.told === "unknown");
  return trace;
}
/** When requests left, in s since the first. */
const seconds = ({ world: { server } }: Trace) =>
  server.sendings.map(({ at }) => (at - (server.sendings[0]?.at ?? 0)) / 1000);

describe("a lost answer", () => {
  it("is followed by attempts after 1, 2, 4, 8 and 16 min, and then one an hour", async () => {
    const trace = await lost();
    await trace.run(3 * HOUR);
    const times = seconds(trace);
    const minutes = [0, 1, 2, 4, 8, 16, 76, 136];
    expect(times).toHaveLength(minutes.length);
    for (const [index, each] of minutes.entries()) {
      expect(times[index]).toBeGreaterThanOrEqual(each * 60 - 1);
      expect(times[index]).toBeLessThanOrEqual(each * 60 + 60);
    }
    expect(new Set(trace.sent())).toEqual(new Set([trace.first.refresh]));
    expect((await trace.login()).state).toBe("outcomeUnknown");
    expect(trace.at()?.refresh).toBe(trace.first.refresh);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("of a server that answers 500 for a day and never acted costs no login", async () => {
    const trace = await lost();
    await trace.run(DAY);
    expect(trace.sent().length).toBeGreaterThan(20);
    expect(trace.open(trace.first.refresh)).toBeLessThanOrEqual(6);
    trace.world.server.mode = "well";
    await trace.run(2 * HOUR);
    expect(trace.at()?.refresh).toBe(trace.world.server.live("login"));
    expect((await trace.login()).state).toBe("healthy");
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("can be tried by name in between, at most once a minute", async () => {
    const trace = await lost();
    await trace.until("five careful tries were made", () => trace.sent().length === 6, 3 * HOUR);
    await trace.run(5_000);
    await trace.refresh();
    expect(trace.sent()).toHaveLength(6);
    await trace.run(2 * MINUTE);
    trace.world.server.mode = "well";
    expect(await trace.refresh()).toEqual([{ id: "anthropic", sentence: "Refreshed." }]);
    expect(trace.sent()).toHaveLength(7);
    expect(trace.at()?.refresh).toBe(trace.world.server.live("login"));
    expect((await trace.login()).state).toBe("healthy");
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("is healed by the first attempt when the server had not acted", async () => {
    const trace = await lost();
    await trace.run(10_000);
    expect(await trace.login()).toMatchObject({ state: "outcomeUnknown", lastRefresh: { outcome: "unknown" } });
    trace.world.server.mode = "well";
    await trace.run(5 * MINUTE);
    expect(trace.sent()).toEqual([trace.first.refresh, trace.first.refresh]);
    expect(trace.at()?.refresh).toBe(trace.world.server.live("login"));
    expect(await trace.login()).toMatchObject({ state: "healthy", lastRefresh: { outcome: "refreshed" } });
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("is found to be the end when the server had acted: a sign-in that says why", async () => {
    const trace = startTrace();
    trace.world.server.mode = "lostAnswer";
    trace.expire();
    trace.keeper();
    await trace.until("the answer is lost", () => trace.world.server.sendings[0]?.told === "unknown");
    trace.world.server.mode = "well";
    await trace.run(2 * HOUR);
    expect(trace.sent()).toEqual([trace.first.refresh, trace.first.refresh]);
    const login = await trace.login();
    expect(login).toMatchObject({ state: "signIn", lastRefresh: { outcome: "rejected" } });
    expect(login.reason).toContain("An answer was lost");
    expect(login.reasonKind).toBe("answerLost");
    expect(trace.open(trace.first.refresh)).toBe(0);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("is tried at once by refresh, and that counts as an attempt", async () => {
    const trace = await lost();
    await trace.run(10_000);
    await trace.refresh();
    expect(trace.sent()).toHaveLength(2);
    expect(trace.open(trace.first.refresh)).toBe(2);
    await trace.run(HOUR);
    expect(trace.sent()).toHaveLength(6);
    expect((await trace.login()).state).toBe("outcomeUnknown");
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("is not counted against an attempt that ended transient", async () => {
    const trace = await lost();
    trace.world.server.mode = "overloaded";
    await trace.until("a transient attempt", () => trace.world.server.sendings.at(-1)?.told === "refused");
    await trace.run(5_000);
    expect(trace.open(trace.first.refresh)).toBe(1);
    trace.world.server.mode = "lostRequest";
    await trace.run(HOUR);
    expect(trace.world.server.sendings.filter(({ told }) => told === "unknown")).toHaveLength(6);
    expect((await trace.login()).state).toBe("outcomeUnknown");
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("goes on after a later attempt that ended transient", async () => {
    const trace = await lost();
    await trace.until("three lost answers", () => trace.sent().length === 3);
    trace.world.server.mode = "overloaded";
    await trace.until("a transient attempt", () => trace.world.server.sendings.at(-1)?.told === "refused", HOUR);
    trace.world.server.mode = "well";
    await trace.run(2 * HOUR);
    expect(trace.at()?.refresh).toBe(trace.world.server.live("login"));
    expect((await trace.login()).state).toBe("healthy");
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("goes on after the written waits were lost", async () => {
    const trace = await lost();
    await trace.until("three lost answers", () => trace.sent().length === 3);
    await trace.run(5_000);
    trace.world.disk.removeNow(`${NOTES}/waits.json`);
    trace.world.server.mode = "well";
    await trace.run(2 * HOUR);
    expect(trace.at()?.refresh).toBe(trace.world.server.live("login"));
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("keeps its attempts a minute apart and more in a process that crashes in each of them", async () => {
    const trace = startTrace();
    trace.world.server.mode = "lostRequest";
    trace.expire();
    for (let crash = 1; crash <= 4; crash++) {
      const keeper = trace.keeper();
      await trace.until("it sends", () => trace.sent().length === crash, HOUR);
      trace.kill(keeper);
    }
    const times = seconds(trace);
    expect(times[1]).toBeGreaterThanOrEqual(59);
    expect(times[2]).toBeGreaterThanOrEqual(119);
    expect(times[3]).toBeGreaterThanOrEqual(239);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("stays a minute apart and more when the clock is set back", async () => {
    const trace = await lost();
    await trace.run(10_000);
    trace.world.checks.clockStepped();
    trace.world.time.offset -= DAY;
    await trace.run(3 * HOUR);
    const times = seconds(trace);
    expect(times.length).toBeGreaterThan(1);
    for (const [index, at] of times.slice(2).entries()) expect(at - (times[index + 1] ?? 0)).toBeGreaterThanOrEqual(59);
    expect((await trace.login()).state).toBe("outcomeUnknown");
  });

  it("is over when a newer pair appears: that is adopted, and the attempts end", async () => {
    const trace = await lost();
    await trace.run(20_000);
    const newer = trace.world.server.redeem(trace.first.refresh);
    if (newer === null) throw new Error("the server refused");
    trace.change("anthropic", { type: "oauth", ...newer });
    await trace.run(30 * MINUTE);
    expect(trace.sent()).toEqual([trace.first.refresh]);
    expect(trace.at()).toEqual(newer);
    expect(await trace.login()).toMatchObject({ state: "healthy", lastRefresh: { outcome: "adopted" } });
    expect(trace.kept(newer.refresh)).toBe(true);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("of run --once is tried again by the next run --once, if the time has passed", async () => {
    const trace = startTrace();
    trace.world.server.mode = "lostRequest";
    trace.expire();
    const once = () => trace.command((engine) => engine.runOnce({ onEvent: () => undefined }));
    expect((await once()).snapshot.accounts[0]?.state).toBe("outcomeUnknown");
    await once();
    expect(trace.sent()).toHaveLength(1);
    await trace.run(MINUTE);
    trace.world.server.mode = "well";
    expect((await once()).snapshot.accounts[0]?.state).toBe("healthy");
    expect(trace.sent()).toHaveLength(2);
  });

  it("while its process lives is tried by nobody, also not by the user, until it is gone", async () => {
    const trace = await lost();
    // The keeper is stopped (SIGSTOP) before it can write anything down: its answer may lie in the socket.
    const stopped = trace.world.server.sendings[0]?.actor;
    if (stopped === undefined) throw new Error("nothing was sent");
    stopped.stoppedUntil = trace.world.time.monotonic + DAY;
    trace.world.server.mode = "well";
    trace.keeper();
    await trace.run(30 * MINUTE);
    const [answer] = await trace.refresh();
    expect(answer).toMatchObject({ notNow: true, sentence: expect.stringContaining("still waiting for its answer") });
    expect(trace.sent()).toHaveLength(1);
    expect((await trace.login()).state).toBe("outcomeUnknown");
    stopped.alive = false;
    await trace.refresh();
    expect(trace.sent()).toHaveLength(2);
    expect((await trace.login()).state).toBe("healthy");
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("that no disk took down as lost is tried again by its own process all the same", async () => {
    const { trace } = await underWay();
    trace.answer(() => ({ kind: "unknown", problem: { kind: "answerLate" } }));
    trace.world.checks.diskFailed();
    trace.world.fault = { ops: new Set(["write"]), code: "EIO", where: "/journal/" };
    await trace.until("the answer is lost", () => trace.world.server.sendings[0]?.told !== null);
    await trace.run(5_000);
    trace.world.fault = null;
    await trace.run(10 * MINUTE);
    expect(trace.sent().length).toBeGreaterThan(1);
  });
});
