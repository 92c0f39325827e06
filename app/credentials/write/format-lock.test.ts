import { describe, expect, it } from "vitest";
import { FakeClock } from "../../../sim/benches/credential-bench.ts";
import { createSimFiles, SimError } from "../../../sim/world/files.ts";
import { createFormatLock } from "./format-lock.ts";

const LOCK = "/auth.json.lock";

function setup() {
  const clock = new FakeClock();
  const files = createSimFiles({ now: () => clock.now() });
  return { clock, files, lock: createFormatLock(files, clock, { warn: () => undefined }) };
}

describe("the multi-account format's own lock", () => {
  it("is made when free, and removed at the release", async () => {
    const { files, lock } = setup();
    const held = await lock.acquire(LOCK, 0);
    expect(held.kind).toBe("held");
    expect(files.statNow(LOCK)).toMatchObject({ kind: "file", mode: 0o200 });
    if (held.kind === "held") await held.release();
    expect([files.listNow("/"), files.openHandles()]).toEqual([[], 0]);
  });

  it("is waited for, and taken as soon as it is free", async () => {
    const { clock, files, lock } = setup();
    files.writeInPlace(LOCK, "");
    clock.at(1_000, () => files.removeNow(LOCK));
    expect((await lock.acquire(LOCK, 5_000)).kind).toBe("held");
    expect(clock.monotonic()).toBeLessThan(1_100);
  });

  it("is not waited for longer than asked", async () => {
    const { clock, files, lock } = setup();
    files.writeInPlace(LOCK, "");
    expect(await lock.acquire(LOCK, 5_000)).toEqual({ kind: "cannot", problem: { kind: "formatLockBusy" } });
    expect(clock.monotonic()).toBe(5_000);
  });

  it("is stale after 30 s unchanged on our clock, over several tries", async () => {
    const { clock, files, lock } = setup();
    files.writeInPlace(LOCK, "");
    for (let turn = 0; turn < 6; turn += 1) {
      expect((await lock.acquire(LOCK, 0)).kind).toBe("cannot");
      await clock.sleep(5_000);
    }
    expect((await lock.acquire(LOCK, 0)).kind).toBe("held");
  });

  it("is stale at once, also to a command that waits a moment, where it is ten minutes old", async () => {
    const { clock, files, lock } = setup();
    files.writeInPlace(LOCK, "");
    await clock.sleep(9 * 60_000);
    expect((await lock.acquire(LOCK, 250)).kind).toBe("cannot");
    await clock.sleep(2 * 60_000);
    const later = createFormatLock(files, clock, { warn: () => undefined });
    expect((await later.acquire(LOCK, 100)).kind).toBe("cannot");
    expect((await createFormatLock(files, clock, { warn: () => undefined }).acquire(LOCK, 250)).kind).toBe("held");
  });

  it("is not stale while its owner touches it or another makes it anew", async () => {
    const { clock, files, lock } = setup();
    files.writeInPlace(LOCK, "");
    for (let turn = 0; turn < 20; turn += 1) {
      expect((await lock.acquire(LOCK, 0)).kind).toBe("cannot");
      await clock.sleep(5_000);
      if (turn % 2 === 0) files.writeInPlace(LOCK, "");
      else files.replace(LOCK, "");
    }
  });

  it("is not removed as stale when another program makes it anew in that moment", async () => {
    const { clock, files, lock } = setup();
    files.writeInPlace(LOCK, "old");
    await lock.acquire(LOCK, 0);
    await clock.sleep(31_000);
    let stats = 0;
    files.setGate((op) => {
      if (op !== "stat") return;
      stats += 1;
      if (stats === 2) files.replace(LOCK, "new");
    });
    expect((await lock.acquire(LOCK, 0)).kind).toBe("cannot");
    expect(files.readText(LOCK)).toBe("new");
  });

  it("is left alone at the release when another program took it over", async () => {
    const { files, lock } = setup();
    const held = await lock.acquire(LOCK, 0);
    files.replace(LOCK, "theirs");
    if (held.kind === "held") await held.release();
    expect([files.readText(LOCK), files.openHandles()]).toEqual(["theirs", 0]);
  });

  it("is removed where a dead process of ours left it, and only there", async () => {
    const { clock, files, lock } = setup();
    await lock.clearOwn(LOCK);
    await lock.acquire(LOCK, 0);
    const later = createFormatLock(files, clock, { warn: () => undefined });
    await later.clearOwn(LOCK);
    expect(files.listNow("/")).toEqual([]);
    files.writeInPlace(LOCK, "theirs");
    await later.clearOwn(LOCK);
    expect(files.readText(LOCK)).toBe("theirs");
  });

  it("is left to a process of ours that lost our own lock and still commits", async () => {
    const { clock, files, lock } = setup();
    const held = await lock.acquire(LOCK, 0);
    // Made anew for the next commit, in the same place and with the same mode.
    clock.at(clock.monotonic() + 400, () => files.writeInPlace(LOCK, "x"));
    await createFormatLock(files, clock, { warn: () => undefined }).clearOwn(LOCK);
    expect(files.statNow(LOCK)).toMatchObject({ mode: 0o200 });
    if (held.kind === "held") await held.release();
  });

  it("says why it cannot be made at all", async () => {
    const { files, lock } = setup();
    files.setGate((op) => {
      if (op === "createNew") throw new SimError("EROFS", op);
    });
    expect(await lock.acquire(LOCK, 5_000)).toEqual({ kind: "cannot", problem: { kind: "failed", code: "EROFS" } });
  });
});
