import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Files } from "../../ports/files.ts";
import { createFiles } from "../files/files.ts";
import { fakeProcesses, held, LONG, lockWith, OPTIONS, ownerFile, place, siblings } from "../testing/lock-parts.ts";
import { rushingClock, standingClock, temporaryFolder } from "../testing/support.ts";

describe("the lock", () => {
  it("is had by one at a time and names who has it", async () => {
    const path = place();
    const first = await held(lockWith({ processes: fakeProcesses(4711) }), path);
    const second = lockWith({ processes: fakeProcesses(2) });
    expect(await second.acquire(path, OPTIONS)).toEqual({ kind: "busy", owner: "process 4711" });
    expect(await first.stillOurs()).toBe(true);
    await first.release();
    expect(siblings(path)).toEqual([]);
    await held(second, path);
  });

  it("keeps two takers of one process apart as well", async () => {
    const path = place();
    const lock = lockWith();
    const results = await Promise.all([1, 2, 3, 4].map(() => lock.acquire(path, OPTIONS)));
    expect(results.filter((result) => result.kind === "held")).toHaveLength(1);
    for (const result of results) if (result.kind === "held") await result.release();
  });

  it("writes its owner file for the owner alone and never a name that could be guessed", async () => {
    const path = place();
    await held(lockWith(), path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(ownerFile(path)).mode & 0o777).toBe(0o600);
    expect(readFileSync(ownerFile(path), "utf8")).toMatch(/"nonce":"[a-z0-9]{16}"/);
  });

  it("waits until it is given back", async () => {
    const path = place();
    const first = await held(lockWith(), path);
    const clock = rushingClock(async (monotonic) => {
      if (monotonic > 1_000) await first.release();
    });
    await held(lockWith({ clock }), path, LONG);
    expect(clock.monotonic()).toBeLessThan(2_000);
  });

  it("gives up at the end of its wait, and at once when it is stopped", async () => {
    const path = place();
    await held(lockWith(), path);
    const clock = rushingClock();
    expect((await lockWith({ clock }).acquire(path, { ...OPTIONS, waitMs: 5_000 })).kind).toBe("busy");
    expect(clock.monotonic()).toBeGreaterThanOrEqual(5_000);
    expect(clock.monotonic()).toBeLessThan(5_200);
    const stop = new AbortController();
    const stopped = rushingClock(() => stop.abort());
    expect((await lockWith({ clock: stopped }).acquire(path, { ...LONG, signal: stop.signal })).kind).toBe("busy");
    expect(stopped.monotonic()).toBeLessThan(200);
  });

  it("shows life by a beat that keeps the file's inode and length", async () => {
    const path = place();
    const clock = standingClock();
    await held(lockWith({ clock }), path);
    const before = { text: readFileSync(ownerFile(path), "utf8"), stat: statSync(ownerFile(path)) };
    for (let beat = 0; beat < 12; beat += 1) {
      const text = readFileSync(ownerFile(path), "utf8");
      clock.advance(10_000);
      await expect.poll(() => readFileSync(ownerFile(path), "utf8"), { timeout: 20_000 }).not.toBe(text);
    }
    expect(statSync(ownerFile(path)).ino).toBe(before.stat.ino);
    expect(readFileSync(ownerFile(path), "utf8")).toHaveLength(before.text.length);
  });
});

describe("a place that is no lock", () => {
  it.each([
    ["a file", (path: string) => writeFileSync(path, "mine"), "ENOTDIR"],
    ["a link to a folder", (path: string) => (mkdirSync(`${path}-x`), symlinkSync(`${path}-x`, path)), "ENOTDIR"],
    ["a link to nothing", (path: string) => symlinkSync(`${path}-x`, path), "ENOTDIR"],
    [
      "a folder with other things",
      (path: string) => (mkdirSync(path), writeFileSync(join(path, "a.txt"), "x")),
      "ENOTEMPTY",
    ],
  ])("with %s is refused in one sentence, and left alone", async (_, make, code) => {
    const path = place();
    make(path);
    const before = siblings(path);
    const attempt = lockWith({ clock: rushingClock(), processes: fakeProcesses(1, "dead") }).acquire(path, LONG);
    await expect(attempt).rejects.toThrow(/is in the place of the lock, but it .*; move it away\.$/);
    await expect(attempt).rejects.toMatchObject({ code });
    expect(siblings(path)).toEqual(before);
  });

  it("in a missing folder is an error with its code", async () => {
    await expect(lockWith().acquire(join(temporaryFolder(), "no", "lock"), OPTIONS)).rejects.toMatchObject({
      code: "ENOENT",
    });
  });

  it.each(["write", "open", "read"])("with a disk that fails at %s leaves no lock behind", async (step) => {
    const path = place();
    const files = createFiles();
    const fail = (code: string) => Promise.reject(Object.assign(new Error("planted"), { code }));
    let failing = true;
    const full: Files = {
      ...files,
      open: async (file, how, mode) => {
        if (failing && ((step === "open" && how === "createNew") || (step === "read" && how === "readOwn"))) {
          failing = false;
          return fail("ENOSPC");
        }
        const opened = await files.open(file, how, mode);
        return step === "write" && how === "createNew" ? { ...opened, write: () => fail("ENOSPC") } : opened;
      },
    };
    await expect(lockWith({ files: full }).acquire(path, OPTIONS)).rejects.toMatchObject({ code: "ENOSPC" });
    expect(siblings(path)).toEqual([]);
  });

  it("never lets release throw, whatever became of the folder", async () => {
    const path = place();
    const lock = await held(lockWith(), path);
    renameSync(path, `${path}-stolen`);
    appendFileSync(path, "a file now");
    await lock.release();
    await lock.release();
    expect(await lock.stillOurs()).toBe(false);
    expect(existsSync(path)).toBe(true);
  });
});

describe("peek", () => {
  it("shows who holds it and since when, until the last sign of life is too old", async () => {
    const path = place();
    const clock = standingClock();
    const lock = lockWith({ processes: fakeProcesses(5), clock });
    expect(await lock.peek(path, 4_000)).toBeNull();
    const since = clock.now();
    await held(lock, path, { ...OPTIONS, beatMs: 60_000 });
    expect(await lock.peek(path, 4_000)).toEqual({ pid: 5, since, at: expect.any(Number), lives: true });
    clock.advance(4_001);
    expect(await lock.peek(path, 4_000)).toEqual({ pid: 5, since, at: expect.any(Number), lives: false });
  });

  it("says of an owner that is proven dead that it does not live, whatever its last sign of life", async () => {
    const path = place();
    const processes = fakeProcesses(5, "dead");
    const lock = lockWith({ processes });
    await held(lock, path, { ...OPTIONS, beatMs: 60_000 });
    expect(await lock.peek(path, 4_000)).toMatchObject({ pid: 5, lives: false });
  });
});
