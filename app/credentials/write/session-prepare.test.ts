import { describe, expect, it } from "vitest";
import { accounts, bench, FOLDER, flat, PATH } from "../../../sim/benches/credential-bench.ts";
import { SimError, type SimOp } from "../../../sim/world/files.ts";
import type { WriteProblem } from "../../shared/login/file-problem.ts";

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
    await session.tidy();
    await session.close();
    expect(files.listNow(FOLDER)).toEqual(["auth.json", ...others]);
  });

  it("spares its own temp file when it removes what a crash left behind", async () => {
    const { file, leftovers } = bench(GOOD);
    const session = file.openSession();
    await session.prepare();
    await session.tidy();
    expect(leftovers()).toEqual([".auth.json.pilot-light-id1.tmp"]);
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
  it.each<[string, (b: ReturnType<typeof bench>) => void, WriteProblem]>([
    ["is missing", ({ files }) => files.removeNow(PATH), { kind: "missing" }],
    [
      "is not understood",
      ({ files }) => files.writeInPlace(PATH, "[]"),
      { kind: "unusable", problem: { kind: "noObject" } },
    ],
    ["has another hard link", ({ files }) => files.hardLinkNow(PATH, "/home/me/twin"), { kind: "hardLinks" }],
    ["is a mount point", ({ files }) => files.setMountPoint(PATH, true), { kind: "mounted" }],
    ["may be a mount point", refuse("isMountPoint", "EIO"), { kind: "notTold", code: "EIO" }],
    ["belongs to another user", ({ files }) => files.chownNow(PATH, 0, 0), { kind: "foreignOwner" }],
    ["is immutable", refuse("update", "EPERM"), { kind: "protected" }],
    [
      "stands in a read-only folder",
      ({ files }) => files.chmodNow(FOLDER, 0o500),
      { kind: "noTempFile", code: "EACCES" },
    ],
    ["is on a full disk", refuse("write", "ENOSPC"), { kind: "noTempFile", code: "ENOSPC" }],
    ["is on a disk without modes", refuse("setMode", "EPERM"), { kind: "noTempFile", code: "EPERM" }],
    ["is on a failing disk", refuse("sync", "EIO"), { kind: "noTempFile", code: "EIO" }],
  ])("says why not when the file %s, and leaves nothing behind", async (_, arrange, problem) => {
    const b = bench(GOOD);
    arrange(b);
    const session = b.file.openSession();
    expect(await session.prepare()).toEqual({ kind: "cannot", problem });
    expect([b.leftovers(), b.files.openHandles()]).toEqual([[], 0]);
  });

  it("tries the multi-account format's own lock and gives it back", async () => {
    const { file, files } = bench(accounts({ one: "x1" }));
    expect(await file.openSession().prepare()).toEqual({ kind: "ready" });
    expect(files.readText(`${PATH}.lock`)).toBeNull();
    files.writeInPlace(`${PATH}.lock`, "");
    expect(await file.openSession().prepare()).toEqual({
      kind: "cannot",
      problem: { kind: "formatLockBusy" },
    });
    expect(files.readText(`${PATH}.lock`)).toBe("");
  });
});
