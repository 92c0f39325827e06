import { describe, expect, it } from "vitest";
import { HOUR, startTrace } from "../../../sim/benches/trace-bench.ts";
import { parseSettings } from "../../shared/settings.ts";

describe("a pause", () => {
  it.each([
    [null, "Pings are paused. Refreshing continues."],
    [3 * HOUR, /^Pings are paused until (\w{3} )?\d\d:\d\d\. Refreshing continues\.$/],
  ])("says until when: %s", async (ms, sentence) => {
    const trace = startTrace();
    const until = ms === null ? null : trace.world.time.now() + ms;
    trace.world.settings.current = parseSettings({ pauses: { anthropic: until } });
    expect(await trace.account()).toMatchObject({ reason: expect.stringMatching(sentence), pausedUntil: until });
  });
});
