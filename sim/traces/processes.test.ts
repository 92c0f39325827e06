import { describe, expect, it } from "vitest";
import {
  HOUR,
  isRefreshed,
  JOURNAL,
  LOCK,
  MINUTE,
  oauth,
  startTrace,
  type Trace,
  type TraceKeeper,
  underWay,
} from "../benches/trace-bench.ts";
import type { SimOp } from "../world/files.ts";
import { simFingerprint } from "../world/process.ts";

const FOLDER = "/home/me/share/opencode";
const SECOND = 1_000;

/** How long the stop takes, ms. */
async function stop(trace: Trace, keeper: TraceKeeper): Promise<number> {
  const before = trace.world.time.monotonic;
  const running = await trace.settled(keeper.running);
  await trace.settled(running.stop(), 2 * MINUTE);
  return trace.world.time.monotonic - before;
}

function fail(trace: Trace, ops: readonly SimOp[], code: string, where: string): void {
  trace.world.checks.diskFailed();
  trace.world.fault = { ops: new Set(ops), code, where };
}

describe("a lock that is stolen while we wait for the answer", () => {
  it("keeps no answer from being journaled and committed", async () => {
    const { trace } = await underWay();
    for (const name of trace.world.disk.listNow(LOCK)) trace.world.disk.removeNow(`${LOCK}/${name}`);
    await trace.run(MINUTE);
    expect(isRefreshed(trace)()).toBe(true);
    expect(trace.kept(trace.at()?.refresh ?? "")).toBe(true);
    expect(trace.sent()).toHaveLength(1);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("by a process that found us silent: it sends nothing, and our answer is committed when we wake up", async () => {
    const { trace, keeper } = await underWay("well");
    keeper.stoppedUntil = trace.world.time.monotonic + 100 * SECOND;
    const [said] = await trace.refresh();
    expect(said?.sentence).not.toBe("Refreshed.");
    expect(trace.sent()).toHaveLength(1);
    expect(trace.at()?.refresh).toBe(trace.first.refresh);
    await trace.run(2 * MINUTE);
    expect(trace.sent()).toHaveLength(1);
    expect(isRefreshed(trace)()).toBe(true);
    expect((await trace.login()).state).toBe("healthy");
    expect(trace.world.checks.failures).toEqual([]);
  });
});

describe("a holder that stalls between intent and request", () => {
  it.each([
    ["for 6 s", 6 * SECOND, 0],
    ["while the wall clock leaps", 0, 10 * SECOND],
  ])("%s sends nothing, and takes its intent back", async (_name, stallMs, leapMs) => {
    const trace = startTrace();
    const { disk, time } = trace.world;
    const name = `${simFingerprint.of(trace.first.refresh)}.1.intent`;
    let stalled = false;
    disk.setGate((op, path) => {
      if (stalled || op !== "syncFolder" || path !== JOURNAL || !trace.journal().includes(name)) return undefined;
      stalled = true;
      time.offset += leapMs;
      return new Promise((resolve) => {
        time.at(stallMs, { name: "stall", alive: true, stoppedUntil: 0 }, resolve);
      });
    });
    trace.world.checks.clockStepped();
    trace.expire();
    trace.keeper();
    await trace.until("it stalls", () => stalled);
    await trace.until("the intent is taken back", () => !trace.journal().includes(name));
    expect(trace.sent()).toEqual([]);
    await trace.run(2 * MINUTE);
    expect(trace.sent()).toEqual([trace.first.refresh]);
    expect(isRefreshed(trace)()).toBe(true);
    expect(trace.world.checks.failures).toEqual([]);
  });
});

describe("an intent with a torn header", () => {
  it.each(["", '{"version":1,"fp":"', " ".repeat(10_000)])(
    "(%#) was not sent under: it goes, and the login is refreshed",
    async (torn) => {
      const trace = startTrace();
      const first = trace.keeper();
      await trace.run(10 * SECOND);
      trace.kill(first);
      const name = `${simFingerprint.of(trace.first.refresh)}.1.intent`;
      trace.world.disk.writeInPlace(`${JOURNAL}/${name}`, torn);
      trace.expire();
      trace.keeper();
      await trace.until("it is refreshed", isRefreshed(trace));
      expect(trace.sent()).toEqual([trace.first.refresh]);
      expect(trace.world.checks.failures).toEqual([]);
    },
  );

  it("goes also when nothing is due", async () => {
    const trace = startTrace();
    const first = trace.keeper();
    await trace.run(10 * SECOND);
    trace.kill(first);
    trace.world.disk.writeInPlace(`${JOURNAL}/${simFingerprint.of(trace.first.refresh)}.1.intent`, "{");
    trace.keeper();
    await trace.until("it is gone", () => !trace.journal().some((name) => name.endsWith(".intent")));
    expect(trace.sent()).toEqual([]);
  });
});

describe("stopping", () => {
  it("at rest takes less than 5 s, and says so in the status", async () => {
    const trace = startTrace();
    const keeper = trace.keeper();
    await trace.run(20 * MINUTE);
    expect(await stop(trace, keeper)).toBeLessThan(5 * SECOND);
    expect((await trace.snapshot()).keeper.running).toBe(false);
    expect(trace.world.disk.listNow(FOLDER)).toEqual(["auth.json"]);
    trace.expire();
    await trace.run(HOUR);
    expect(trace.sent()).toEqual([]);
  });

  it("during a token request waits for the answer, journals and commits it", async () => {
    const { trace, keeper } = await underWay();
    expect(await stop(trace, keeper)).toBeLessThan(35 * SECOND);
    expect(isRefreshed(trace)()).toBe(true);
    expect(trace.kept(trace.at()?.refresh ?? "")).toBe(true);
    expect(trace.world.disk.listNow(FOLDER)).toEqual(["auth.json"]);
    expect(trace.world.disk.openHandles()).toBe(0);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("during a request whose answer never comes takes no more than its 30 s, and leaves the outcome unknown", async () => {
    const trace = startTrace();
    trace.world.server.mode = "tooLate";
    trace.expire();
    const keeper = trace.keeper();
    await trace.until("it sends", () => trace.sent().length === 1);
    expect(await stop(trace, keeper)).toBeLessThan(35 * SECOND);
    keeper.alive = false;
    expect((await trace.login()).state).toBe("outcomeUnknown");
    expect(trace.open(trace.first.refresh)).toBe(1);
  });

  it("in the watch over a commit takes less than 5 s", async () => {
    const { trace, keeper } = await underWay("well");
    await trace.until("it is committed", isRefreshed(trace));
    expect(await stop(trace, keeper)).toBeLessThan(5 * SECOND);
    expect(trace.world.disk.listNow(FOLDER)).toEqual(["auth.json"]);
  });

  it("between two logins starts no second request", async () => {
    const trace = startTrace();
    trace.write({
      anthropic: { ...oauth(trace.first), expires: 0 },
      second: { ...oauth(trace.world.server.signIn("two")), expires: 0 },
    });
    const keeper = trace.keeper();
    await trace.until("it is committed", isRefreshed(trace));
    expect(await stop(trace, keeper)).toBeLessThan(5 * SECOND);
    await trace.run(10 * MINUTE);
    expect(trace.sent()).toHaveLength(1);
  });

  it("while the file cannot be written takes less than 5 s: what came is in the journal, and committed later", async () => {
    const { trace, keeper } = await underWay();
    fail(trace, ["rename"], "EIO", FOLDER);
    await trace.until("it is journaled", () => trace.kept(trace.world.server.sendings[0]?.issued ?? "none"));
    await trace.until("it is told", () => trace.world.server.sendings[0]?.told === "success");
    await trace.run(2 * SECOND);
    expect(await stop(trace, keeper)).toBeLessThan(5 * SECOND);
    expect(trace.at()?.refresh).toBe(trace.first.refresh);
    trace.world.fault = null;
    keeper.alive = false;
    trace.keeper();
    await trace.until("it is committed", isRefreshed(trace));
    expect(trace.sent()).toHaveLength(1);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("while another process holds the lock takes less than 5 s", async () => {
    const trace = startTrace();
    trace.world.disk.makeFolderNow(LOCK);
    trace.expire();
    const keeper = trace.keeper();
    await trace.run(20 * SECOND);
    expect(trace.sent()).toEqual([]);
    expect(await stop(trace, keeper)).toBeLessThan(5 * SECOND);
  });
});

describe("several processes at once", () => {
  it("send one token once: a command that comes while the keeper refreshes is satisfied by that", async () => {
    const { trace } = await underWay();
    await trace.refresh();
    await trace.run(MINUTE);
    expect(trace.sent()).toEqual([trace.first.refresh]);
    expect(isRefreshed(trace)()).toBe(true);
    expect(trace.world.checks.failures).toEqual([]);
  });

  it("take over at once from one that was killed, and learn what it did from the disk", async () => {
    const { trace, keeper } = await underWay("well");
    await trace.until("it is committed", isRefreshed(trace));
    trace.kill(keeper);
    expect(trace.world.disk.listNow(FOLDER).length).toBeGreaterThan(1);
    trace.expire();
    const before = trace.world.time.monotonic;
    await trace.run(MINUTE);
    await trace.refresh();
    expect(trace.world.time.monotonic - before).toBeLessThan(2 * MINUTE);
    expect(trace.sent()).toHaveLength(2);
    expect(isRefreshed(trace)()).toBe(true);
    expect(trace.world.disk.listNow(FOLDER)).toEqual(["auth.json"]);
    expect(trace.world.checks.failures).toEqual([]);
  });
});
