import { describe, expect, it } from "vitest";
import { HOUR, json, kept, MINUTE, NOTES, oauth, startTrace } from "../benches/trace-bench.ts";
import { AUTH } from "../world/process.ts";

describe("an answer without rotation", () => {
  it.each(["noRotation", "sameToken"] as const)(
    "(%s) brings the new access token, and its intent is closed",
    async (mode) => {
      const trace = await kept(mode);
      expect(trace.at()?.refresh).toBe(trace.first.refresh);
      expect(trace.at()?.access).not.toBe(trace.first.access);
      expect(trace.at()?.expires).toBeGreaterThan(trace.world.time.now() + 7 * HOUR);
      expect(trace.journal().filter((name) => name.endsWith(".intent"))).toEqual([]);
      expect(await trace.login()).toMatchObject({ state: "healthy", lastRefresh: { outcome: "refreshed" } });
      expect(trace.kept(trace.at()?.access ?? "")).toBe(true);
      expect(trace.kept(trace.first.access)).toBe(false);

      // The same token is not spent: it may be sent again, under no rule but the due time.
      trace.world.server.mode = "well";
      trace.expire();
      await trace.run(2 * MINUTE);
      expect(trace.sent()).toEqual([trace.first.refresh, trace.first.refresh]);
      expect(trace.at()?.refresh).toBe(trace.world.server.live("login"));
      expect(trace.world.checks.failures).toEqual([]);
    },
  );
});

describe("an answer without rotation after one with rotation", () => {
  it("brings the new access token, which is also what a backup gets back", async () => {
    // The order in which the journal is listed hangs on the tokens' hashes: three generations, so that each order occurs.
    for (const rotations of [1, 2, 3]) {
      const trace = startTrace();
      trace.expire();
      const backup = trace.text();
      trace.keeper();
      for (let done = 1; done <= rotations; done++) {
        await trace.run(2 * MINUTE);
        if (done < rotations) trace.expire();
      }
      const { refresh, access } = trace.at() ?? trace.first;
      trace.world.server.mode = "noRotation";
      trace.expire();
      await trace.run(2 * MINUTE);
      expect(trace.at()?.refresh).toBe(refresh);
      expect(trace.at()?.access).not.toBe(access);
      expect(trace.sent()).toHaveLength(rotations + 1);
      expect((await trace.login()).state).toBe("healthy");
      const good = trace.at();
      trace.world.disk.writeInPlace(AUTH, backup);
      await trace.run(2 * MINUTE);
      expect(trace.at()).toEqual(good);
      expect(trace.sent()).toHaveLength(rotations + 1);
    }
  });
});

describe("an answer with a token that we know to be spent", () => {
  it("does not put it into the file, and does not send it", async () => {
    const trace = await kept("well");
    const second = trace.at()?.refresh ?? "";
    trace.answer(() =>
      json(200, { access_token: "SECRET-odd", refresh_token: trace.first.refresh, expires_in: 28_800 }),
    );
    trace.expire();
    await trace.run(2 * MINUTE);
    expect(trace.sent()).toEqual([trace.first.refresh, second]);
    expect(trace.at()).toMatchObject({ access: "SECRET-odd", refresh: second });
    expect((await trace.login()).state).toBe("healthy");
    await trace.run(HOUR);
    expect(trace.sent()).toHaveLength(2);
    expect(trace.world.checks.failures).toEqual([]);
  });
});

describe("an odd lifetime", () => {
  it("is taken as an hour, and a refresh does not follow on the heels of the other", async () => {
    const trace = await kept("oddLifetime");
    const { expires } = trace.at() ?? { expires: 0 };
    expect(Math.abs(expires - trace.world.time.now() - HOUR)).toBeLessThan(MINUTE);
    expect(trace.sent()).toHaveLength(1);
    expect((await trace.login()).state).toBe("healthy");
  });

  it("of a few seconds makes no storm: a minute lies between two refreshes", async () => {
    const trace = startTrace();
    trace.world.server.lifetimeMs = 5_000;
    trace.expire();
    trace.keeper();
    await trace.run(10 * MINUTE);
    const times = trace.world.server.sendings.map(({ at }) => at);
    expect(times.length).toBeGreaterThanOrEqual(8);
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThan(MINUTE - 2);
    expect(trace.world.checks.failures).toEqual([]);
  });
});

