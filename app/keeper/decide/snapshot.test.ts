import { describe, expect, it } from "vitest";
import { startTrace } from "../../../sim/benches/trace-bench.ts";
import { exitCodeOf } from "../../shared/login/rules.ts";
import { parseSettings } from "../../shared/settings.ts";
import { summaryOf } from "../../shared/words/status.ts";
import { HOUR, NOW, oauth, type SceneOptions, scene } from "../testing/facts-bench.ts";
import { project } from "./snapshot.ts";

const KEEPER = { pid: 7, since: NOW };
const EXPIRED = [oauth("anthropic", "r1", { expires: NOW - HOUR })];
const PAUSED = { pauses: { anthropic: null } };

function shown(options: SceneOptions, keeper: typeof KEEPER | null) {
  const facts = scene(options);
  const snapshot = project(facts, "/auth.json", facts.providers, keeper);
  const [account] = snapshot.accounts;
  return { account, exit: exitCodeOf(snapshot), text: summaryOf(snapshot).text };
}

describe("a login whose access has expired", () => {
  it("is not well where nothing runs that would refresh it, and that is said", () => {
    const { account, exit, text } = shown({ entries: EXPIRED }, null);
    expect(account).toMatchObject({ state: "due", reasonKind: "unkept" });
    expect(account?.reason).toContain("nothing is running to refresh it");
    expect([exit, text]).toEqual([3, "1 login has expired, and nothing refreshes it"]);
  });

  it("is well while a keeper runs, which is about to refresh it", () => {
    const { account, exit, text } = shown({ entries: EXPIRED }, KEEPER);
    expect([account?.state, account?.reason, exit, text]).toEqual(["due", null, 0, "1 login, well"]);
  });

  it("is not hidden by a pause of its pings", () => {
    const { account, exit } = shown({ entries: EXPIRED, settings: PAUSED }, null);
    expect([account?.state, account?.reasonKind, exit]).toEqual(["paused", "unkept", 3]);
  });

  it("that is not due yet is no matter of a keeper", () => {
    expect(shown({}, null)).toMatchObject({ account: { state: "healthy", reason: null }, exit: 0 });
    expect(shown({ settings: PAUSED }, null)).toMatchObject({ account: { state: "paused" }, exit: 0 });
  });
});

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
