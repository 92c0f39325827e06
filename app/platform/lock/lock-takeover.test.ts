import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Files } from "../../ports/files.ts";
import { type HeldLock } from "../../ports/lock.ts";
import { type Processes } from "../../ports/processes.ts";
import { createFiles } from "../files/files.ts";
import { fakeProcesses, held, LONG, lockWith, OPTIONS, ownerFile, place, siblings } from "../testing/lock-parts.ts";
import { rushingClock, standingClock } from "../testing/support.ts";

describe("taking over", () => {
  it("happens at once when the owner is proven dead, but only if the process may be judged", async () => {
    const path = place();
    const lost = await held(lockWith(), path);
    const heir = lockWith({ processes: fakeProcesses(2, "dead") });
    expect((await heir.acquire(path, { ...OPTIONS, judgeProcess: false })).kind).toBe("busy");
    const mine = await held(heir, path);
    expect([await lost.stillOurs(), await mine.stillOurs()]).toEqual([false, true]);
    await lost.release();
    expect(await mine.stillOurs()).toBe(true);
    expect(siblings(path)).toEqual([".auth.json.lock-of-ours"]);
  });

  it("happens after 45 s of silence of any other, and not a moment earlier", async () => {
    const path = place();
    await held(lockWith(), path);
    const clock = rushingClock();
    const heir = lockWith({ clock, processes: fakeProcesses(2, "alive") });
    expect((await heir.acquire(path, { ...OPTIONS, waitMs: 44_000 })).kind).toBe("busy");
    await held(lockWith({ clock, processes: fakeProcesses(3, "unknown") }), path, LONG);
    expect(clock.monotonic()).toBeGreaterThanOrEqual(44_000 + 45_000);
    expect(clock.monotonic()).toBeLessThan(44_000 + 45_300);
  });

  it("never happens while the owner shows life", async () => {
    const path = place();
    const owner = standingClock();
    const first = await held(lockWith({ clock: owner }), path);
    let beats = 0;
    const clock = rushingClock(async (monotonic) => {
      if (monotonic < (beats + 1) * 40_000) return;
      beats += 1;
      const before = readFileSync(ownerFile(path), "utf8");
      owner.advance(10_000);
      await expect.poll(() => readFileSync(ownerFile(path), "utf8")).not.toBe(before);
    });
    expect((await lockWith({ clock }).acquire(path, LONG)).kind).toBe("busy");
    expect(beats).toBeGreaterThan(6);
    expect(await first.stillOurs()).toBe(true);
  });

  it("counts silence over several short waits", async () => {
    const path = place();
    await held(lockWith(), path);
    const clock = standingClock();
    const heir = lockWith({ clock });
    const tries: string[] = [];
    for (let n = 0; n < 7; n += 1) {
      const result = await heir.acquire(path, OPTIONS);
      tries.push(result.kind);
      if (result.kind === "held") await result.release();
      clock.advance(9_000);
    }
    expect(tries).toEqual(["busy", "busy", "busy", "busy", "busy", "held", "held"]);
  });

  it("does not take hours of sleep for silence", async () => {
    const path = place();
    await held(lockWith(), path);
    const clock = standingClock();
    const heir = lockWith({ clock });
    await heir.acquire(path, OPTIONS);
    clock.advance(9 * 3_600_000);
    expect((await heir.acquire(path, OPTIONS)).kind).toBe("busy");
  });

  it.each([-86_400_000, 86_400_000])("does not care for a wall clock that is %i ms off", async (off) => {
    const path = place();
    const owner = standingClock();
    owner.setWall(owner.now() + off);
    const first = await held(lockWith({ clock: owner }), path);
    expect((await lockWith().acquire(path, OPTIONS)).kind).toBe("busy");
    expect(await first.stillOurs()).toBe(true);
  });

  it.each([
    ["no owner file", (path: string) => mkdirSync(path)],
    ["an empty owner file", (path: string) => (mkdirSync(path), writeFileSync(ownerFile(path), ""))],
    ["half an owner file", (path: string) => (mkdirSync(path), writeFileSync(ownerFile(path), '{"nonce":"a'))],
  ])("of a lock with %s waits for the silence", async (_, make) => {
    const path = place();
    make(path);
    const clock = rushingClock();
    await held(lockWith({ clock, processes: fakeProcesses(2, "dead") }), path, LONG);
    expect(clock.monotonic()).toBeGreaterThanOrEqual(45_000);
  });

  it("puts a lock back that is not the one that was judged", async () => {
    const path = place();
    const dead = await held(lockWith(), path);
    const files = createFiles();
    const winners: HeldLock[] = [];
    // Between the last look and the rename, another process takes the dead one's place.
    const racing: Files = {
      ...files,
      rename: async (from, to) => {
        if (winners.length === 0 && from === path)
          winners.push(await held(lockWith({ processes: fakeProcesses(3, "dead") }), path));
        await files.rename(from, to);
      },
    };
    let looks = 0;
    const processes: Processes = { ...fakeProcesses(2), judge: async () => (looks++ === 0 ? "dead" : "alive") };
    const result = await lockWith({ files: racing, processes }).acquire(path, OPTIONS);
    expect(result).toEqual({ kind: "busy", owner: "process 1" });
    expect(await dead.stillOurs()).toBe(false);
    expect(await Promise.all(winners.map((winner) => winner.stillOurs()))).toEqual([true]);
    expect(siblings(path)).toHaveLength(1);
  });

  it("finds its lock again in the hands of a taker that erred, and gives it back even there", async () => {
    const path = place();
    const first = await held(lockWith(), path);
    renameSync(path, `${path}.old-abc`);
    expect(await first.stillOurs()).toBe(false);
    await first.release();
    expect(siblings(path)).toEqual([]);
  });

  it("clears away what crashed takers left, but nothing that may be alive", async () => {
    const path = place();
    await held(lockWith({ processes: fakeProcesses(8) }), path);
    renameSync(path, `${path}.old-dead`);
    await held(lockWith({ processes: fakeProcesses(9) }), path);
    renameSync(path, `${path}.old-alive`);
    const processes: Processes = { ...fakeProcesses(2), judge: async ({ pid }) => (pid === 8 ? "dead" : "alive") };
    const clock = standingClock();
    const lock = lockWith({ processes, clock });
    for (let n = 0; n < 5; n += 1) {
      await (await held(lock, path)).release();
      expect(siblings(path)).toEqual([".auth.json.lock-of-ours.old-alive"]);
      clock.advance(10_000);
    }
    clock.advance(10_000);
    await (await held(lock, path)).release();
    expect(siblings(path)).toEqual([]);
  });

  it("clears away at once what has no owner file, but nothing that is in it", async () => {
    const path = place();
    mkdirSync(`${path}.old-empty`);
    mkdirSync(`${path}.old-foreign`);
    writeFileSync(join(`${path}.old-foreign`, "theirs"), "");
    const warned: string[] = [];
    await (await held(lockWith({ warned }), path)).release();
    expect(siblings(path)).toEqual([".auth.json.lock-of-ours.old-foreign"]);
    expect(warned).toEqual([]);
  });

  it("clears a lock away that is being made and was moved by mistake; its maker waits and gets it", async () => {
    const path = place();
    const files = createFiles();
    const inBetween: HeldLock[] = [];
    let opened = 0;
    const slow: Files = {
      ...files,
      open: async (file, how, mode) => {
        opened += how === "createNew" ? 1 : 0;
        if (how === "createNew" && opened === 1) {
          // Between the folder and the owner file: a taker that erred moves it, and another process takes the lock and sweeps.
          renameSync(path, `${path}.old-erred`);
          inBetween.push(await held(lockWith({ processes: fakeProcesses(3) }), path));
          expect(siblings(path)).toEqual([".auth.json.lock-of-ours"]);
        }
        return files.open(file, how, mode);
      },
    };
    const clock = rushingClock(async () => {
      expect(await inBetween[0]?.stillOurs()).toBe(true);
      await inBetween[0]?.release();
    });
    const maker = await held(lockWith({ files: slow, clock }), path, LONG);
    expect(await maker.stillOurs()).toBe(true);
    expect(opened).toBe(2);
  });

  it("says when a lock could not be removed", async () => {
    const path = place();
    const files = createFiles();
    const refuse = async () => {
      throw Object.assign(new Error("planted"), { code: "EIO" });
    };
    const warned: string[] = [];
    const first = await held(lockWith({ warned, files: { ...files, removeFolder: refuse } }), path);
    await first.release();
    expect(warned).toEqual(["a lock that was put aside could not be removed"]);
    const next = await held(lockWith({ warned, files: { ...files, list: refuse } }), path).catch(() => null);
    expect(next).not.toBeNull();
    expect(warned.slice(1)).toEqual(["a lock could not be removed"]);
  });

  it("leaves a robbed owner without power over its successor's lock", async () => {
    const path = place();
    const clock = standingClock();
    const robbed = await held(lockWith({ clock }), path);
    const heir = await held(lockWith({ processes: fakeProcesses(2, "dead") }), path);
    const text = readFileSync(ownerFile(path), "utf8");
    for (let n = 0; n < 5; n += 1) clock.advance(10_000);
    await robbed.release();
    expect(readFileSync(ownerFile(path), "utf8")).toBe(text);
    expect(await heir.stillOurs()).toBe(true);
  });

  it("goes on beating after an erring taker held the lock aside for one beat", async () => {
    const path = place();
    const clock = standingClock();
    const asked: string[] = [];
    const files = createFiles();
    const listening: Files = {
      ...files,
      open: (file, how, mode) => {
        if (how === "updateOwn") asked.push(file);
        return files.open(file, how, mode);
      },
    };
    await held(lockWith({ clock, files: listening }), path);
    renameSync(path, `${path}.away`);
    clock.advance(10_000);
    await expect.poll(() => asked.length).toBe(1);
    renameSync(`${path}.away`, path);
    const before = readFileSync(ownerFile(path), "utf8");
    await expect
      .poll(() => {
        clock.advance(10_000);
        return readFileSync(ownerFile(path), "utf8");
      })
      .not.toBe(before);
  });
});