describe("invalid_grant", () => {
  it("with a newer pair within 3 s is no end: the pair is adopted", async () => {
    const trace = startTrace();
    const newer = trace.world.server.redeem(trace.first.refresh);
    if (newer === null) throw new Error("the server refused");
    // The server forgives the reuse: opencode was simply faster.
    trace.answer(() => json(400, { error: "invalid_grant" }));
    trace.expire();
    trace.keeper();
    await trace.until("it is refused", () => trace.world.server.sendings[0]?.told === "ended");
    await trace.run(2_500);
    trace.change("anthropic", oauth(newer));
    await trace.run(MINUTE);
    expect(trace.at()).toEqual(newer);
    expect(trace.open(trace.first.refresh)).toBe(0);
    expect(trace.note(trace.first.refresh)).not.toHaveProperty("ended");
    expect(await trace.login()).toMatchObject({ state: "healthy", lastRefresh: { outcome: "adopted" } });
    const history = await trace.command((engine) => engine.history("anthropic"));
    expect(history.map(({ what }) => what.kind)).toContain("newerFound");
  });

  it("without one is the end: nothing more is sent, and the state says so", async () => {
    const trace = startTrace();
    trace.world.server.dead.add("login");
    trace.expire();
    trace.keeper();
    await trace.run(3 * HOUR);
    expect(trace.sent()).toHaveLength(1);
    expect(await trace.login()).toMatchObject({ state: "signIn", lastRefresh: { outcome: "rejected" } });
    expect(trace.open(trace.first.refresh)).toBe(0);
    expect(trace.at()?.refresh).toBe(trace.first.refresh);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("is tried once more when the user says so, once a minute, and that is recorded", async () => {
    const trace = startTrace();
    trace.world.server.dead.add("login");
    trace.expire();
    trace.keeper();
    await trace.run(2 * MINUTE);
    await trace.refresh();
    expect(trace.sent()).toHaveLength(2);
    expect(trace.note(trace.first.refresh)).toHaveProperty("triedAgainAt");
    await trace.refresh();
    expect(trace.sent()).toHaveLength(2);
    await trace.run(MINUTE);
    trace.world.server.dead.delete("login");
    await trace.refresh();
    expect(trace.sent()).toHaveLength(3);
    expect((await trace.login()).state).toBe("healthy");
  });

  it("is left by a sign-in", async () => {
    const trace = startTrace();
    trace.world.server.dead.add("login");
    trace.expire();
    trace.keeper();
    await trace.run(MINUTE);
    const again = trace.world.server.signIn("again");
    trace.change("anthropic", { ...oauth(again), expires: 0 });
    await trace.run(2 * MINUTE);
    expect(trace.at()?.refresh).toBe(trace.world.server.live("again"));
    expect((await trace.login()).state).toBe("healthy");
    expect(trace.world.checks.failures).toEqual([]);
  });
});

describe("invalid_client", () => {
  it("makes all logins of that provider wait, and blames none", async () => {
    const trace = startTrace();
    const { server } = trace.world;
    const record = (id: string) => ({
      id,
      namespace: "default",
      ...server.signIn(id),
      expires: 0,
      createdAt: 1,
      updatedAt: 1,
      health: { successCount: 0, failureCount: 0 },
    });
    const provider = (...ids: readonly string[]) => ({
      type: "oauth",
      active: { default: ids[0] },
      order: { default: ids },
      records: ids.map(record),
    });
    const file = { version: 2, providers: { anthropic: provider("one", "two"), second: provider("three") } };
    trace.world.disk.writeInPlace(AUTH, JSON.stringify(file, null, 2));
    server.mode = "invalidClient";
    trace.keeper();
    await trace.until("it is refused", () => server.sendings[0]?.told === "refused");
    server.mode = "well";
    const waits = () => trace.world.disk.readText(`${NOTES}/waits.json`) ?? "";
    await trace.until("the wait is written", () => waits().includes('"anthropic"'));
    await trace.run(100);
    const states = () =>
      trace.snapshot().then(({ accounts: logins }) => logins.map(({ id, state }) => `${id} ${state}`));
    expect((await states()).slice(0, 2)).toEqual(["anthropic/one retrying", "anthropic/two retrying"]);
    expect((await trace.snapshot()).accounts[1]).toMatchObject({
      reason: expect.stringContaining("does not currently accept this client"),
      reasonKind: "provider",
    });
    const next = Number(/"next":(\d+)/.exec(waits())?.[1]);
    const whose = () => trace.sent().map((token) => token.split("-")[2]);
    await trace.until("the wait is over", () => trace.world.time.now() >= next - 50);
    expect(whose().filter((id) => id !== "three")).toEqual(["one"]);
    await trace.run(5 * MINUTE);
    expect(await states()).toEqual(["anthropic/one healthy", "anthropic/two healthy", "second/three healthy"]);
    expect(trace.world.checks.failures).toEqual([]);
  });
});
