import { describe, expect, it } from "vitest";
import { bench, FOLDER, flat, PATH } from "../../sim/benches/credential-bench.ts";
import { folderOf, inFolder, nameOf } from "./read/store-path.ts";

const GOOD = flat({ anthropic: "a1" });
const settle = async () => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};

describe("where the file stands", () => {
  it("is the path itself, with the lock beside it", async () => {
    const { file } = bench(GOOD);
    expect(await file.realPath()).toBe(PATH);
    expect(await file.lockPath()).toBe(`${FOLDER}/.auth.json.pilot-light.lock`);
  });

  it("is where a link leads", async () => {
    const { file, files } = bench(null);
    files.makeFolderNow("/home/me/safe");
    files.writeInPlace("/home/me/safe/logins.json", GOOD);
    files.symlinkNow(PATH, "/home/me/safe/logins.json");
    expect(await file.realPath()).toBe("/home/me/safe/logins.json");
    expect(await file.lockPath()).toBe("/home/me/safe/.logins.json.pilot-light.lock");
  });

  it("is known while it is missing, also below a linked folder", async () => {
    const b = bench(null, { path: "/home/me/link/deep/auth.json" });
    b.files.symlinkNow("/home/me/link", FOLDER);
    expect(await b.file.realPath()).toBe(`${FOLDER}/deep/auth.json`);
  });

  it("is beside a link that leads nowhere", async () => {
    const { file, files } = bench(null);
    files.symlinkNow(PATH, "/gone/logins.json");
    expect(await file.realPath()).toBe(PATH);
  });
});

describe("paths", () => {
  it.each([
    ["/a/b/c.json", "/a/b", "c.json"],
    ["/c.json", "/", "c.json"],
    ["C:\\Users\\me\\auth.json", "C:\\Users\\me", "auth.json"],
    ["C:\\auth.json", "C:\\", "auth.json"],
    ["C:/Users/me/auth.json", "C:/Users/me", "auth.json"],
    ["/a/odd\\name", "/a", "odd\\name"],
    ["\\\\server\\share\\auth.json", "\\\\server\\share", "auth.json"],
  ])("%s is taken apart and put together", (path, folder, name) => {
    expect([folderOf(path), nameOf(path)]).toEqual([folder, name]);
    expect(inFolder(folder, name).replaceAll("\\", "/")).toBe(path.replaceAll("\\", "/"));
  });
});

describe("watching for changes", () => {
  it("calls after a change, and not after the stop", async () => {
    const { file, files } = bench(GOOD);
    let calls = 0;
    const stop = file.watch(() => {
      calls += 1;
    });
    await settle();
    calls = 0;
    files.writeInPlace(PATH, flat({ anthropic: "a2" }));
    await settle();
    expect(calls).toBe(1);
    files.replace(PATH, GOOD);
    await settle();
    expect(calls).toBeGreaterThan(1);
    stop();
    calls = 0;
    files.removeNow(PATH);
    await settle();
    expect(calls).toBe(0);
  });

  it("sees changes behind a link, and follows the link when it is changed", async () => {
    const { file, files } = bench(null);
    for (const place of ["one", "two"]) {
      files.makeFolderNow(`/home/me/${place}`);
      files.writeInPlace(`/home/me/${place}/auth.json`, GOOD);
    }
    files.symlinkNow(PATH, "/home/me/one/auth.json");
    let calls = 0;
    const stop = file.watch(() => {
      calls += 1;
    });
    await settle();
    // Once the folder behind the link is watched, it says so: something may have happened there before.
    expect(calls).toBe(1);
    calls = 0;
    files.writeInPlace("/home/me/one/auth.json", flat({ anthropic: "a2" }));
    await settle();
    expect(calls).toBe(1);

    files.removeNow(PATH);
    files.symlinkNow(PATH, "/home/me/two/auth.json");
    await settle();
    calls = 0;
    files.writeInPlace("/home/me/two/auth.json", flat({ anthropic: "a3" }));
    await settle();
    expect(calls).toBe(1);
    calls = 0;
    files.writeInPlace("/home/me/one/auth.json", flat({ anthropic: "a4" }));
    await settle();
    expect(calls).toBe(0);
    stop();
  });
});
