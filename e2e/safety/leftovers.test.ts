/** What processes that died left behind, and tokens of files that nobody keeps any more: one pass clears them away. */
import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CliHome } from "../support/cli.ts";
import { oauthEntry } from "../support/entries.ts";
import { filesBelow, sceneWithLogin } from "../support/scene.ts";
import type { TokenServer } from "../support/server/token-server.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Gives a file, or a folder with all that is in it, this time. */
async function setTime(path: string, at: number): Promise<void> {
  const names = await readdir(path, { recursive: true }).catch(() => []);
  for (const each of [...names.map((name) => join(path, name)).reverse(), path])
    await utimes(each, at / 1000, at / 1000);
}

async function folderOfFile(home: CliHome, hash?: string): Promise<string> {
  const names = await readdir(join(home.stateDir, "files"));
  const [name] = names.filter((each) => each !== hash);
  if (name === undefined) throw new Error("there are no notes yet");
  return join(home.stateDir, "files", name);
}

async function newestOf(server: TokenServer, refresh: string): Promise<string> {
  const { newest } = await server.standing(refresh);
  if (newest === null) throw new Error("the login has ended");
  return newest;
}

describe("a pass clears away", () => {
  it.concurrent("a lock that was put aside and has no owner file; one with something in it stays", async (context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    const folder = dirname(home.authFile);
    const empty = join(folder, ".auth.json.pilot-light.lock.old-left");
    const foreign = join(folder, ".auth.json.pilot-light.lock.old-foreign");
    await mkdir(empty);
    await mkdir(foreign);
    await writeFile(join(foreign, "something"), "");
    expect((await home.run("run", "--once")).code).toBe(0);
    expect(await readdir(folder)).toEqual([".auth.json.pilot-light.lock.old-foreign", "auth.json"]);
  });

  it.concurrent("temp files older than an hour, in every folder of ours, and no other file", async (context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    expect((await home.run("run", "--once")).code).toBe(0);
    const notes = await folderOfFile(home);
    const fp = "0123456789abcdef0123456789abcdef";
    const leave = async (path: string, age: number) => {
      await writeFile(path, "planted", { mode: 0o600 });
      await setTime(path, Date.now() - age);
      return path;
    };
    const old: string[] = [];
    for (const path of [
      join(home.journal, `${fp}.1.intent.x1.tmp`),
      join(home.journal, `${fp}.copy.x1.tmp`),
      join(home.journal, "key.0011223344556677.tmp"),
      join(notes, "status.json.x1.tmp"),
      join(notes, "lineage.json.x1.tmp"),
      join(notes, "waits.json.x1.tmp"),
      join(notes, "pings.json.x1.tmp"),
      join(home.stateDir, "status.json.x1.tmp"),
    ])
      old.push(await leave(path, 61 * 60_000));
    // Written under the lock alone, which we hold: whoever wrote these is gone.
    for (const name of ["lineage.json.x2.tmp", "waits.json.x2.tmp"]) old.push(await leave(join(notes, name), 0));
    const kept = [
      await leave(join(home.journal, `${fp}.2.intent.x2.tmp`), 59 * 60_000),
      await leave(join(notes, "pings.json.x2.tmp"), -2 * HOUR_MS),
      await leave(join(home.stateDir, "theirs.tmp"), DAY_MS),
      await leave(join(home.stateDir, "settings.json.tmp"), DAY_MS),
    ];
    expect((await home.run("run", "--once")).code).toBe(0);
    const left = [...(await filesBelow(home.stateDir)).keys()].map((name) => join(home.stateDir, name));
    expect(old.filter((path) => left.includes(path))).toEqual([]);
    expect(kept.filter((path) => !left.includes(path))).toEqual([]);
  });

  it.concurrent.for<readonly [string, number, boolean, boolean]>([
    ["30 days", 30 * DAY_MS + HOUR_MS, false, true],
    ["29 days", 29 * DAY_MS, false, false],
    ["a time that lies ahead", -40 * DAY_MS, false, false],
    ["30 days, but an answer may have reached no file", 30 * DAY_MS + HOUR_MS, true, false],
  ])("copies of another file that nobody kept: %s", async ([_name, age, refreshed, erased], context) => {
    const { home, server } = await sceneWithLogin(context);
    const other = join(home.home, "other.json");
    const second = await server.issue();
    const expires = Date.now() + (refreshed ? -1_000 : 3_600_000);
    await writeFile(other, JSON.stringify({ anthropic: oauthEntry({ ...second, expires }) }), { mode: 0o600 });
    expect((await home.run("run", "--once")).code).toBe(0);
    const own = (await folderOfFile(home)).split("/").at(-1);
    expect((await home.run("run", "--once", "--auth-file", other)).code).toBe(0);
    const theirs = await folderOfFile(home, own);
    const newest = await newestOf(server, second.refresh);
    const holds = async (token: string) =>
      [...(await filesBelow(home.stateDir))].some(([, text]) => text.includes(token));
    expect(await holds(newest)).toBe(true);

    await setTime(theirs, Date.now() - age);
    const times = await readdir(home.journal);
    for (const name of times) await setTime(join(home.journal, name), Date.now() - age);
    expect((await home.run("run", "--once")).code).toBe(0);
    expect(await holds(newest)).toBe(!erased);
    expect(await holds((await home.pair())?.refresh ?? "")).toBe(true);
    const told = await readFile(join(theirs, "history", "events.jsonl"), "utf8");
    expect(told.includes("no keeper used this file for 30 days")).toBe(erased);
    const log = await readFile(join(home.stateDir, "log", "pilot-light.log"), "utf8").catch(() => "");
    expect(log.includes("no keeper used")).toBe(erased);

    // It is kept again, and works.
    expect((await home.run("refresh", "--auth-file", other)).code).toBe(0);
    expect(await server.redemptions(newest)).toBe(1);
    expect(await holds(await newestOf(server, second.refresh))).toBe(true);
  });
});
