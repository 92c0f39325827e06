import { describe, expect, it } from "vitest";
import { startTrace } from "../../../sim/benches/trace-bench.ts";
import { exitCodeOf } from "../../shared/login/rules.ts";
import { parseSettings } from "../../shared/settings.ts";
import { summaryOf } from "../../shared/words/status.ts";
import { HOUR, ledgerOf, NOW, oauth, type SceneOptions, scene } from "../testing/facts-bench.ts";
import { project } from "./snapshot.ts";

const KEEPER = { pid: 7, since: NOW };
const EXPIRED = [oauth("anthropic", "r1", { expires: NOW - HOUR })];
const PAUSED = { pauses: { anthropic: null } };

function shown(options: SceneOptions, keeper: typeof KEEPER | null) {
  const facts = scene(options);
  const snapshot = project(facts, "/auth.json", facts.providers, keeper);
  const [login] = snapshot.accounts;
  return { login, exit: exitCodeOf(snapshot), text: summaryOf(snapshot, snapshot.generatedAt).text };
}

describe("a login whose access has expired", () => {
  it("is not well where nothing runs that would refresh it, and that is said", () => {
    const { login, exit, text } = shown({ entries: EXPIRED }, null);
    expect(login).toMatchObject({ state: "due", reasonKind: "unkept" });
    expect(login?.reason).toContain("nothing is running to refresh it");
    expect([exit, text]).toEqual([3, "1 login has expired, and nothing refreshes it"]);
  });

  it("is well while a keeper runs, which is about to refresh it", () => {
    const { login, exit, text } = shown({ entries: EXPIRED }, KEEPER);
    expect([login?.state, login?.reason, exit, text]).toEqual(["due", null, 0, "1 login, well"]);
  });

  it("is not hidden by a pause of its pings", () => {
    const { login, exit } = shown({ entries: EXPIRED, settings: PAUSED }, null);
    expect([login?.state, login?.reasonKind, exit]).toEqual(["paused", "unkept", 3]);
  });

  it("that is not due yet is no matter of a keeper", () => {
    expect(shown({}, null)).toMatchObject({ login: { state: "healthy", reason: null }, exit: 0 });
    expect(shown({ settings: PAUSED }, null)).toMatchObject({ login: { state: "paused" }, exit: 0 });
  });
});

describe("a login that was signed in again", () => {
  it("says when, also where nobody wrote that down yet, and else nothing of it", () => {
    const ended = { r1: { ended: { at: NOW - HOUR, why: "over" } } };
    const entries = [oauth("anthropic", "r2")];
    const { login } = shown({ entries, ledger: ledgerOf(ended, { anthropic: { current: "fp-r1" } }) }, KEEPER);
    expect(login).toMatchObject({ state: "healthy", signedInAt: NOW });
    expect(shown({}, KEEPER).login).not.toHaveProperty("signedInAt");
  });
});

describe("a login of which an earlier pair is kept", () => {
  const displaced = (note: object): SceneOptions => ({
    entries: [oauth("anthropic", "r2")],
    ledger: ledgerOf({ r1: { displacedAt: NOW - 5, next: "fp-r2" }, r2: note }, { anthropic: { current: "fp-r2" } }),
  });
  const RESCUE = '"pilot-light rescue anthropic"';

  it("says so, and names the command that puts it back where its sign-in has ended", () => {
    const { login } = shown(displaced({ ended: { at: NOW, why: "over" } }), KEEPER);
    expect(login).toMatchObject({ state: "signIn", rescuable: true });
    expect(login?.reason).toContain(RESCUE);
  });

  it("says so, and names it where an old copy took its place", () => {
    const { login } = shown(displaced({ displacedAt: NOW }), KEEPER);
    expect(login).toMatchObject({ state: "oldCopy", rescuable: true });
    expect(login?.reason).toContain(RESCUE);
  });

  it("says so of one that is well, in no sentence", () => {
    expect(shown(displaced({}), KEEPER).login).toMatchObject({ state: "healthy", rescuable: true, reason: null });
  });

  it("is one of which there is something: else nothing is said", () => {
    const ended = {
      ledger: ledgerOf({ r1: { ended: { at: NOW, why: "over" } } }, { anthropic: { current: "fp-r1" } }),
    };
    const { login } = shown(ended, KEEPER);
    expect(login?.state).toBe("signIn");
    expect(login).not.toHaveProperty("rescuable");
    expect(login?.reason).not.toContain("rescue");
  });

  it("is not named a second time where the old copy in the file is all that there is", () => {
    const signedOut = { ledger: ledgerOf({ r1: { removedAt: NOW } }, { anthropic: { current: "fp-r1" } }) };
    const { login } = shown(signedOut, KEEPER);
    expect(login).toMatchObject({ state: "oldCopy", rescuable: true });
    expect(login?.reason).not.toContain("rescue");
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
    expect(await trace.login()).toMatchObject({ reason: expect.stringMatching(sentence), pausedUntil: until });
  });
});
