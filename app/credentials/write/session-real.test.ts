import { execFileSync } from "node:child_process";
import {
  chownSync,
  closeSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  countingRandom,
  flat,
  generations,
  noneSpent,
  nothing,
  plan,
  spent,
} from "../../../sim/benches/credential-bench.ts";
import { createClock } from "../../platform/clock.ts";
import { createFiles } from "../../platform/files/files.ts";
import { createCredentialFile } from "../store.ts";

const GOOD = flat({ anthropic: "a1", openai: "o1" });
const posix = process.platform !== "win32";
const root = posix && process.getuid?.() === 0;

let folder: string;
let path: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "pilot-light-session-")));
  path = join(folder, "auth.json");
  writeFileSync(path, GOOD, { mode: 0o644 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fileAt = (at: string) =>
  createCredentialFile({
    path: at,
    files: createFiles(),
    clock: createClock(),
    random: countingRandom(),
    log: { warn: () => undefined },
  });
const standing = (at = path) => generations(readFileSync(at, "utf8"));

/** As opencode writes: opens without truncating, writes, cuts the tail. Opened now, written when called. */
function opencodeWriter(at: string): (text: string) => void {
  const fd = openSync(at, "r+");
  return (text) => {
    writeSync(fd, text, 0);
    ftruncateSync(fd, Buffer.byteLength(text));
    closeSync(fd);
  };
}

async function refresh(at = path) {
  const session = fileAt(at).openSession();
  expect(await session.prepare()).toEqual({ kind: "ready" });
  expect((await session.commit(plan("anthropic", "a1", "a2"))).kind).toBe("written");
  return session;
}

describe("a commit to a real file", () => {
  it("leaves one 0600 file with only the three values changed", async () => {
    await (await refresh()).close();
    expect(readFileSync(path, "utf8")).toBe(GOOD.replaceAll("-a1", "-a2"));
    if (posix) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["auth.json"]);
  });

  it.runIf(posix)("writes through a link and leaves the link", async () => {
    mkdirSync(join(folder, "config"));
    const link = join(folder, "config", "auth.json");
    symlinkSync("../auth.json", link);
    await (await refresh(link)).close();
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(standing()).toEqual({ anthropic: "a2", openai: "o1" });
    expect([readdirSync(folder), readdirSync(join(folder, "config"))]).toEqual([
      ["auth.json", "config"],
      ["auth.json"],
    ]);
  });

  it("keeps the file's owner", async () => {
    // Only root can give a file away; anybody else owns what he may replace.
    if (root) chownSync(path, 1234, 2345);
    const { uid, gid } = statSync(path);
    await (await refresh()).close();
    expect(statSync(path)).toMatchObject({ uid, gid });
  });

  it("refuses a file with two names", async () => {
    linkSync(path, join(folder, "twin.json"));
    expect(await fileAt(path).openSession().prepare()).toMatchObject({ kind: "cannot" });
    expect(readFileSync(path, "utf8")).toBe(GOOD);
  });

  it("reads no folder, and nothing below a file", async () => {
    expect(await fileAt(folder).read()).toEqual({ kind: "problem", problem: { kind: "isFolder" } });
    const below = fileAt(join(path, "auth.json"));
    expect(await below.read()).toEqual({
      kind: "problem",
      problem: { kind: "fileInTheWay" },
    });
    expect(await below.openSession().prepare()).toMatchObject({ kind: "cannot" });
    expect(await below.lockPath()).toBe(join(path, ".auth.json.pilot-light.lock"));
  });

  it.runIf(posix)("does not wait for the other end of a FIFO", async () => {
    rmSync(path);
    execFileSync("mkfifo", [path]);
    expect(await fileAt(path).read()).toEqual({ kind: "problem", problem: { kind: "noOrdinaryFile" } });
    expect(await fileAt(path).openSession().prepare()).toMatchObject({ kind: "cannot" });
  });

  it("stands for the file that is there: missing, it is missing", async () => {
    rmSync(path);
    expect(await fileAt(path).read()).toEqual({ kind: "missing" });
    expect(await fileAt(path).realPath()).toBe(path);
  });
});

describe("the watch over real files", () => {
  it("merges an orphan's whole write, and puts back what a stale writer undid at the path", async () => {
    const intoTheOldOne = opencodeWriter(path);
    const session = await refresh();
    intoTheOldOne(flat({ anthropic: "a1", openai: "o2" }));
    await session.watch(200, nothing, spent("a1"));
    expect(standing()).toEqual({ anthropic: "a2", openai: "o2" });

    opencodeWriter(path)(flat({ anthropic: "a1", openai: "o1", google: "g1" }));
    await session.watch(200, nothing, spent("a1"));
    await session.close();
    expect(standing()).toEqual({ anthropic: "a2", openai: "o2", google: "g1" });
    expect(readdirSync(folder)).toEqual(["auth.json"]);
  });

  it("holds nothing open after the close", async () => {
    const session = await refresh();
    await session.watch(50, nothing, noneSpent);
    await session.close();
    if (process.platform !== "linux") return;
    const open = readdirSync("/proc/self/fd").filter((fd) => {
      try {
        return realpathSync(`/proc/self/fd/${fd}`).startsWith(folder);
      } catch {
        return false;
      }
    });
    expect(open).toEqual([]);
  });

  it("tells of changes", async () => {
    const clock = createClock();
    const seen: string[] = [];
    const stop = fileAt(path).watch(() => seen.push(readFileSync(path, "utf8")));
    // The watcher starts in its own time: write until it saw one.
    while (!seen.some((text) => text.includes("refresh-a5"))) {
      writeFileSync(path, flat({ anthropic: "a5" }));
      await clock.sleep(20);
    }
    stop();
  });
});
