import { describe, expect, it } from "vitest";
import { UserError } from "../../app/shared/data/errors.ts";
import { HOUR, isRefreshed, LOCK, MINUTE, NOTES, startTrace, type Trace, underWay } from "../benches/trace-bench.ts";
import { SimError, type SimOp } from "../world/files.ts";

const FOLDER = "/home/me/share/opencode";
const SECOND = 1_000;

function fail(trace: Trace, ops: readonly SimOp[], code: string, where: string): void {
  trace.world.checks.diskFailed();
  trace.world.fault = { ops: new Set(ops), code, where };
}

describe("the journal when the disk fails at the successor", () => {
  it.each([
    ["write", "ENOSPC"],
    ["write", "EIO"],
    ["sync", "EIO"],
  ] as const)("(%s, %s): the file is committed at once, and the pair is not lost", async (op, code) => {
    const { trace } = await underWay();
    fail(trace, [op], code, "/journal/");
    await trace.until("it is committed", isRefreshed(trace), 40 * SECOND);
    const second = trace.at()?.refresh ?? "";
    await trace.run(20 * SECOND);
    trace.world.fault = null;
    await trace.run(2 * MINUTE);
    expect(trace.at()?.refresh).toBe(second);
    expect((await trace.login()).state).toBe("healthy");
    expect(trace.kept(second)).toBe(true);
    trace.expire();
    await trace.run(3 * MINUTE);
    expect(trace.sent()).toEqual([trace.first.refresh, second]);
    expect(isRefreshed(trace)()).toBe(true);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it.each(["write", "sync", "rename"] as const)(
    "(%s, and the file too) for a while: the pair is held in memory until one of them takes it",
    async (op) => {
      const { trace } = await underWay();
      fail(trace, [op, "createNew"], "EIO", "/home");
      await trace.run(3 * MINUTE);
      trace.world.fault = null;
      await trace.until("one copy is durable", isRefreshed(trace), 30 * SECOND);
      const second = trace.at()?.refresh ?? "";
      await trace.run(2 * MINUTE);
      expect(trace.kept(second)).toBe(true);
      expect((await trace.login()).state).toBe("healthy");
      expect(trace.sent()).toEqual([trace.first.refresh]);
      expect(trace.world.checks.failures).toEqual([]);
    },
  );

  it.each(["/journal", FOLDER])(
    "(%s) before anything is sent: nothing is sent, and it is not tried all the time",
    async (where) => {
      const trace = startTrace();
      fail(trace, ["createNew", "write"], "ENOSPC", where);
      let tries = 0;
      trace.world.disk.setGate((op, path) => {
        if (op === "makeFolder" && path === LOCK) tries += 1;
      });
      trace.expire();
      trace.keeper();
      await trace.run(3 * MINUTE);
      expect(trace.sent()).toEqual([]);
      expect(tries).toBeLessThan(20);
      trace.world.fault = null;
      await trace.run(3 * MINUTE);
      expect(isRefreshed(trace)()).toBe(true);
      expect(trace.sent()).toEqual([trace.first.refresh]);
      expect(trace.world.checks.failures).toEqual([]);
    },
  );
});

describe("our notes when they are damaged", () => {
  it("are set aside, made anew from the journal, and refreshing goes on", async () => {
    const trace = startTrace();
    const keeper = trace.keeper();
    await trace.run(10 * SECOND);
    const path = `${NOTES}/lineage.json`;
    const damaged = (trace.world.disk.readText(path) ?? "").slice(0, -10);
    trace.world.disk.writeInPlace(path, damaged);
    trace.expire();
    await trace.run(HOUR);
    expect(trace.sent()).toEqual([trace.first.refresh]);
    expect(isRefreshed(trace)()).toBe(true);
    expect(trace.world.disk.readText(`${path}.damaged-1`)).toBe(damaged);
    expect(trace.world.checks.failures).toEqual([]);
    expect(keeper.alive).toBe(true);
  });

  it("are told to be set aside, once, also if writing new ones took two tries", async () => {
    const trace = startTrace();
    const { disk } = trace.world;
    trace.kill(trace.keeper());
    await trace.refresh();
    const path = `${NOTES}/lineage.json`;
    disk.writeInPlace(path, (disk.readText(path) ?? "").slice(0, -10));
    let failures = 0;
    disk.setGate((op, at) => {
      if (op !== "createNew" || !at.startsWith(`${path}.`) || failures > 0) return;
      failures += 1;
      throw new SimError("ENOENT", op);
    });
    trace.expire();
    await trace.command((engine) => engine.runOnce({ onEvent: () => undefined }));
    expect(failures).toBe(1);
    expect(isRefreshed(trace)()).toBe(true);
    const history = await trace.command((engine) => engine.history(null));
    expect(history.filter(({ what }) => what.kind === "setAside")).toHaveLength(1);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("of a newer version are left alone, and nothing is sent until they are gone", async () => {
    const trace = startTrace();
    trace.keeper();
    await trace.run(10 * SECOND);
    const path = `${NOTES}/lineage.json`;
    const newer = (trace.world.disk.readText(path) ?? "").replace('"version":1', '"version":2');
    trace.world.disk.writeInPlace(path, newer);
    trace.expire();
    await trace.run(HOUR);
    const error = await trace.refresh().then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ exitCode: 4, message: expect.stringContaining(path) });
    expect(trace.sent()).toEqual([]);
    expect(trace.world.disk.readText(path)).toBe(newer);
    trace.world.disk.removeNow(path);
    await trace.run(2 * MINUTE);
    expect(trace.sent()).toEqual([trace.first.refresh]);
    expect(isRefreshed(trace)()).toBe(true);
  });
});
