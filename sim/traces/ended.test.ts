import { describe, expect, it } from "vitest";
import { HOUR, MINUTE, startTrace, type Trace } from "../benches/trace-bench.ts";

/** A login of which the provider said that it has ended, more than a minute ago. */
async function ended(): Promise<Trace> {
  const trace = startTrace();
  trace.world.server.dead.add("login");
  trace.expire();
  trace.keeper();
  await trace.until("it has ended", () => trace.note(trace.first.refresh)["ended"] !== undefined);
  await trace.run(2 * MINUTE);
  return trace;
}

describe("one more try with a login that has ended", () => {
  it("is not made while another process waits for the answer to its own", async () => {
    const trace = await ended();
    const { server, time } = trace.world;
    // The provider erred: the login lives, and the first try is answered while its process stands still.
    server.dead.delete("login");
    server.mode = "late";
    const first = trace.world.start("command", true);
    trace.world.checks.userCommands.add(first);
    void first.engine.then((engine) => engine.refresh(["anthropic"]));
    await trace.until("it sends", () => trace.sent().length === 2);
    first.stoppedUntil = time.monotonic + 5 * MINUTE;
    server.mode = "well";
    await trace.run(2 * MINUTE);
    await trace.refresh();
    expect(trace.sent()).toHaveLength(2);
    await trace.run(10 * MINUTE);
    expect(trace.at()?.refresh).toBe(server.live("login"));
    expect((await trace.login()).state).toBe("healthy");
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("waits as long as the provider asked", async () => {
    const trace = await ended();
    trace.world.server.mode = "rateLimited";
    await trace.refresh();
    expect(trace.sent()).toHaveLength(2);
    await trace.run(70_000);
    await trace.refresh();
    expect(trace.sent()).toHaveLength(2);
    await trace.run(MINUTE);
    await trace.refresh();
    expect(trace.sent()).toHaveLength(3);
  });

  it("is made although the clock was set back since the last one", async () => {
    const trace = await ended();
    await trace.refresh();
    expect(trace.sent()).toHaveLength(2);
    trace.world.time.offset -= 24 * HOUR;
    await trace.run(2 * MINUTE);
    await trace.refresh();
    expect(trace.sent()).toHaveLength(3);
  });
});
