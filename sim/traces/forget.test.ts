import { describe, expect, it } from "vitest";
import { everywhere, forget, kept, refused, sevenDaysLater, signedOut } from "../benches/forget-bench.ts";
import { JOURNAL, MINUTE, oauth, startTrace, underWay } from "../benches/trace-bench.ts";
import { tryParse } from "../world/opencode.ts";
import { simFingerprint } from "../world/process.ts";

describe("forgetting a removed login", () => {
  it("erases its tokens at once, keeps their fingerprints, and tells the history", async () => {
    const trace = await signedOut();
    expect(everywhere(trace)).toContain("SECRET");
    expect(await forget(trace)).toEqual({
      id: "anthropic",
      sentence: "Our safe copy of its tokens is erased. It can no longer be put back.",
    });
    expect(everywhere(trace)).not.toContain("SECRET");
    expect(await kept(trace)).toEqual([]);
    const live = trace.world.server.live("login") ?? "";
    expect(trace.note(live)).toMatchObject({ removedAt: expect.any(Number), forgottenAt: expect.any(Number) });
    const history = await trace.command((engine) => engine.history("anthropic"));
    expect(history.at(-1)).toMatchObject({ by: "the user", what: { kind: "copyErased", because: "asked" } });
    expect(await forget(trace)).toEqual({ id: "anthropic", sentence: "No safe copy of it is kept any more." });
    expect(trace.leaks()).toEqual([]);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("also erases what a process that died left half-written, and nothing of tokens that it does not know", async () => {
    const trace = await signedOut();
    const left = (token: string) => `${JOURNAL}/${simFingerprint.of(token)}.copy.abc.tmp`;
    const foreign = "SECRET-of-another-file";
    for (const token of [trace.first.refresh, foreign]) trace.world.disk.writeInPlace(left(token), token);
    await forget(trace);
    expect(trace.world.disk.readText(left(trace.first.refresh))).toBeNull();
    expect(trace.world.disk.readText(left(foreign))).toBe(foreign);
  });

  it("needs no keeper, and believes the sign-out only after a second look", async () => {
    const trace = startTrace();
    await trace.command((engine) => engine.runOnce({ onEvent: () => undefined }));
    trace.change("anthropic", null);
    expect((await kept(trace)).map(({ id }) => id)).toEqual(["anthropic"]);
    await forget(trace);
    expect(everywhere(trace)).not.toContain("SECRET");
    expect(trace.note(trace.first.refresh)).toHaveProperty("removedAt");
  });

  it("leaves an old copy that comes back later unused, as before", async () => {
    const trace = await signedOut();
    const live = trace.world.server.live("login") ?? "";
    await forget(trace);
    trace.write({ anthropic: oauth({ ...trace.first, refresh: live, expires: 0 }) });
    await trace.run(5 * MINUTE);
    expect((await trace.login()).state).toBe("oldCopy");
    expect(trace.sent()).toEqual([trace.first.refresh]);
    await trace.allow();
    await trace.run(MINUTE);
    expect(trace.sent()).toEqual([trace.first.refresh, live]);
    expect((await trace.login()).state).toBe("healthy");
    expect(trace.kept(trace.at()?.refresh ?? "")).toBe(true);
    expect(trace.note(live)).not.toHaveProperty("forgottenAt");
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("erases what was kept of an earlier sign-in, and nothing of the one in the file", async () => {
    const trace = await signedOut();
    const gone = trace.world.server.live("login") ?? "";
    const second = trace.world.server.signIn("again");
    trace.write({ anthropic: second });
    await trace.run(MINUTE);
    expect((await kept(trace)).map(({ id }) => id)).toEqual(["anthropic"]);
    await forget(trace);
    expect(trace.kept(gone)).toBe(false);
    expect(trace.kept(second.refresh)).toBe(true);
    expect((await refused(forget(trace))).exitCode).toBe(2);
  });

  it("goes the same way with an answer that comes only after it", async () => {
    const { trace, keeper } = await underWay();
    await trace.run(1_000);
    trace.change("anthropic", null);
    await trace.until("the removal is noted", () => trace.note(trace.first.refresh)["removedAt"] !== undefined);
    // The lock is lost, or the command would wait for the answer.
    keeper.stoppedUntil = trace.world.time.monotonic + 20_000;
    const lock = "/home/me/share/opencode/.auth.json.pilot-light.lock";
    for (const name of trace.world.disk.listNow(lock)) trace.world.disk.removeNow(`${lock}/${name}`);
    await forget(trace);
    expect(everywhere(trace)).not.toContain("SECRET");
    await trace.run(5 * MINUTE);
    expect(trace.world.server.sendings[0]?.told).toBe("success");
    expect(everywhere(trace)).not.toContain("SECRET");
    expect(trace.at()).toBeNull();
  });
});

describe("the safe copy of a login that was signed out while its answer was under way", () => {
  it("is erased on its date, too", async () => {
    const trace = startTrace();
    trace.world.server.mode = "late";
    trace.keeper();
    trace.expire();
    await trace.until("it is sent", () => trace.sent().length === 1);
    await trace.run(1_000);
    trace.change("anthropic", null);
    await trace.until("the removal is noted", () => trace.note(trace.first.refresh)["removedAt"] !== undefined);
    await trace.run(MINUTE);
    const live = trace.world.server.live("login") ?? "";
    expect(trace.kept(live)).toBe(true);
    expect((await kept(trace)).map(({ id }) => id)).toEqual(["anthropic"]);
    await sevenDaysLater(trace);
    expect(everywhere(trace)).not.toContain("SECRET");
    expect(await kept(trace)).toEqual([]);
    expect(trace.world.checks.failures).toEqual([]);
  });
});

describe("what must not be forgotten is refused, and stays", () => {
  it("a login that is still in the file", async () => {
    const trace = startTrace();
    trace.keeper();
    await trace.run(MINUTE);
    const { message, exitCode } = await refused(forget(trace));
    expect({ message, exitCode }).toEqual({
      message: "anthropic is still in the file, so its safe copy is needed. Sign out of it there first.",
      exitCode: 2,
    });
    expect(trace.kept(trace.first.refresh)).toBe(true);
  });

  it("an unknown id: it names those that can be forgotten", async () => {
    const trace = await signedOut();
    const { message, exitCode } = await refused(forget(trace, "nobody"));
    expect(message).toBe('There is no removed login "nobody". Safe copies are kept of: anthropic.');
    expect(exitCode).toBe(2);
    await forget(trace);
    expect((await refused(forget(trace, "nobody"))).message).toContain("No safe copy of a removed login is kept.");
  });

  it("the newest generation of an old copy that stands in the file again", async () => {
    const trace = await signedOut();
    const live = trace.world.server.live("login") ?? "";
    trace.write({ second: oauth({ ...trace.first, expires: 0 }) });
    await trace.run(MINUTE);
    expect((await refused(forget(trace))).message).toBe(
      "An older copy of it (second) is in the file and may need ours. Sign out of it there first.",
    );
    expect(trace.kept(live)).toBe(true);
  });

  it("a login whose file is missing: that is no sign-out", async () => {
    const trace = startTrace();
    trace.keeper();
    await trace.run(MINUTE);
    trace.world.disk.removeNow("/home/me/share/opencode/auth.json");
    expect((await refused(forget(trace))).message).toContain("a missing file is no sign-out");
    expect(trace.kept(trace.first.refresh)).toBe(true);
  });

  it("anything, while the file cannot be understood", async () => {
    const trace = await signedOut();
    trace.world.disk.writeInPlace("/home/me/share/opencode/auth.json", "{ not JSON");
    const { exitCode } = await refused(forget(trace));
    expect(exitCode).toBe(4);
    expect(everywhere(trace)).toContain("SECRET");
  });

  it("but a login that was removed before the file was deleted goes", async () => {
    const trace = await signedOut();
    trace.world.disk.removeNow("/home/me/share/opencode/auth.json");
    await trace.run(MINUTE);
    await forget(trace);
    expect(everywhere(trace)).not.toContain("SECRET");
  });
});

describe("a command killed before any single operation of forgetting", () => {
  it("leaves nothing that the next pass would not erase, and takes nothing that another login needs", async () => {
    const broken: string[] = [];
    for (let kill = 1; ; kill += 1) {
      const trace = startTrace();
      const second = trace.world.server.signIn("other");
      trace.write({ anthropic: trace.first, second });
      await trace.command((engine) => engine.runOnce({ onEvent: () => undefined }));
      trace.change("anthropic", null);
      await trace.command((engine) => engine.runOnce({ onEvent: () => undefined }));
      const process = trace.world.start("forget", true);
      let at = 0;
      let ended = false;
      const done = process.engine
        .then((engine) => engine.forget("anthropic"))
        .then(() => {
          ended = true;
        });
      done.catch((error: unknown) => broken.push(`operation ${kill}: ${String(error)}`));
      trace.world.disk.setGate(() => {
        at += 1;
        if (at !== kill) return undefined;
        trace.kill(process);
        return new Promise<never>(() => undefined);
      });
      await trace.until("it is over", () => ended || at >= kill);
      trace.world.disk.setGate(null);
      const marked = trace.note(trace.first.refresh)["forgottenAt"] !== undefined;
      trace.keeper();
      await trace.run(5 * MINUTE);
      const text = everywhere(trace);
      if (marked && text.includes(trace.first.refresh)) broken.push(`operation ${kill}: marked, but not erased`);
      if (!text.includes(second.refresh)) broken.push(`operation ${kill}: the other login's copy is gone`);
      if (tryParse(trace.text())?.["second"] === undefined) broken.push(`operation ${kill}: the file was changed`);
      if (!marked) await forget(trace);
      if (everywhere(trace).includes(trace.first.refresh)) broken.push(`operation ${kill}: it cannot be forgotten`);
      broken.push(...trace.world.checks.failures, ...trace.leaks());
      if (ended) break;
    }
    expect(broken).toEqual([]);
  }, 120_000);
});
