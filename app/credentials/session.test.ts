import { describe, expect, it } from "vitest";
import {
  accountGenerations,
  accounts,
  bench,
  change,
  FOLDER,
  flat,
  generations,
  nothing,
  PATH,
  plan,
} from "../keeper/testing/credential-bench.ts";
import { SimError, type SimOp } from "../keeper/testing/sim-files.ts";

const GOOD = flat({ anthropic: "a1", openai: "o1" });
const ROOM = 64 * 1024;

describe("preparing a commit", () => {
  it("puts a temp file with room, 0600, into the target's folder, and removes it at the close", async () => {
    const { file, files, leftovers } = bench(GOOD);
    const session = file.openSession();
    expect(await session.prepare()).toEqual({ kind: "ready" });
    const [name] = leftovers();
    expect(name).toBe(".auth.json.pilot-light-id1.tmp");
    expect(files.statNow(`${FOLDER}/${name}`)).toMatchObject({ mode: 0o600, size: GOOD.length + ROOM });
    await session.close();
    expect([leftovers(), files.openHandles(), files.readText(PATH)]).toEqual([[], 0, GOOD]);
  });

  it("puts it beside the real file when the path is a link", async () => {
    const { file, files, leftovers } = bench(null);
    files.makeFolderNow("/home/me/safe");
    files.writeInPlace("/home/me/safe/logins.json", GOOD);
    files.symlinkNow(PATH, "/home/me/safe/logins.json");
    const session = file.openSession();
    expect(await session.prepare()).toEqual({ kind: "ready" });
    expect([leftovers(), files.listNow("/home/me/safe")]).toEqual([
      [],
      ["logins.json", ".logins.json.pilot-light-id1.tmp"],
    ]);
  });

  it("uses the temp file of before when it is asked again", async () => {
    const { file, leftovers } = bench(GOOD);
    const session = file.openSession();
    await session.prepare();
    await session.prepare();
    expect(leftovers()).toEqual([".auth.json.pilot-light-id1.tmp"]);
  });

  it("makes a larger one when the file has grown, and a new one when it was taken away", async () => {
    const { file, files, leftovers } = bench(GOOD);
    const session = file.openSession();
    await session.prepare();
    files.writeInPlace(PATH, `${GOOD}${" ".repeat(10)}`);
    await session.prepare();
    expect(leftovers()).toEqual([".auth.json.pilot-light-id2.tmp"]);
    files.removeNow(`${FOLDER}/.auth.json.pilot-light-id2.tmp`);
    await session.prepare();
    expect(leftovers()).toEqual([".auth.json.pilot-light-id3.tmp"]);
    await session.close();
    expect(files.openHandles()).toBe(0);
  });

  it("removes what a crash left behind, and nothing else", async () => {
    const { file, files } = bench(GOOD);
    const others = ["auth.json.tmp", ".auth.json.pilot-light.lock", ".other.json.pilot-light-x.tmp", ".auth.json.swp"];
    for (const name of [...others, ".auth.json.pilot-light-old.tmp"]) files.writeInPlace(`${FOLDER}/${name}`, "x");
    const session = file.openSession();
    await session.prepare();
    await session.close();
    expect(files.listNow(FOLDER)).toEqual(["auth.json", ...others]);
  });

  it("gives the temp file the owner of the real one", async () => {
    const { file, files } = bench(GOOD, { uid: 0 });
    files.chownNow(PATH, 1234, 99);
    const session = file.openSession();
    await session.prepare();
    expect(files.statNow(`${FOLDER}/.auth.json.pilot-light-id1.tmp`)).toMatchObject({
      uid: 1234,
      gid: 99,
      mode: 0o600,
    });
  });

  it("does not mind a group that it may not give", async () => {
    const { file, files } = bench(GOOD);
    files.chownNow(PATH, 1000, 99);
    files.setGate((op) => {
      if (op === "setOwner") throw new SimError("EPERM", op);
    });
    expect(await file.openSession().prepare()).toEqual({ kind: "ready" });
  });

  const refuse = (op: SimOp, code: string) => (b: ReturnType<typeof bench>) =>
    b.files.setGate((next, path) => {
      if (next === op && (op !== "createNew" || path.includes("pilot-light"))) throw new SimError(code, next);
    });
  it.each<[string, (b: ReturnType<typeof bench>) => void, string]>([
    ["is missing", ({ files }) => files.removeNow(PATH), "it does not exist"],
    ["is not understood", ({ files }) => files.writeInPlace(PATH, "[]"), "it holds no JSON object"],
    [
      "has another hard link",
      ({ files }) => files.hardLinkNow(PATH, "/home/me/twin"),
      "it has more than one hard link, so it cannot be replaced safely",
    ],
    [
      "is a mount point",
      ({ files }) => files.setMountPoint(PATH, true),
      "something is mounted on it, so it cannot be replaced safely",
    ],
    [
      "may be a mount point",
      refuse("isMountPoint", "EIO"),
      "it cannot be told whether it can be replaced safely: the disk reported an error",
    ],
    ["belongs to another user", ({ files }) => files.chownNow(PATH, 0, 0), "it belongs to another user"],
    ["is immutable", refuse("update", "EPERM"), "it is protected against changes"],
    [
      "stands in a read-only folder",
      ({ files }) => files.chmodNow(FOLDER, 0o500),
      "no file can be written beside it: permission denied",
    ],
    ["is on a full disk", refuse("write", "ENOSPC"), "no file can be written beside it: the disk is full"],
    ["is on a failing disk", refuse("sync", "EIO"), "no file can be written beside it: the disk reported an error"],
  ])("says why not when the file %s, and leaves nothing behind", async (_, arrange, reason) => {
    const b = bench(GOOD);
    arrange(b);
    const session = b.file.openSession();
    expect(await session.prepare()).toEqual({ kind: "cannot", reason });
    expect([b.leftovers(), b.files.openHandles()]).toEqual([[], 0]);
  });

  it("tries the multi-account format's own lock and gives it back", async () => {
    const { file, files } = bench(accounts({ one: "x1" }));
    expect(await file.openSession().prepare()).toEqual({ kind: "ready" });
    expect(files.readText(`${PATH}.lock`)).toBeNull();
    files.writeInPlace(`${PATH}.lock`, "");
    expect(await file.openSession().prepare()).toEqual({
      kind: "cannot",
      reason: "another program is writing the file",
    });
    expect(files.readText(`${PATH}.lock`)).toBe("");
  });
});

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

  it("notices a write that left size and times as they were", async () => {
    const b = bench(GOOD);
    b.files.setGate((op) => {
      if (op !== "sync") return;
      b.files.setGate(null);
      b.files.writeInPlace(PATH, flat({ anthropic: "a1", openai: "o7" }));
      const stat = b.files.stat;
      const old = { ...b.files.statNow(PATH) };
      b.files.stat = async (path) => ({ ...(await stat(path)), mtimeNs: old.mtimeNs, ctimeNs: old.ctimeNs });
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
      reason: "other programs keep changing the file",
    });
    await session.close();
    expect(generations(files.readText(PATH))).toEqual({ anthropic: "a1", openai: "o10" });
    expect([leftovers(), files.openHandles()]).toEqual([[], 0]);
  });

  it.each<[SimOp, string, string]>([
    ["write", "ENOSPC", "the disk is full"],
    ["truncate", "EIO", "the disk reported an error"],
    ["sync", "EIO", "the disk reported an error"],
    ["setMode", "EPERM", "not permitted"],
    ["rename", "EBUSY", "it is in use"],
  ])("fails as a whole when %s fails, and succeeds when it is tried again", async (op, code, reason) => {
    const { file, files, leftovers } = bench(GOOD);
    const session = file.openSession();
    await session.prepare();
    files.setGate((next) => {
      if (next === op) throw new SimError(code, next);
    });
    expect(await session.commit(plan("anthropic", "a1", "a2"))).toEqual({ kind: "failed", reason });
    expect(files.readText(PATH)).toBe(GOOD);
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
    const failed = { kind: "failed", reason: "the disk reported an error" };
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

  it("in the multi-account format holds that format's lock, and writes updatedAt", async () => {
    const { file, files, clock, before } = bench(accounts({ one: "x1", two: "y1" }));
    const lockAtRename: unknown[] = [];
    before("rename", () => lockAtRename.push(files.readText(`${PATH}.lock`)));
    const session = file.openSession();
    await session.prepare();
    expect((await session.commit(plan("anthropic/one", "x1", "x2"))).kind).toBe("written");
    await session.close();
    expect([lockAtRename, files.listNow(FOLDER)]).toEqual([[""], ["auth.json"]]);
    expect(accountGenerations(files.readText(PATH))).toEqual({ one: "x2", two: "y1" });
    expect(files.readText(PATH)?.match(/"updatedAt": \d+/g)).toEqual([
      `"updatedAt": ${clock.now()}`,
      `"updatedAt": ${clock.now() - 1_000}`,
    ]);
  });

  it("in the multi-account format waits for that lock, and fails without it", async () => {
    const { file, files, clock } = bench(accounts({ one: "x1" }));
    files.writeInPlace(`${PATH}.lock`, "");
    clock.at(2_000, () => files.removeNow(`${PATH}.lock`));
    const session = file.openSession();
    expect((await session.commit(plan("anthropic/one", "x1", "x2"))).kind).toBe("written");
    files.writeInPlace(`${PATH}.lock`, "");
    const waited = clock.monotonic();
    expect(await session.commit(plan("anthropic/one", "x2", "x3"))).toEqual({
      kind: "failed",
      reason: "another program is writing the file",
    });
    expect(clock.monotonic() - waited).toBe(5_000);
    expect((await session.commit(nothing)).kind).toBe("nothing");
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
