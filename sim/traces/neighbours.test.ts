import { describe, expect, it } from "vitest";
import { DAY, HOUR, LOCK, MINUTE, NOTES, oauth, startTrace, type Trace } from "../benches/trace-bench.ts";
import { tryParse } from "../world/opencode.ts";

const EMPTY = { type: "oauth", refresh: "", access: "", expires: 0 };

/** A keeper whose refresh was just sent; its answer takes 5 s and more. */
async function underWay(): Promise<Trace> {
  const trace = startTrace();
  trace.world.server.mode = "late";
  trace.expire();
  trace.keeper();
  await trace.until("it sends", () => trace.sent().length === 1);
  trace.world.server.mode = "well";
  return trace;
}

/** A keeper that has refreshed the login once, and what stood in the file before. */
async function refreshedOnce(): Promise<{ readonly trace: Trace; readonly backup: string }> {
  const trace = startTrace();
  trace.expire();
  const backup = trace.text();
  trace.keeper();
  await trace.until("it is refreshed", () => trace.at()?.refresh === trace.world.server.live("login"));
  await trace.run(10_000);
  return { trace, backup };
}

function restore(trace: Trace, backup: string): void {
  trace.world.checks.foreign.push(tryParse(backup) ?? {});
  trace.world.disk.replace("/home/me/share/opencode/auth.json", backup);
}

/** The new token that the answer to the n-th sending brought. */
function issued(trace: Trace, n = 0): string {
  const token = trace.world.server.sendings[n]?.issued;
  if (token === null || token === undefined) throw new Error("no token was issued");
  return token;
}

