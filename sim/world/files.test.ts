import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFiles } from "../../app/platform/files/files.ts";
import { type Files, type OpenFile } from "../../app/ports/files.ts";
import { errorCode } from "../../app/shared/data/errors.ts";
import { bytesOf, textOf } from "./disk.ts";
import { createSimFiles, SimError, type SimFiles } from "./files.ts";

const PLACES = ["/a", "/b", "/d", "/d/a", "/d/b", "/d/e", "/d/e/a"];
const place = fc.constantFrom(...PLACES);
const handle = fc.nat({ max: 5 });

type Op =
  | { readonly op: "createNew" | "open" | "update" | "stat" | "realPath" | "list"; readonly path: string }
  | { readonly op: "makeFolder" | "makeFolders" | "remove" | "removeFolder"; readonly path: string }
  | { readonly op: "rename" | "symlink" | "hardLink"; readonly path: string; readonly to: string }
  | { readonly op: "write"; readonly handle: number; readonly text: string; readonly at: number }
  | { readonly op: "truncate"; readonly handle: number; readonly size: number }
  | { readonly op: "read" | "fstat" | "close"; readonly handle: number };

const ops: fc.Arbitrary<Op> = fc.oneof(
  fc.record({
    op: fc.constantFrom("createNew", "createNew", "open", "update", "stat", "realPath", "list"),
    path: place,
  }),
  fc.record({ op: fc.constantFrom("makeFolder", "makeFolder", "makeFolders", "remove", "removeFolder"), path: place }),
  fc.record({ op: fc.constantFrom("rename", "rename", "symlink", "hardLink"), path: place, to: place }),
  fc.record({ op: fc.constant("write"), handle, text: fc.stringMatching(/^[a-z]{0,6}$/), at: fc.nat({ max: 5 }) }),
  fc.record({ op: fc.constant("truncate"), handle, size: fc.nat({ max: 5 }) }),
  fc.record({ op: fc.constantFrom("read", "read", "fstat", "close"), handle }),
);

interface Side {
  readonly files: Files;
  readonly root: string;
  symlink(target: string, path: string): void;
  hardLink(existing: string, path: string): void;
  readonly handles: (OpenFile | null)[];
}

/** Does one thing and tells what came of it, in words that are alike on both sides. */
async function perform(side: Side, step: Op): Promise<unknown> {
  const { files, root, handles } = side;
  try {
    switch (step.op) {
      case "createNew":
      case "update":
      case "open":
        handles.push(null);
        handles[handles.length - 1] = await files.open(root + step.path, step.op === "open" ? "read" : step.op);
        return "opened";
      case "stat":
        return shape(await files.stat(root + step.path));
      case "realPath":
        return (await files.realPath(root + step.path)).slice(root.length);
      case "list":
        return (await files.list(root + step.path)).toSorted();
      case "makeFolder":
      case "makeFolders":
      case "remove":
      case "removeFolder":
        return await files[step.op](root + step.path);
      case "rename":
        return await files.rename(root + step.path, root + step.to);
      case "symlink":
        return side.symlink(root + step.path, root + step.to);
      case "hardLink":
        return side.hardLink(root + step.path, root + step.to);
      case "write":
        return await at(handles, step.handle)?.write(bytesOf(step.text), step.at);
      case "truncate":
        return await at(handles, step.handle)?.truncate(step.size);
      case "read":
        return textOf((await at(handles, step.handle)?.read(0, 100)) ?? new Uint8Array(0));
      case "fstat": {
        const stat = await at(handles, step.handle)?.stat();
        return stat && shape(stat);
      }
      case "close": {
        const open = at(handles, step.handle);
        handles[step.handle % handles.length] = null;
        return await open?.close();
      }
    }
  } catch (error) {
    // Which code a recursive mkdir gives differs from one version of Node to the next.
    return step.op === "makeFolders" ? "failed" : (errorCode(error) ?? "no code");
  }
}

