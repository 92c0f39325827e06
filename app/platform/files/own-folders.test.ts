import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { UserError } from "../../shared/data/errors.ts";
import { temporaryFolder } from "../testing/support.ts";
import { createOwnFolders, ensureOwnFolder } from "./own-folders.ts";

it("a folder of ours is made for us alone, and nothing else is left in it", () => {
  const folder = join(temporaryFolder(), "a", "b");
  ensureOwnFolder(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder)).toEqual([]);
});

it("a folder that cannot be made is named, with the reason", () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  expect(() => ensureOwnFolder(join(file, "below"))).toThrow(`${file}/below cannot be used: a file is where`);
});

it("a temporary folder that cannot be used is named, too", () => {
  const folder = temporaryFolder();
  const file = join(folder, "no-folder");
  writeFileSync(file, "");
  vi.stubEnv("TMPDIR", file);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => ensureOwnFolder(join(folder, "own"))).toThrow(`${file} cannot be used`);
});

/** A state dir as it stands after some use, in a folder of its own. */
function stateDirInUse(): string {
  const stateDir = join(temporaryFolder(), "state", "pilot-light");
  for (const folder of ["journal", "files/4711/history", "files/4711/keeper.lock", "log", "electron/Cache"])
    mkdirSync(join(stateDir, folder), { recursive: true, mode: 0o700 });
  for (const file of [
    "status.json",
    "settings.json",
    "journal/key",
    "journal/12.copy",
    "files/4711/lineage.json",
    "files/4711/history/events.jsonl",
    "log/pilot-light.log",
  ])
    writeFileSync(join(stateDir, file), "", { mode: 0o600 });
  return stateDir;
}

function refusalOf(stateDir: string): UserError | null {
  for (const act of [createOwnFolders(stateDir).check, createOwnFolders(stateDir).close]) {
    try {
      act();
    } catch (error) {
      if (error instanceof UserError) return error;
      throw error;
    }
  }
  return null;
}

/** Puts a link in its place that leads to what was there, or to a file. */
function lead(path: string): void {
  const target = join(temporaryFolder(), "led");
  try {
    renameSync(path, target);
  } catch {
    writeFileSync(target, "");
  }
  symlinkSync(target, path);
}

describe.skipIf(process.platform === "win32")("our own folders", () => {
  it("are ours where nobody else may write and nothing is a link", () => {
    expect(refusalOf(stateDirInUse())).toBeNull();
  });

  it("need not be there yet", () => {
    const stateDir = join(temporaryFolder(), "a", "b");
    expect(refusalOf(stateDir)).toBeNull();
    expect(readdirSync(dirname(dirname(stateDir)))).toEqual([]);
  });

  it.each([
    "journal",
    "files",
    "log",
    "electron",
    "status.json",
    "journal/key",
    "journal/12.copy",
    "journal/new.intent",
    "files/4711",
    "files/4711/lineage.json",
    "files/4711/history",
    "files/4711/history/events.jsonl",
    "files/4711/keeper.lock",
    "files/4711/waits.json",
    "log/pilot-light.log",
    "log/pilot-light.log.1",
    "log/pilot-light.log.3",
  ])("are refused for a link at %s, which is named", (name) => {
    const stateDir = stateDirInUse();
    const path = join(stateDir, name);
    lead(path);
    const refused = refusalOf(stateDir);
    expect(refused?.exitCode).toBe(4);
    expect(refused?.message).toContain(`${path} is a link`);
    expect(refused?.message).toMatch(/nothing is sent\. Remove the link/);
  });

  it("are refused for a link that leads nowhere", () => {
    const stateDir = stateDirInUse();
    symlinkSync(join(stateDir, "nowhere"), join(stateDir, "files", "4712"));
    expect(refusalOf(stateDir)?.message).toContain("is a link");
  });

  it.each([
    [".", 0o777],
    [".", 0o770],
    [".", 0o1777],
    ["journal", 0o702],
    ["files/4711", 0o720],
    ["log", 0o733],
  ])("are refused where others may write: %s with mode %o", (name, mode) => {
    const stateDir = stateDirInUse();
    const path = join(stateDir, name);
    chmodSync(path, mode);
    const refused = refusalOf(stateDir);
    expect(refused?.exitCode).toBe(4);
    expect(refused?.message).toContain(`Other users may write in ${path} (mode ${mode.toString(8)})`);
    expect(refused?.message).toContain(`chmod 700 ${path}`);
    expect(statSync(path).mode & 0o7777).toBe(mode);
  });

  it("are refused below a folder that all may write, but for the sticky bit", () => {
    const stateDir = stateDirInUse();
    const above = dirname(stateDir);
    chmodSync(above, 0o777);
    expect(refusalOf(stateDir)?.message).toContain(`chmod o-w ${above}`);
    expect(refusalOf(join(above, "not", "there"))?.message).toContain(`chmod o-w ${above}`);
    for (const mode of [0o1777, 0o775]) {
      chmodSync(above, mode);
      expect(refusalOf(stateDir)).toBeNull();
    }
  });

  it.skipIf(process.getuid?.() !== 0).each([".", "journal", "files/4711/lineage.json", "log/pilot-light.log"])(
    "are refused where something belongs to another user: %s",
    (name) => {
      const stateDir = stateDirInUse();
      const path = join(stateDir, name);
      chownSync(path, 65_534, 0);
      expect(refusalOf(stateDir)?.message).toContain(`${path} belongs to another user`);
      expect(refusalOf(stateDir)?.exitCode).toBe(4);
    },
  );

  it("are closed to those who may only read, and that is told once", () => {
    const stateDir = stateDirInUse();
    const journal = join(stateDir, "journal");
    const closed: string[] = [];
    const folders = createOwnFolders(stateDir, (folder) => void closed.push(folder));
    for (const path of [stateDir, journal]) chmodSync(path, 0o755);
    folders.check();
    expect(statSync(stateDir).mode & 0o777).toBe(0o755);
    folders.close();
    expect([stateDir, journal].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
    chmodSync(journal, 0o750);
    folders.close();
    expect(statSync(journal).mode & 0o777).toBe(0o700);
    expect(closed).toEqual([stateDir, journal]);
  });

  it("may be reached through a link, and are judged where they really stand", () => {
    const stateDir = stateDirInUse();
    const link = join(temporaryFolder(), "link");
    symlinkSync(stateDir, link);
    expect(refusalOf(link)).toBeNull();
    chmodSync(stateDir, 0o777);
    expect(refusalOf(link)?.message).toContain(`write in ${stateDir}`);
  });

  it("that cannot be looked at are a failure for now", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    expect(refusalOf(join(file, "state"))?.exitCode).toBe(3);
  });
});
