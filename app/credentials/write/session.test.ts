import { describe, expect, it } from "vitest";
import {
  bench,
  change,
  FOLDER,
  flat,
  generations,
  noneSpent,
  nothing,
  PATH,
  plan,
} from "../../../sim/benches/credential-bench.ts";
import { SimError, type SimOp } from "../../../sim/world/files.ts";
import type { WriteProblem } from "../../shared/login/file-problem.ts";

const GOOD = flat({ anthropic: "a1", openai: "o1" });

describe("a commit", () => {
  it("changes the three values, keeps every other byte, and leaves a durable 0600 file", async () => {
    const odd = GOOD.replace('"openai"', '"odd" : {"type":"passkey", "n":1e2},\n\n  "openai"');
    const { file, files, leftovers } = bench(odd);
    files.chmodNow(PATH, 0o644);
    const session = file.openSession();
    await session.prepare();
    const result = await session.commit(plan("anthropic", "a1", "a2"));
    const expected = odd.replaceAll("-a1", "-a2");
    expect(result).toMatchObject({ kind: "written", reading: { text: expected, format: "flat" } });
    expect(files.statNow(PATH)).toMatchObject({ mode: 0o600, nlink: 1 });
    files.powerLoss(() => 0);
    expect([files.readText(PATH), leftovers()]).toEqual([expected, []]);
  });

  it("works without a prepare, and several times in one session", async () => {
    const { file, files, leftovers } = bench(GOOD);
    const session = file.openSession();
    expect((await session.commit(plan("anthropic", "a1", "a2"))).kind).toBe("written");
    expect((await session.commit(plan("openai", "o1", "o2"))).kind).toBe("written");
    await session.close();
    expect(generations(files.readText(PATH))).toEqual({ anthropic: "a2", openai: "o2" });
    expect([leftovers(), files.openHandles()]).toEqual([[], 0]);
  });

  it("writes through a link and leaves the link", async () => {
    const { file, files } = bench(null);
    files.makeFolderNow("/home/me/safe");
    files.writeInPlace("/home/me/safe/logins.json", GOOD);
    files.symlinkNow(PATH, "../../../safe/logins.json");
    const session = file.openSession();
    await session.prepare();
    await session.commit(plan("anthropic", "a1", "a2"));
    await session.close();
    expect(await files.realPath(PATH)).toBe("/home/me/safe/logins.json");
    expect(generations(files.readText(PATH))).toEqual({ anthropic: "a2", openai: "o1" });
  });

  it("drops a change whose record holds another token by now, and then writes nothing", async () => {
    const { file, files } = bench(flat({ anthropic: "a7", openai: "o1" }));
    const ino = files.statNow(PATH).ino;
    const result = await file.openSession().commit(() => [change("anthropic", "a1", "a2"), change("gone", "g1", "g2")]);
    expect(result).toMatchObject({ kind: "nothing", reading: { kind: "good" } });
    expect(files.statNow(PATH).ino).toBe(ino);
  });

  it("writes all records of one grant at once", async () => {
    const { file, files } = bench(flat({ a: "x1", b: "x1", c: "c1" }));
    await file.openSession().commit(() => [change("a", "x1", "x2"), change("b", "x1", "x2")]);
    expect(generations(files.readText(PATH))).toEqual({ a: "x2", b: "x2", c: "c1" });
  });

  it.each<[string, (b: ReturnType<typeof bench>) => void, object]>([
    ["missing", ({ files }) => files.removeNow(PATH), { kind: "missing" }],
    ["broken", ({ files }) => files.writeInPlace(PATH, "{"), { kind: "problem" }],
  ])("does nothing when the file is %s by now", async (_, arrange, reading) => {
    const b = bench(GOOD);
    const session = b.file.openSession();
    await session.prepare();
    arrange(b);
    const before = b.files.readText(PATH);
    expect(await session.commit(plan("anthropic", "a1", "a2"))).toMatchObject({ kind: "nothing", reading });
    await session.close();
    expect([b.files.readText(PATH), b.leftovers(), b.files.openHandles()]).toEqual([before, [], 0]);
  });

  it("refuses to replace a file that got a second name meanwhile", async () => {
    const { file, files } = bench(GOOD);
    const session = file.openSession();
    await session.prepare();
    files.hardLinkNow(PATH, "/home/me/twin");
    expect(await session.commit(plan("anthropic", "a1", "a2"))).toMatchObject({ kind: "failed" });
    expect(files.readText(PATH)).toBe(GOOD);
  });

  it.each<[string, SimOp, number]>([
    ["while it was read", "read", 1],
    ["before the temp file was written", "write", 1],
    ["before the temp file was synced", "sync", 1],
    ["before the last look at the inode", "read", 2],
    ["right before the last look at the path", "stat", 1],
  ])("plans again when another program wrote %s", async (_, op, nth) => {
    const b = bench(GOOD);
    b.before(op, () => b.files.writeInPlace(PATH, flat({ anthropic: "a1", openai: "o7", more: "m1" })), { nth });
    const session = b.file.openSession();
    const result = await session.commit(plan("anthropic", "a1", "a2"));
    await session.close();
    expect(result.kind).toBe("written");
    expect(generations(b.files.readText(PATH))).toEqual({ anthropic: "a2", openai: "o7", more: "m1" });
    expect([b.leftovers(), b.files.openHandles()]).toEqual([[], 0]);
  });

  it("notices a write that left size and times as they were, by the clock of the file system", async () => {
    const b = bench(GOOD, { coarseTimes: true });
    const before = b.files.statNow(PATH);
    b.before("sync", () => b.files.writeInPlace(PATH, flat({ anthropic: "a1", openai: "o7" })));
    await b.file.openSession().commit(plan("anthropic", "a1", "a2"));
    expect(before.size).toBe(flat({ anthropic: "a1", openai: "o7" }).length);
    expect(generations(b.files.readText(PATH))).toEqual({ anthropic: "a2", openai: "o7" });
  });

  it("lets go of the old inode where the system replaces no file that is held open", async () => {
    const { file, files, clock, leftovers } = bench(GOOD);
    let tries = 0;
    let openAtRename = 0;
    files.setGate((op) => {
      if (op !== "rename") return;
      tries += 1;
      openAtRename = files.openHandles();
      if (tries === 1) throw new SimError("EPERM", op);
    });
    const session = file.openSession();
    expect((await session.commit(plan("anthropic", "a1", "a2"))).kind).toBe("written");
    // Only the temp file was still open then.
    expect([tries, openAtRename]).toEqual([2, 1]);
    await session.watch(100, nothing, noneSpent);
    await session.close();
    expect(clock.monotonic()).toBeLessThan(300);
    expect(generations(files.readText(PATH))).toEqual({ anthropic: "a2", openai: "o1" });
    expect([leftovers(), files.openHandles()]).toEqual([[], 0]);
  });

  it("looks again before it renames without the old inode", async () => {
    const b = bench(GOOD);
    b.before("close", () => b.files.writeInPlace(PATH, flat({ anthropic: "a1", openai: "o7" })));
    b.before("rename", () => {
      throw new SimError("EPERM", "rename");
    });
    await b.file.openSession().commit(plan("anthropic", "a1", "a2"));
    expect(generations(b.files.readText(PATH))).toEqual({ anthropic: "a2", openai: "o7" });
  });

  it("plans again when the plan itself took so long that the file changed", async () => {
    const { file, files } = bench(GOOD);
    let asked = 0;
    const result = await file.openSession().commit(async () => {
      asked += 1;
      if (asked === 1) files.replace(PATH, flat({ anthropic: "a1", openai: "o9" }));
      await Promise.resolve();
      return [change("anthropic", "a1", "a2")];
    });
    expect([result.kind, asked]).toEqual(["written", 2]);
    expect(generations(files.readText(PATH))).toEqual({ anthropic: "a2", openai: "o9" });
  });

  it("follows the link when it leads elsewhere by now", async () => {
    const { file, files, before } = bench(null);
    for (const name of ["one", "two"]) {
      files.makeFolderNow(`/home/me/${name}`);
      files.writeInPlace(`/home/me/${name}/auth.json`, GOOD);
    }
    files.symlinkNow(PATH, "/home/me/one/auth.json");
    before("sync", () => {
      files.removeNow(PATH);
      files.symlinkNow(PATH, "/home/me/two/auth.json");
    });
    const session = file.openSession();
    await session.commit(plan("anthropic", "a1", "a2"));
    await session.close();
    expect(files.readText("/home/me/one/auth.json")).toBe(GOOD);
    expect(generations(files.readText("/home/me/two/auth.json"))).toMatchObject({ anthropic: "a2" });
    expect([...files.listNow("/home/me/one"), ...files.listNow("/home/me/two")]).toEqual(["auth.json", "auth.json"]);
  });

  it("gives up when the file never stands still, and leaves the last word to the others", async () => {
    const { file, files, leftovers } = bench(GOOD);
    let count = 0;
    files.setGate((op) => {
      if (op !== "sync") return;
      count += 1;
      files.writeInPlace(PATH, flat({ anthropic: "a1", openai: `o${count}` }));
    });
    const session = file.openSession();
    expect(await session.commit(plan("anthropic", "a1", "a2"))).toEqual({
      kind: "failed",
      problem: { kind: "keepsChanging" },
    });
    await session.close();
    expect(generations(files.readText(PATH))).toEqual({ anthropic: "a1", openai: "o10" });
    expect([leftovers(), files.openHandles()]).toEqual([[], 0]);
  });

  it.each<[SimOp, string, WriteProblem["kind"]]>([
    ["write", "ENOSPC", "failed"],
    ["truncate", "EIO", "failed"],
    ["sync", "EIO", "failed"],
    ["setMode", "EPERM", "failed"],
    ["rename", "EBUSY", "failed"],
  ])("fails as a whole when %s fails, and succeeds when it is tried again", async (op, code, kind) => {
    const { file, files, leftovers } = bench(GOOD);
    const session = file.openSession();
    await session.prepare();
    files.setGate((next) => {
      if (next === op) throw new SimError(code, next);
    });
    expect(await session.commit(plan("anthropic", "a1", "a2"))).toEqual({ kind: "failed", problem: { kind, code } });
    // A file of which a sync failed once is not trusted again.
    expect([files.readText(PATH), leftovers()]).toEqual([GOOD, []]);
    files.setGate(null);
    expect((await session.commit(plan("anthropic", "a1", "a2"))).kind).toBe("written");
    await session.close();
    expect([leftovers(), files.openHandles()]).toEqual([[], 0]);
  });

  it("is not called written before the rename is durable, and says so once it is", async () => {
    const { file, files } = bench(GOOD);
    const session = file.openSession();
    files.setGate((op) => {
      if (op === "syncFolder") throw new SimError("EIO", op);
    });
    const failed = { kind: "failed", problem: { kind: "failed", code: "EIO" } };
    expect(await session.commit(plan("anthropic", "a1", "a2"))).toEqual(failed);
    expect(await session.commit(plan("anthropic", "a1", "a2"))).toEqual(failed);
    files.setGate(null);
    expect((await session.commit(plan("anthropic", "a1", "a2"))).kind).toBe("nothing");
    files.powerLoss(() => 0);
    expect(generations(files.readText(PATH))).toMatchObject({ anthropic: "a2" });
  });

  it("makes a new temp file when somebody removed its own, such as who stole the lock", async () => {
    const b = bench(GOOD);
    b.before("rename", () => b.files.removeNow(`${FOLDER}/.auth.json.pilot-light-id1.tmp`));
    const session = b.file.openSession();
    await session.prepare();
    expect((await session.commit(plan("anthropic", "a1", "a2"))).kind).toBe("written");
    expect(generations(b.files.readText(PATH))).toMatchObject({ anthropic: "a2" });
  });

  it("never renames a file that somebody put in place of its temp file", async () => {
    const { file, files } = bench(GOOD);
    const session = file.openSession();
    await session.prepare();
    files.replace(`${FOLDER}/.auth.json.pilot-light-id1.tmp`, "{}");
    expect((await session.commit(plan("anthropic", "a1", "a2"))).kind).toBe("written");
    expect(generations(files.readText(PATH))).toEqual({ anthropic: "a2", openai: "o1" });
  });

  it("gives the new file the owner that the old one has by then", async () => {
    const { file, files } = bench(GOOD, { uid: 0 });
    const session = file.openSession();
    await session.prepare();
    files.chownNow(PATH, 1234, 99);
    expect((await session.commit(plan("anthropic", "a1", "a2"))).kind).toBe("written");
    expect(files.statNow(PATH)).toMatchObject({ uid: 1234, gid: 99, mode: 0o600 });
  });

  it("passes on what the plan throws, and leaves nothing open", async () => {
    const { file, files, leftovers } = bench(GOOD);
    const session = file.openSession();
    const broken = session.commit(() => {
      throw new Error("the plan failed");
    });
    await expect(broken).rejects.toThrow("the plan failed");
    await session.close();
    expect([leftovers(), files.openHandles()]).toEqual([[], 0]);
  });

  it("does not write a change that would not be understood", async () => {
    const { file, files } = bench(GOOD);
    const bad = { id: "anthropic", from: "refresh-a1", pair: { access: "x", refresh: "y", expires: Number.NaN } };
    expect(await file.openSession().commit(() => [bad])).toMatchObject({ kind: "failed" });
    expect(files.readText(PATH)).toBe(GOOD);
  });

  it("leaves the original whole at every moment: a power loss at any step shows the old or the new text", async () => {
    for (let stop = 1; stop < 60; stop += 1) {
      for (const fraction of [0, 0.4, 0.9]) {
        const { file, files } = bench(GOOD);
        let steps = 0;
        files.setGate((op) => {
          steps += 1;
          if (steps >= stop) throw new SimError("EIO", op);
        });
        const session = file.openSession();
        await session.prepare();
        await session.commit(plan("anthropic", "a1", "a2"));
        files.powerLoss(() => fraction);
        files.setGate(null);
        expect([GOOD, GOOD.replaceAll("-a1", "-a2")]).toContain(files.readText(PATH));
      }
    }
  });
});
