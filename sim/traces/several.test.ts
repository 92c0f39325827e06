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
});
