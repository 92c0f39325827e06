import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Processes, type ProcessIdentity } from "../../ports/processes.ts";
import { createProcesses } from "../process/processes.ts";
import { temporaryFolder } from "../testing/support.ts";
import { createTempFolder, sweepTempFolders } from "./temp-folder.ts";

const MARK = ".pilot-light-owner.json";

const tempRoot = (): string => realpathSync(temporaryFolder());

const owner = (pid: number): ProcessIdentity => ({ boot: "b", pidNamespace: "n", pid, startedAt: "1" });

/** Processes of which each is known to be dead, but these. */
function processes(others: Readonly<Record<number, "alive" | "unknown">> = {}, self = 1): Processes {
  return { self: () => owner(self), judge: async ({ pid }) => others[pid] ?? "dead" };
}

/** A folder as a process that is gone has left it. */
async function leftBehind(root: string, pid: number) {
  const folder = createTempFolder({ purpose: "demo", processes: processes({}, pid), root });
  await folder.write("state/inside", "x");
  return folder.path;
}

describe("a temporary folder", () => {
  it("is for its owner only, and so is all that is written into it", async () => {
    const root = tempRoot();
    const folder = createTempFolder({ purpose: "demo", processes: processes({}, 77), root });
    expect(folder.path).toMatch(/\/pilot-light-demo-77-\w{6}$/);
    expect(await folder.write("deep/er/file", "text")).toBe(join(folder.path, "deep", "er", "file"));
    expect(readFileSync(join(folder.path, "deep/er/file"), "utf8")).toBe("text");
    for (const name of ["", "deep", "deep/er"]) expect(statSync(join(folder.path, name)).mode & 0o777).toBe(0o700);
    for (const name of ["deep/er/file", MARK]) expect(statSync(join(folder.path, name)).mode & 0o777).toBe(0o600);
  });

  it("is removed with all that is in it, but not with what its links lead to", async () => {
    const root = tempRoot();
    const folder = createTempFolder({ purpose: "demo", processes: processes(), root });
    mkdirSync(join(root, "elsewhere"));
    writeFileSync(join(root, "elsewhere", "kept"), "");
    symlinkSync(join(root, "elsewhere"), join(folder.path, "link"));
    await folder.write("state/a/b", "");
    await Promise.all([folder.remove(), folder.remove()]);
    expect(readdirSync(root)).toEqual(["elsewhere"]);
    expect(readdirSync(join(root, "elsewhere"))).toEqual(["kept"]);
  });

  it("is no trouble to remove when it is gone already", async () => {
    const folder = createTempFolder({ purpose: "demo", processes: processes(), root: tempRoot() });
    rmSync(folder.path, { recursive: true });
    await folder.remove();
  });
});

describe("a sweep of temporary folders", () => {
  const sweep = (root: string, others: Readonly<Record<number, "alive" | "unknown">> = {}) =>
    sweepTempFolders({ purpose: "demo", processes: processes(others), root });

  it("removes those whose process is dead", async () => {
    const root = tempRoot();
    const paths = [await leftBehind(root, 11), await leftBehind(root, 12)];
    expect((await sweep(root)).toSorted()).toEqual(paths.toSorted());
    expect(readdirSync(root)).toEqual([]);
  });

  it("leaves those whose process lives, or cannot be judged", async () => {
    const root = tempRoot();
    await leftBehind(root, 11);
    await leftBehind(root, 12);
    expect(await sweep(root, { 11: "alive", 12: "unknown" })).toEqual([]);
    expect(readdirSync(root)).toHaveLength(2);
  });

  it("leaves what is not named as ours, though it has our mark", async () => {
    const root = tempRoot();
    for (const name of [
      "pilot-light-other-11-abcdef",
      "pilot-light-demo-x11-abcdef",
      "pilot-light-demo-11-abc",
      "my",
    ]) {
      renameSync(await leftBehind(root, 11), join(root, name));
    }
    expect(await sweep(root)).toEqual([]);
    expect(readdirSync(root)).toHaveLength(4);
  });

  it("leaves a folder that has no mark, a broken one, or the mark of another process", async () => {
    const root = tempRoot();
    for (const [name, mark] of [
      ["aaaaaa", null],
      ["bbbbbb", "{"],
      ["cccccc", JSON.stringify(owner(12))],
      ["dddddd", `${JSON.stringify(owner(11))}${" ".repeat(5_000)}`],
    ] as const) {
      const path = join(root, `pilot-light-demo-11-${name}`);
      mkdirSync(path);
      if (mark !== null) writeFileSync(join(path, MARK), mark);
    }
    expect(await sweep(root)).toEqual([]);
    expect(readdirSync(root)).toHaveLength(4);
  });

  it("follows no link, neither to a folder nor to a mark", async () => {
    const root = tempRoot();
    const elsewhere = await leftBehind(tempRoot(), 11);
    symlinkSync(elsewhere, join(root, "pilot-light-demo-11-aaaaaa"));
    mkdirSync(join(root, "pilot-light-demo-11-bbbbbb"));
    symlinkSync(join(elsewhere, MARK), join(root, "pilot-light-demo-11-bbbbbb", MARK));
    expect(await sweep(root)).toEqual([]);
    expect(readdirSync(root)).toHaveLength(2);
    expect(existsSync(join(elsewhere, "state/inside"))).toBe(true);
  });

  it.runIf(process.getuid?.() === 0)("leaves the folder of another user", async () => {
    const root = tempRoot();
    const path = await leftBehind(root, 11);
    const chown = spawn("chown", ["65534", path], { stdio: "ignore" });
    await once(chown, "close");
    expect(await sweep(root)).toEqual([]);
    expect(readdirSync(root)).toEqual([basename(path)]);
  });

  it("finds nothing where there is nothing", async () => {
    expect(await sweep(join(tempRoot(), "absent"))).toEqual([]);
  });

  it("tells a real process that was killed from one that lives", async () => {
    const root = tempRoot();
    const real = createProcesses();
    const own = createTempFolder({ purpose: "demo", processes: real, root });
    const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "ignore"] });
    const pid = child.pid ?? 0;
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const startedAt = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
    const theirs = createTempFolder({
      purpose: "demo",
      processes: { ...real, self: () => ({ ...real.self(), pid, startedAt }) },
      root,
    });
    expect(await sweepTempFolders({ purpose: "demo", processes: real, root })).toEqual([]);
    child.kill("SIGKILL");
    await once(child, "close");
    expect(await sweepTempFolders({ purpose: "demo", processes: real, root })).toEqual([theirs.path]);
    expect(readdirSync(root)).toEqual([basename(own.path)]);
  });
});