const at = (handles: readonly (OpenFile | null)[], index: number): OpenFile | null =>
  handles[index % Math.max(handles.length, 1)] ?? null;

function shape({ kind, size, mode, nlink }: Awaited<ReturnType<Files["stat"]>>): unknown {
  return kind === "folder" ? { kind, mode } : { kind, size, mode, nlink };
}

describe("the simulated files", () => {
  it.runIf(process.platform === "linux")(
    "answer as real ones do, errors and open handles included",
    async () => {
      const base = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "pilot-light-sim-")));
      let run = 0;
      const root = process.getuid?.() === 0 ? 0 : 1000;
      try {
        await fc.assert(
          fc.asyncProperty(fc.array(ops, { maxLength: 40 }), async (story) => {
            run += 1;
            const folder = join(base, String(run));
            fs.mkdirSync(folder);
            const real: Side = {
              files: createFiles(),
              root: folder,
              symlink: fs.symlinkSync,
              hardLink: fs.linkSync,
              handles: [],
            };
            const disk = createSimFiles({ now: () => run, uid: root });
            for (const [depth] of base.split("/").slice(1).entries()) {
              disk.makeFolderNow(
                `/${base
                  .split("/")
                  .slice(1, depth + 2)
                  .join("/")}`,
              );
            }
            disk.makeFolderNow(folder);
            const sim: Side = {
              files: disk,
              root: folder,
              symlink: (target, path) => disk.symlinkNow(path, target),
              hardLink: (existing, path) => disk.hardLinkNow(existing, path),
              handles: [],
            };
            try {
              for (const step of story)
                expect([step, await perform(sim, step)]).toEqual([step, await perform(real, step)]);
            } finally {
              for (const open of real.handles) await open?.close();
            }
          }),
          { numRuns: 150 },
        );
      } finally {
        fs.rmSync(base, { recursive: true, force: true });
      }
    },
    60_000,
  );

  const written = async (files: SimFiles, path: string, text: string, sync: boolean) => {
    const open = await files.open(path, "createNew");
    await open.write(bytesOf(text), 0);
    if (sync) await open.sync();
    await open.close();
  };

  it("lose in a power loss what was not synced, the name and the content apart", async () => {
    const lose = async (name: boolean, content: boolean, pick: number) => {
      const files = createSimFiles({ now: () => 0 });
      await written(files, "/a", "text", content);
      if (name) await files.syncFolder("/");
      files.powerLoss(() => pick);
      return files.readText("/a");
    };
    expect(await lose(true, true, 0)).toBe("text");
    expect(await lose(true, true, 0.99)).toBe("text");
    expect(await lose(false, true, 0)).toBeNull();
    expect(await lose(false, true, 0.99)).toBe("text");
    expect(await lose(true, false, 0)).toBe("");
    expect(await lose(true, false, 0.5)).toBe("text");
    expect(await lose(true, false, 0.7)).toBe("te");
  });

  it("keep a rename whole in a power loss, and the order of a folder's changes", async () => {
    for (let pick = 0; pick < 1; pick += 0.1) {
      const files = createSimFiles({ now: () => 0 });
      await written(files, "/old", "old", true);
      await written(files, "/new", "new", true);
      await files.syncFolder("/");
      await files.rename("/new", "/old");
      await written(files, "/later", "later", true);
      files.powerLoss(() => pick);
      expect([
        [["old", "new"], "old"],
        [["old"], "new"],
        [["old", "later"], "new"],
      ]).toContainEqual([files.listNow("/"), files.readText("/old")]);
    }
  });

  it("never lose a file that moves between two folders", async () => {
    for (let bits = 0; bits < 4; bits += 1) {
      const files = createSimFiles({ now: () => 0 });
      files.makeFolderNow("/from");
      files.makeFolderNow("/to");
      await written(files, "/from/a", "text", true);
      files.settle();
      await files.rename("/from/a", "/to/a");
      let call = 0;
      files.powerLoss(() => {
        call += 1;
        return (bits >> (call % 2)) & 1 ? 0.99 : 0;
      });
      expect([files.readText("/from/a"), files.readText("/to/a")]).toContain("text");
    }
  });

  it("kill all handles in a power loss, and whoever waits at the gate", async () => {
    let open = (): void => {};
    const files = createSimFiles({ now: () => 0 });
    await written(files, "/a", "text", true);
    const handleOfA = await files.open("/a", "read");
    files.setGate(
      () =>
        new Promise((resolve) => {
          open = resolve;
        }),
    );
    const waiting = files.remove("/a");
    files.powerLoss(() => 0.99);
    open();
    await expect(waiting).rejects.toMatchObject({ code: "EIO" });
    files.setGate(null);
    await expect(handleOfA.read(0, 1)).rejects.toMatchObject({ code: "EBADF" });
    expect([files.readText("/a"), files.openHandles()]).toEqual(["text", 0]);
  });

  it("do nothing when the gate throws, and name every operation to it", async () => {
    const seen: string[] = [];
    const files = createSimFiles({
      now: () => 0,
      gate: (op, path, to) => {
        seen.push([op, path, to ?? ""].join(" ").trim());
        if (op === "rename") throw new SimError("EXDEV", op);
      },
    });
    await written(files, "/a", "text", true);
    await expect(files.rename("/a", "/b")).rejects.toMatchObject({ code: "EXDEV" });
    expect(files.listNow("/")).toEqual(["a"]);
    expect(seen).toEqual(["createNew /a", "write /a", "sync /a", "close /a", "rename /a /b"]);
  });

  it("forbid to ordinary users what modes and owners forbid, and let root do it", async () => {
    for (const uid of [1000, 0]) {
      const files = createSimFiles({ now: () => 0, uid });
      files.makeFolderNow("/d");
      files.writeInPlace("/d/a", "text");
      files.chmodNow("/d/a", 0o200);
      const owner = async () => (await files.open("/d/a", "update")).setOwner(7, 7);
      const outcomes = await Promise.all(
        [files.open("/d/a", "read"), owner()].map((step) => step.then(() => "done", errorCode)),
      );
      expect(outcomes).toEqual(uid === 0 ? ["done", "done"] : ["EACCES", "EPERM"]);
      files.chmodNow("/d", 0o500);
      expect(await files.remove("/d/a").then(() => "done", errorCode)).toBe(uid === 0 ? "done" : "EACCES");
    }
  });

  it("tell a watcher of changes in its folder, and when the folder comes back", async () => {
    const files = createSimFiles({ now: () => 0 });
    let calls = 0;
    const stop = files.watchFolder("/d", () => {
      calls += 1;
    });
    const callsAfter = async (action: () => void) => {
      calls = 0;
      action();
      await Promise.resolve();
      await Promise.resolve();
      return calls;
    };
    expect(await callsAfter(() => files.makeFolderNow("/d"))).toBe(1);
    expect(await callsAfter(() => files.writeInPlace("/d/a", "x"))).toBe(1);
    expect(await callsAfter(() => files.openInode("/d/a").write("y"))).toBe(1);
    expect(await callsAfter(() => files.writeInPlace("/elsewhere", "x"))).toBe(0);
    stop();
    expect(await callsAfter(() => files.writeInPlace("/d/a", "z"))).toBe(0);
  });

  it("give each change its own time, or one per ms when the clock is coarse", () => {
    const times = (coarseTimes: boolean) => {
      const files = createSimFiles({ now: () => 1_790_000_000_000, coarseTimes });
      files.writeInPlace("/a", "x");
      const first = files.statNow("/a");
      files.writeInPlace("/a", "y");
      return [first.mtimeNs, files.statNow("/a").mtimeNs];
    };
    expect(new Set(times(false)).size).toBe(2);
    expect(times(true)).toEqual(["1790000000000000000", "1790000000000000000"]);
  });
});
