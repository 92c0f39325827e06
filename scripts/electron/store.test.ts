import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { intact, keep, withLauncher } from "./store.mjs";

describe("the cache of Electrons", () => {
  let cache: string;
  let folder: string;
  let made: number;

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), "pilot-light-store-"));
    folder = join(cache, "1.2.3-trial");
    made = 0;
  });
  afterEach(() => rm(cache, { recursive: true, force: true }));

  async function make(work: string): Promise<{ version: string; executable: string }> {
    made += 1;
    await mkdir(join(work, "dist", "resources"), { recursive: true });
    await writeFile(join(work, "dist", "electron"), "the executable");
    await chmod(join(work, "dist", "electron"), 0o755);
    await writeFile(join(work, "dist", "icudtl.dat"), "data");
    await symlink("icudtl.dat", join(work, "dist", "link"));
    return { version: "1.2.3", executable: "electron" };
  }

  it("makes what is missing once, and leaves nothing else behind", async () => {
    expect(await intact(folder)).toBeNull();
    expect(await keep(folder, make)).toBeNull();
    expect(await keep(folder, make)).toBeNull();
    expect(made).toBe(1);
    expect(await intact(folder)).toMatchObject({ version: "1.2.3", executable: "electron" });
    expect(await readdir(cache)).toEqual(["1.2.3-trial"]);
  });

  it("is not disturbed by two that make it at once", async () => {
    expect(await Promise.all([keep(folder, make), keep(folder, make), keep(folder, make)])).toEqual([null, null, null]);
    expect(await intact(folder)).not.toBeNull();
    expect(await readdir(cache)).toEqual(["1.2.3-trial"]);
  });

  it.each([
    [
      "an executable of the same size with other bytes",
      () => writeFile(join(folder, "dist", "electron"), "THE executable"),
    ],
    ["a file that was cut", () => writeFile(join(folder, "dist", "icudtl.dat"), "dat")],
    ["a file that is gone", () => rm(join(folder, "dist", "icudtl.dat"))],
    ["a file too many", () => writeFile(join(folder, "dist", "resources", "app.asar"), "another program")],
    ["a stamp that is no JSON", () => writeFile(join(folder, "stamp.json"), "{")],
    ["a stamp of another shape", () => writeFile(join(folder, "stamp.json"), "[]")],
    ["no stamp", () => rm(join(folder, "stamp.json"))],
  ])("tells a damaged one, %s, and makes it anew", async (_name, damage) => {
    await keep(folder, make);
    await damage();
    expect(await intact(folder)).toBeNull();
    expect(await keep(folder, make)).toBeNull();
    expect(await intact(folder)).not.toBeNull();
    expect(await readdir(cache)).toEqual(["1.2.3-trial"]);
  });

  it("passes on why it cannot be made, and leaves nothing behind", async () => {
    expect(await keep(folder, () => Promise.resolve("no network"))).toBe("no network");
    expect(await keep(folder, () => Promise.reject(new Error("no space left")))).toBe("no space left");
    expect(await readdir(cache)).toEqual([]);
  });

  it("removes what someone left half-made a day ago and more, and nothing younger", async () => {
    for (const name of [".making-old", ".making-new"]) await make(join(cache, name));
    const before = new Date(Date.now() - 25 * 3_600_000);
    await utimes(join(cache, ".making-old"), before, before);
    await keep(folder, make);
    expect((await readdir(cache)).toSorted()).toEqual([".making-new", "1.2.3-trial"]);
  });

  it("adds our launcher in a tree of its own: what is packaged stays as it was", async () => {
    await keep(folder, make);
    const stamp = await intact(folder);
    if (stamp === null) throw new Error("it should be intact");
    const [path, again] = await Promise.all([withLauncher(folder, stamp), withLauncher(folder, stamp)]);
    expect(again).toBe(path);
    expect(await readFile(path, "utf8")).toBe("the executable");
    expect((await stat(path)).ino).toBe((await stat(join(folder, "dist", "electron"))).ino);
    expect(await readdir(join(path, "..", "resources", "app"))).toEqual(["launch.cjs", "main.cjs", "package.json"]);
    expect(await readdir(join(folder, "dist", "resources"))).toEqual([]);
    expect(await intact(folder)).not.toBeNull();
    expect((await readdir(folder)).filter((name) => name.startsWith("."))).toEqual([]);
  });
});