describe("a sign-out while the answer is under way", () => {
  it.each([
    ["early", 0],
    ["just before the answer", 4_900],
  ])("%s: it stays signed out, and what came is only in the journal", async (_name, ms) => {
    const trace = await underWay();
    await trace.run(ms);
    trace.change("anthropic", null);
    await trace.run(5 * MINUTE);
    expect(trace.at()).toBeNull();
    expect(trace.sent()).toEqual([trace.first.refresh]);
    expect(trace.kept(issued(trace))).toBe(true);
    expect((await trace.snapshot()).accounts).toEqual([]);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("makes a copy that comes back an old one, which is used only when the user says so", async () => {
    const trace = await underWay();
    trace.change("anthropic", null);
    await trace.run(MINUTE);
    trace.change("anthropic", { ...oauth(trace.first), expires: 0 });
    await trace.run(HOUR);
    expect(trace.at()?.refresh).toBe(trace.first.refresh);
    expect(trace.sent()).toHaveLength(1);
    expect(await trace.login()).toMatchObject({ state: "oldCopy", nextRefreshAt: null });

    expect((await trace.allow()).sentence).toContain("in use again");
    expect(trace.at()?.refresh).toBe(issued(trace));
    expect(trace.sent()).toHaveLength(1);
    expect((await trace.login()).state).toBe("healthy");
    trace.expire();
    await trace.run(MINUTE);
    expect(trace.sent()).toEqual([trace.first.refresh, issued(trace)]);
    expect(trace.at()?.refresh).toBe(trace.world.server.live("login"));
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("is followed by a sign-in that is kept alive like any other", async () => {
    const trace = await underWay();
    trace.change("anthropic", null);
    await trace.run(MINUTE);
    const again = trace.world.server.signIn("again");
    trace.change("anthropic", { ...oauth(again), expires: 0 });
    await trace.run(MINUTE);
    expect(trace.sent()).toEqual([trace.first.refresh, again.refresh]);
    expect(trace.at()?.refresh).toBe(trace.world.server.live("again"));
    expect(trace.world.checks.failures).toEqual([]);
  });
});

describe("a sign-in while the answer is under way", () => {
  it("is adopted as it stands, and our own successor is kept until the adopted one was refreshed", async () => {
    const trace = await underWay();
    const foreign = trace.world.server.signIn("foreign");
    trace.change("anthropic", oauth(foreign));
    const text = trace.text();
    await trace.run(2 * MINUTE);
    expect(trace.text()).toBe(text);
    expect(trace.sent()).toEqual([trace.first.refresh]);
    expect(trace.kept(issued(trace))).toBe(true);
    expect(trace.kept(foreign.refresh)).toBe(true);
    expect(await trace.login()).toMatchObject({ state: "healthy", lastRefresh: { outcome: "adopted" } });

    trace.expire();
    await trace.run(MINUTE);
    expect(trace.sent()).toEqual([trace.first.refresh, foreign.refresh]);
    expect(trace.at()?.refresh).toBe(trace.world.server.live("foreign"));
    for (const token of [trace.first.refresh, issued(trace), foreign.refresh]) expect(trace.kept(token)).toBe(false);
    expect(trace.kept(trace.at()?.refresh ?? "")).toBe(true);
    expect(trace.world.checks.failures).toEqual([]);
  });
});

describe("a backup that comes back", () => {
  it.each([
    ["within the watch", 0],
    ["an hour later", HOUR],
  ])("with a spent token gets the end of the chain back, %s", async (_name, ms) => {
    const { trace, backup } = await refreshedOnce();
    await trace.run(ms);
    const good = trace.at();
    restore(trace, backup);
    await trace.run(MINUTE);
    expect(trace.at()).toEqual(good);
    expect(trace.sent()).toEqual([trace.first.refresh]);
    expect((await trace.login()).state).toBe("healthy");
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("gets the end of the chain over two refreshes and an adopted pair", async () => {
    const { trace, backup } = await refreshedOnce();
    trace.expire();
    await trace.run(2 * MINUTE);
    const foreign = trace.world.server.signIn("foreign");
    trace.change("anthropic", oauth(foreign));
    await trace.run(MINUTE);
    restore(trace, backup);
    await trace.run(MINUTE);
    expect(trace.at()).toEqual(foreign);
    expect(trace.sent()).toHaveLength(2);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("with a displaced pair is an old copy, and used when the user says so", async () => {
    const trace = startTrace();
    trace.keeper();
    await trace.run(10_000);
    const backup = trace.text();
    trace.change("anthropic", oauth(trace.world.server.signIn("foreign")));
    await trace.run(MINUTE);
    restore(trace, backup);
    trace.expire();
    await trace.run(HOUR);
    expect(trace.sent()).toEqual([]);
    expect(trace.at()?.refresh).toBe(trace.first.refresh);
    expect((await trace.login()).state).toBe("oldCopy");
    await trace.allow();
    await trace.run(MINUTE);
    expect(trace.sent()).toEqual([trace.first.refresh]);
    expect(trace.at()?.refresh).toBe(trace.world.server.live("login"));
    expect(trace.world.checks.failures).toEqual([]);
  });
});

describe("a permission for an old copy", () => {
  it("is over once the pass found no old copy: one that comes later is not used", async () => {
    const trace = startTrace();
    const { disk } = trace.world;
    const keeper = trace.keeper();
    await trace.run(10_000);
    const backup = trace.text();
    const foreign = trace.world.server.signIn("foreign");
    trace.change("anthropic", oauth(foreign));
    await trace.run(MINUTE);
    trace.kill(keeper);
    restore(trace, backup);
    let step: "before" | "locked" | "restored" = "before";
    disk.setGate((op, path) => {
      if (step === "before" && op === "makeFolder" && path === LOCK) {
        step = "locked";
        trace.change("anthropic", oauth(foreign));
      } else if (step === "locked" && path === `${NOTES}/pings.json`) {
        // The file was read, and our notes nearly: this reading has no old copy, the next one has.
        step = "restored";
        restore(trace, backup);
      }
    });
    await trace.allow();
    disk.setGate(null);
    expect(step).toBe("restored");
    expect(trace.at()?.refresh).toBe(trace.first.refresh);
    expect((await trace.login()).state).toBe("oldCopy");
    expect(trace.note(trace.first.refresh)).toHaveProperty("displacedAt");
    expect(trace.sent()).toEqual([]);
    expect(trace.world.checks.failures).toEqual([]);
  });
});

describe("an emptied entry", () => {
  it("is no removal: the copy is kept, and put back when the user says so", async () => {
    const { trace } = await refreshedOnce();
    const good = trace.at();
    trace.change("anthropic", EMPTY);
    await trace.run(HOUR);
    expect(trace.at()?.refresh).toBe("");
    expect((await trace.login()).state).toBe("wipedElsewhere");
    expect(trace.kept(good?.refresh ?? "")).toBe(true);
    await trace.allow();
    expect(trace.at()).toEqual(good);
    expect((await trace.login()).state).toBe("healthy");
    expect(trace.sent()).toHaveLength(1);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("while the answer is under way stays empty, and the successor is what a rescue puts back", async () => {
    const trace = await underWay();
    trace.change("anthropic", EMPTY);
    await trace.run(MINUTE);
    expect(trace.at()?.refresh).toBe("");
    await trace.allow();
    expect(trace.at()?.refresh).toBe(issued(trace));
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("is over with a sign-in", async () => {
    const { trace } = await refreshedOnce();
    trace.change("anthropic", EMPTY);
    await trace.run(MINUTE);
    const again = trace.world.server.signIn("again");
    trace.change("anthropic", oauth(again));
    await trace.run(MINUTE);
    expect(trace.at()).toEqual(again);
    expect((await trace.login()).state).toBe("healthy");
  });
});

describe("one grant in two entries", () => {
  it("is redeemed once, and both are written", async () => {
    const trace = startTrace();
    const due = { ...oauth(trace.first), expires: 0 };
    trace.write({ anthropic: due, second: due });
    trace.keeper();
    await trace.run(2 * MINUTE);
    expect(trace.sent()).toEqual([trace.first.refresh]);
    expect(trace.at("anthropic")?.refresh).toBe(trace.world.server.live("login"));
    expect(trace.at("second")).toEqual(trace.at("anthropic"));
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("is written too where a copy appears while the answer is under way", async () => {
    const trace = await underWay();
    trace.change("second", { ...oauth(trace.first), expires: 0 });
    await trace.run(2 * MINUTE);
    expect(trace.sent()).toEqual([trace.first.refresh]);
    expect(trace.at("second")).toEqual(trace.at("anthropic"));
    expect(trace.at("second")?.refresh).toBe(issued(trace));
    expect(trace.world.checks.failures).toEqual([]);
  });
});

describe("a token that moved to another id", () => {
  it("was not removed: it is served there", async () => {
    const { trace } = await refreshedOnce();
    const pair = trace.at();
    trace.write({ second: pair ?? {} });
    await trace.run(MINUTE);
    trace.expire("second");
    await trace.run(2 * MINUTE);
    expect(trace.sent()).toEqual([trace.first.refresh, pair?.refresh]);
    expect(trace.at("second")?.refresh).toBe(trace.world.server.live("login"));
    expect(trace.world.checks.failures).toEqual([]);
  });
});

describe("the safe copy of a removed login", () => {
  it("is kept for 7 days, on a date that is told, and then erased; its fingerprint stays", async () => {
    const { trace } = await refreshedOnce();
    const last = trace.at()?.refresh ?? "";
    const removedAt = trace.world.time.now();
    trace.change("anthropic", null);
    await trace.run(MINUTE);
    const [copy] = await trace.command((engine) => engine.keptCopies());
    expect(copy?.id).toBe("anthropic");
    expect(Math.abs((copy?.erasedAt ?? 0) - removedAt - 7 * DAY)).toBeLessThan(MINUTE);

    trace.world.checks.clockStepped();
    trace.world.time.offset += 7 * DAY - 5 * MINUTE;
    await trace.run(MINUTE);
    expect(trace.kept(last)).toBe(true);
    await trace.run(10 * MINUTE);
    expect(trace.kept(last)).toBe(false);
    expect(await trace.command((engine) => engine.keptCopies())).toEqual([]);
    expect(trace.note(last)).toHaveProperty("removedAt");
    expect(trace.world.checks.failures).toEqual([]);
  });
});
