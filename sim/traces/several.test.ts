import { describe, expect, it } from "vitest";
import { HOUR, MINUTE, oauth, startTrace } from "../benches/trace-bench.ts";

describe("of several logins that are due", () => {
  it("the one that has been due longest is refreshed first, wherever it stands", async () => {
    const trace = startTrace();
    const now = trace.world.time.now();
    const second = trace.world.server.signIn("second");
    trace.write({
      anthropic: oauth({ ...trace.first, expires: now - MINUTE }),
      second: oauth({ ...second, expires: now - HOUR }),
    });
    trace.keeper();
    await trace.run(MINUTE);
    expect(trace.sent()).toEqual([second.refresh, trace.first.refresh]);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("all are refreshed, also if one result cannot be told", async () => {
    const trace = startTrace();
    const second = trace.world.server.signIn("second");
    trace.write({ anthropic: oauth({ ...trace.first, expires: 0 }), second: oauth({ ...second, expires: 0 }) });
    const told: string[] = [];
    const results = await trace.command((engine) =>
      engine.refresh("all", undefined, ({ id }) => {
        told.push(id);
        if (told.length === 1) throw new Error("nobody listens");
      }),
    );
    expect(trace.sent()).toEqual([trace.first.refresh, second.refresh]);
    expect(told).toEqual(["anthropic", "second"]);
    expect(results).toEqual(["anthropic", "second"].map((id) => ({ id, sentence: "Refreshed." })));
    expect(trace.world.logged.join()).toContain("a result could not be told yet");
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("all are refreshed in one pass, also if what happened cannot be told", async () => {
    const trace = startTrace();
    const second = trace.world.server.signIn("second");
    trace.write({ anthropic: oauth({ ...trace.first, expires: 0 }), second: oauth({ ...second, expires: 0 }) });
    const { left } = await trace.command((engine) =>
      engine.runOnce({
        onEvent: () => {
          throw new Error("nobody listens");
        },
      }),
    );
    expect(left).toEqual([]);
    expect(trace.sent()).toEqual([trace.first.refresh, second.refresh]);
    const history = await trace.command((engine) => engine.history(null));
    expect(history.filter(({ what }) => what.kind === "refreshed").map(({ id }) => id)).toEqual([
      "anthropic",
      "second",
    ]);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("all are refreshed by a keeper whose listener fails at all that it is told", async () => {
    const trace = startTrace();
    const second = trace.world.server.signIn("second");
    trace.write({ anthropic: oauth({ ...trace.first, expires: 0 }), second: oauth({ ...second, expires: 0 }) });
    const fail = () => {
      throw new Error("nobody listens");
    };
    const keeper = trace.world.start("keeper");
    void keeper.engine.then((engine) => engine.run({ onRole: fail, onSnapshot: fail, onEvent: fail }));
    await trace.run(MINUTE);
    expect(trace.sent()).toEqual([trace.first.refresh, second.refresh]);
    expect((await trace.snapshot()).accounts.map(({ state }) => state)).toEqual(["healthy", "healthy"]);
    expect((await trace.snapshot()).keeper.running).toBe(true);
    expect(trace.world.checks.failures).toEqual([]);
  });
});
