import { describe, expect, it } from "vitest";
import { accounts, bench, FOLDER, flat, generations, PATH } from "../../../sim/benches/credential-bench.ts";
import { SimError } from "../../../sim/world/files.ts";
import type { FileProblem } from "../../shared/login/file-problem.ts";

const GOOD = flat({ anthropic: "a1", openai: "o1" });

describe("reading a credential file", () => {
  it("gives its logins and leaves no handle open", async () => {
    const { file, files, clock } = bench(GOOD);
    const reading = await file.read();
    expect(reading).toMatchObject({ kind: "good", format: "flat", text: GOOD, cannotReplace: null });
    expect(reading.kind === "good" && reading.entries.map(({ id }) => id)).toEqual(["anthropic", "openai"]);
    expect([files.openHandles(), clock.monotonic()]).toEqual([0, 0]);
  });

  it("knows the multi-account format", async () => {
    const { file } = bench(accounts({ one: "x1" }));
    expect(await file.read()).toMatchObject({ kind: "good", format: "accounts" });
  });

  it.each([
    ["no file", () => {}],
    ["a link to nothing", (b: ReturnType<typeof bench>) => b.files.symlinkNow(PATH, "/home/me/nowhere.json")],
  ])("says that %s is missing", async (_, arrange) => {
    const b = bench(null);
    arrange(b);
    expect(await b.file.read()).toEqual({ kind: "missing" });
  });

  it.each<[string, (b: ReturnType<typeof bench>) => void, FileProblem]>([
    ["a folder", ({ files }) => files.makeFolderNow(PATH), { kind: "isFolder" }],
    ["a FIFO", ({ files }) => files.makeFifoNow(PATH), { kind: "noOrdinaryFile" }],
    ["a huge file", ({ files }) => files.writeInPlace(PATH, new Uint8Array(4 * 1024 * 1024 + 1)), { kind: "tooLarge" }],
    [
      "a file that may not be read",
      ({ files }) => {
        files.writeInPlace(PATH, GOOD);
        files.chmodNow(PATH, 0o200);
      },
      { kind: "noPermission", code: "EACCES" },
    ],
    ["a link to itself", ({ files }) => files.symlinkNow(PATH, PATH), { kind: "linkLoop" }],
    [
      "a disk that fails",
      ({ files }) => {
        files.writeInPlace(PATH, GOOD);
        files.setGate((op) => {
          if (op === "read") throw new SimError("EIO", op);
        });
      },
      { kind: "notReadable", code: "EIO" },
    ],
  ])("says of %s what is wrong with it", async (_, arrange, problem) => {
    const b = bench(null);
    arrange(b);
    expect(await b.file.read()).toEqual({ kind: "problem", problem });
    expect(b.files.openHandles()).toBe(0);
  });

  it.each([
    [
      "more than one hard link",
      (b: ReturnType<typeof bench>) => b.files.hardLinkNow(PATH, `${FOLDER}/other.json`),
      "hardLinks",
    ],
    ["a mount on it", (b: ReturnType<typeof bench>) => b.files.setMountPoint(PATH, true), "mounted"],
  ])("says of a file with %s that it cannot be replaced", async (_, arrange, kind) => {
    const b = bench(GOOD);
    arrange(b);
    expect(await b.file.read()).toMatchObject({ kind: "good", cannotReplace: { kind } });
  });

  it("reads a file again that is being written over, and does not judge the half of it", async () => {
    const { file, files, clock } = bench(GOOD);
    const writer = files.openInode(PATH);
    const next = flat({ anthropic: "a2" });
    writer.overwrite(next);
    clock.at(120, () => writer.truncate(new TextEncoder().encode(next).length));
    const reading = await file.read();
    expect(generations(reading.kind === "good" ? reading.text : null)).toEqual({ anthropic: "a2" });
    expect(clock.monotonic()).toBeLessThan(200);
  });

  it.each([
    ["empty", "", "empty"],
    ["cut off", GOOD.slice(0, 40), "notJson"],
  ])("judges a file that stays %s after 400 ms", async (_, text, kind) => {
    const { file, files, clock } = bench(text);
    expect(await file.read()).toMatchObject({ kind: "problem", problem: { kind } });
    expect(clock.monotonic()).toBeGreaterThanOrEqual(400);
    expect(clock.monotonic()).toBeLessThan(500);
    expect(files.openHandles()).toBe(0);
  });

  it("starts to wait anew each time that broken content changes, and gives up in the end", async () => {
    const { file, files, clock } = bench("{");
    for (let at = 0; at < 10_000; at += 90) clock.at(at, () => files.writeInPlace(PATH, `{${" ".repeat(at)}`));
    expect(await file.read()).toMatchObject({ kind: "problem" });
    expect(clock.monotonic()).toBeGreaterThanOrEqual(5_000);
    expect(clock.monotonic()).toBeLessThan(5_200);
  });

  it("reads again when the file changed while it was read", async () => {
    const b = bench(GOOD);
    b.before("read", () => b.files.writeInPlace(PATH, flat({ anthropic: "a2" })));
    const reading = await b.file.read();
    expect(generations(reading.kind === "good" ? reading.text : null)).toEqual({ anthropic: "a2" });
  });

  it("says of a file that changes all the time that it does", async () => {
    const b = bench(GOOD);
    let count = 0;
    b.files.setGate((op) => {
      count += 1;
      if (op === "read") b.files.writeInPlace(PATH, flat({ anthropic: `a${count}` }));
    });
    expect(await b.file.read()).toEqual({ kind: "problem", problem: { kind: "beingWritten" } });
    expect(b.files.openHandles()).toBe(0);
  });
});
