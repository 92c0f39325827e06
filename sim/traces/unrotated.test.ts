import { describe, expect, it } from "vitest";
import { HOUR, MINUTE, oauth, startTrace } from "../benches/trace-bench.ts";

describe("an answer without rotation to a login whose file claims an end far ahead", () => {
  it("is written all the same, and the login rests until it is due", async () => {
    const trace = startTrace();
    const lie = trace.world.time.now() + 10_000 * HOUR;
    trace.world.server.mode = "noRotation";
    trace.write({ anthropic: { ...trace.first, expires: 0 } });
    trace.keeper();
    await trace.run(MINUTE);
    expect(trace.sent()).toHaveLength(1);
    trace.change("anthropic", oauth({ ...(trace.at() ?? trace.first), expires: lie }));
    const { access } = trace.at() ?? trace.first;
    await trace.run(5 * HOUR);
    expect(trace.sent()).toHaveLength(2);
    expect(trace.at()?.access).not.toBe(access);
    expect(trace.at()?.expires).toBeLessThan(trace.world.time.now() + 8 * HOUR);
    expect(trace.journal().filter((name) => name.endsWith(".intent"))).toEqual([]);
    expect((await trace.login()).state).toBe("healthy");
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("does not replace what another program wrote meanwhile with a later end", async () => {
    const trace = startTrace();
    trace.world.server.mode = "noRotation";
    const later = { ...trace.first, access: "SECRET-access-theirs", expires: trace.world.time.now() + 20 * HOUR };
    trace.expire();
    trace.answer((answer) => {
      trace.change("anthropic", oauth(later));
      return answer;
    });
    trace.keeper();
    await trace.run(10_000);
    expect(trace.at()).toEqual(later);
  });
});
