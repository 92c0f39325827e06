import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../testing/support.ts";
import { createFiles } from "./files.ts";
import { parseMountPoints } from "./mount-points.ts";

const files = createFiles();
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);
const umask = process.umask();
afterEach(() => {
  process.umask(umask);
});

describe("an open file", () => {
  it("is read from any place, at most as far as asked and shorter only at the end", async () => {
    const path = join(temporaryFolder(), "a");
    writeFileSync(path, "0123456789".repeat(20_000));
    const file = await files.open(path, "read");
    expect(text(await file.read(8, 4))).toBe("8901");
    expect(await file.read(0, 150_001)).toHaveLength(150_001);
    expect(await file.read(199_990, 4_000_000)).toHaveLength(10);
    expect(await file.read(300_000, 10)).toHaveLength(0);
    await expect(file.write(bytes("x"), 0)).rejects.toMatchObject({ code: "EBADF" });
    await file.close();
  });

  it("is changed in place when opened for update, and cut only when told", async () => {
    const path = join(temporaryFolder(), "a");
    writeFileSync(path, "old content");
    const before = statSync(path).ino;
    const file = await files.open(path, "update");
    await file.write(bytes("new"), 0);
    expect(readFileSync(path, "utf8")).toBe("new content");
    await file.truncate(3);
    await file.sync();
    expect(text(await file.read(0, 100))).toBe("new");
    await file.close();
    expect(statSync(path).ino).toBe(before);
    await expect(files.open(join(path, "..", "b"), "update")).rejects.toMatchObject({ code: "ENOENT" });
  });

  it.each([0o600, 0o640, 0o644, 0o400, 0o666])("is made with exactly the mode %i, whatever the umask", async (mode) => {
    process.umask(0o277);
    const path = join(temporaryFolder(), "a");
    const file = await files.open(path, "createNew", mode);
    expect((await file.stat()).mode).toBe(mode);
    await file.write(bytes("x"), 0);
    expect(text(await file.read(0, 9))).toBe("x");
    await file.close();
  });

  it("is made for the owner alone by default, and never over anything, not even a dead link", async () => {
    process.umask(0);
    const folder = temporaryFolder();
    const path = join(folder, "a");
    await (await files.open(path, "createNew")).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await expect(files.open(path, "createNew")).rejects.toMatchObject({ code: "EEXIST" });
    symlinkSync(join(folder, "elsewhere"), join(folder, "link"));
    await expect(files.open(join(folder, "link"), "createNew")).rejects.toMatchObject({ code: "EEXIST" });
  });

  it("of a FIFO does not hang and says that it is no file", async () => {
    const path = join(temporaryFolder(), "pipe");
    execFileSync("mkfifo", [path]);
    const pipe = await files.open(path, "read");
    expect((await pipe.stat()).kind).toBe("other");
    await pipe.close();
  });
});

describe("folders and names", () => {
  it("are described alike by path and by handle", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "a");
    writeFileSync(path, "12345", { mode: 0o640 });
    linkSync(path, join(folder, "b"));
    symlinkSync(path, join(folder, "c"));
    const file = await files.open(path, "read");
    const stat = await file.stat();
    await file.close();
    expect(stat).toMatchObject({ kind: "file", size: 5, mode: 0o640, nlink: 2, ino: String(statSync(path).ino) });
    expect(stat.mtimeNs).toMatch(/^\d{16,}$/);
    expect(await files.stat(join(folder, "c"))).toEqual(stat);
    expect((await files.stat(folder)).kind).toBe("folder");
  });

  it("are made for the owner alone, and one by one only where nothing stands", async () => {
    process.umask(0);
    const folder = temporaryFolder();
    await files.makeFolders(join(folder, "x", "y"));
    await files.makeFolders(join(folder, "x", "y"));
    await files.makeFolder(join(folder, "z"));
    for (const name of ["x", "x/y", "z"]) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o700);
    await expect(files.makeFolder(join(folder, "z"))).rejects.toMatchObject({ code: "EEXIST" });
    expect((await files.list(folder)).toSorted()).toEqual(["x", "z"]);
    await expect(files.removeFolder(join(folder, "x"))).rejects.toMatchObject({ code: "ENOTEMPTY" });
    await files.removeFolder(join(folder, "z"));
    await expect(files.makeFolders(join(folder, "x", "y", "..", "..", "f", "g"))).resolves.toBeUndefined();
    writeFileSync(join(folder, "file"), "");
    await expect(files.makeFolders(join(folder, "file", "g"))).rejects.toMatchObject({ code: "ENOTDIR" });
  });

  it("are synced and renamed over one another", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a"), "new");
    writeFileSync(join(folder, "b"), "old");
    await files.rename(join(folder, "a"), join(folder, "b"));
    await files.syncFolder(folder);
    expect(readFileSync(join(folder, "b"), "utf8")).toBe("new");
    await files.remove(join(folder, "b"));
    await expect(files.syncFolder(join(folder, "none"))).rejects.toMatchObject({ code: "ENOENT" });
    await expect(files.rename(join(folder, "a"), join(folder, "b"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("mount points", () => {
  it("are read from the kernel's table with its escapes", () => {
    const table = [
      "22 27 0:20 / /proc rw,nosuid shared:11 - proc proc rw",
      "40 27 254:0 /x/auth.json /home/a\\040b/t\\011l\\012n\\134b/auth.json rw - ext4 /dev/vda rw",
      "",
    ];
    expect([...parseMountPoints(table.join("\n"))]).toEqual(["/proc", "/home/a b/t\tl\nn\\b/auth.json"]);
  });

  it.runIf(process.platform === "linux")("are told apart from what lies in them", async () => {
    const path = join(temporaryFolder(), "a");
    writeFileSync(path, "");
    expect(await files.isMountPoint("/proc")).toBe(true);
    expect(await files.isMountPoint("/")).toBe(true);
    expect(await files.isMountPoint("/proc/self/status")).toBe(false);
    expect(await files.isMountPoint(path)).toBe(false);
    expect(await files.isMountPoint(`${path}-missing`)).toBe(false);
  });

  it.runIf(process.platform === "linux" && process.getuid?.() === 0)("are seen on a single bound file", async () => {
    const folder = temporaryFolder();
    const [inner, source] = [join(folder, "in ner"), join(folder, "source")];
    mkdirSync(inner);
    const target = join(inner, "auth.json");
    writeFileSync(source, "{}");
    writeFileSync(target, "");
    execFileSync("mount", ["--bind", source, target]);
    onTestFinished(() => {
      execFileSync("umount", [target]);
    });
    symlinkSync(target, join(folder, "link"));
    expect(await files.isMountPoint(target)).toBe(true);
    expect(await files.isMountPoint(join(folder, "link"))).toBe(true);
    expect(await files.isMountPoint(source)).toBe(false);
  });
});
