/** Folders that vanish, disks that fill and places that cannot be written, with the real command line. */
import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { CliHome } from "../support/cli.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import {
  asOrdinaryUser,
  type Cleanup,
  giveToOrdinaryUser,
  picture,
  saidBy,
  scene,
  sceneWithLogin,
  stateOf,
} from "../support/scene.ts";
import { until } from "../support/wait.ts";

const run = promisify(execFile);
const canMount = process.platform === "linux" && process.getuid?.() === 0;

/** A small file system of its own at `path`, gone with the test. */
async function smallDisk({ onTestFinished }: Cleanup, path: string, kilobytes: number): Promise<void> {
  await mkdir(path, { recursive: true });
  await run("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k,mode=700`, "tmpfs", path]);
  onTestFinished(async () => {
    await run("umount", ["--lazy", path]);
  });
}

/** Until the disk takes no more, not one byte. */
async function fill(folder: string): Promise<void> {
  for (const bytes of [64 * 1024, 4096, 1]) {
    for (let n = 0; ; n += 1) {
      const path = join(folder, `filler-${bytes}-${n}`);
      const written = await writeFile(path, "x".repeat(bytes), { flag: "wx" }).then(
        () => true,
        () => false,
      );
      if (written) continue;
      await rm(path, { force: true });
      break;
    }
  }
}

const VANISHING: readonly { readonly name: string; readonly pathIn: (home: CliHome) => string }[] = [
  { name: "the state dir", pathIn: (home) => home.stateDir },
  { name: "its journal", pathIn: (home) => home.journal },
];

describe.concurrent("a folder of ours that vanishes while an answer is under way", () => {
  it.concurrent.for(VANISHING)("($name) costs no login: the answer goes into the file", async ({ pathIn }, context) => {
    const { server, home, login } = await sceneWithLogin(context);
    await server.script("token", { kind: "ordinary", gateAfter: "slow" });
    const refreshing = home.start("refresh");
    await server.seen("token", 1);
    await rm(pathIn(home), { recursive: true, maxRetries: 10, retryDelay: 20 });
    await server.release("slow");
    expect(await refreshing.ended).toMatchObject({ code: 0, stdout: "anthropic: Refreshed.\n" });
    const newest = async () => (await server.standing(login.refresh)).newest;
    expect((await home.pair())?.refresh).toBe(await newest());
    expect(await stateOf(home)).toBe("healthy");
    expect(await server.redemptions(login.refresh)).toBe(1);
    // What was made again serves the next one.
    expect((await home.run("refresh")).code).toBe(0);
    expect((await home.pair())?.refresh).toBe(await newest());
  });

  it.concurrent.for(VANISHING)("($name) holds no keeper, nor its end", async ({ pathIn }, context) => {
    const { server, home, login } = await sceneWithLogin(context);
    await server.script("token", { kind: "ordinary", gateAfter: "slow" });
    const keeper = home.start("run");
    await server.seen("token", 1);
    // It is at work there meanwhile.
    await rm(pathIn(home), { recursive: true, maxRetries: 10, retryDelay: 20 });
    await server.release("slow");
    const newest = async () => (await server.standing(login.refresh)).newest;
    await until("the file holds the answer", async () => (await home.pair())?.refresh === (await newest()));
    await until("the keeper says so", async () => (await home.published())?.accounts[0]?.state === "healthy");
    keeper.kill("SIGTERM");
    expect((await keeper.ended).code).toBe(0);
    expect(await server.redemptions(login.refresh)).toBe(1);
  });
});

describe.concurrent("a refresh that could not be sent is no success", () => {
  it.concurrent("where the folder of the file cannot be written", async (context) => {
    const { server, home } = await sceneWithLogin(context);
    await home.run("status");
    await giveToOrdinaryUser(home);
    await chmod(dirname(home.authFile), 0o500);
    for (const command of [["refresh"], ["refresh", "--all"], ["run", "--once"]]) {
      const ended = await asOrdinaryUser(home, ...command).ended;
      expect([command, ended.code]).toEqual([command, 3]);
    }
    expect(await server.requests("token")).toEqual([]);
    await chmod(dirname(home.authFile), 0o700);
  });

  it.concurrent("where something foreign stands in the place of the lock", async (context) => {
    const { server, home } = await sceneWithLogin(context);
    const place = join(dirname(home.authFile), ".auth.json.pilot-light.lock");
    await writeFile(place, "not ours");
    const before = await picture(dirname(home.authFile));
    const ended = await home.run("refresh");
    expect(ended.code).toBe(3);
    expect(saidBy(ended)).toContain("Nothing was sent");
    expect(await picture(dirname(home.authFile))).toEqual(before);
    expect(await server.requests("token")).toEqual([]);
  });

  it.concurrent("also of a login that was not due yet", async (context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    await writeFile(join(dirname(home.authFile), ".auth.json.pilot-light.lock"), "not ours");
    expect((await home.run("refresh")).code).toBe(3);
  });
});

describe.skipIf(!canMount)("a disk without room", () => {
  it.concurrent("for our notes: nothing is sent, and the exit code says so", async (context) => {
    const { server, home } = await sceneWithLogin(context);
    await smallDisk(context, home.stateDir, 512);
    await home.run("refresh");
    await home.putEntries({ anthropic: oauthEntry(expired(await server.issue())) });
    const before = await server.requests("token");
    await fill(home.stateDir);
    const ended = await home.run("refresh");
    expect(ended.code).toBe(3);
    expect(saidBy(ended)).toMatch(/notes cannot be written/);
    expect(await server.requests("token")).toEqual(before);
  });

  it.concurrent("for our notes, filled while the answer is under way: the file takes it", async (context) => {
    const { server, home, login } = await sceneWithLogin(context);
    await smallDisk(context, home.stateDir, 512);
    await server.script("token", { kind: "ordinary", gateAfter: "slow" });
    const refreshing = home.start("refresh");
    await server.seen("token", 1);
    await fill(home.stateDir);
    await server.release("slow");
    const ended = await refreshing.ended;
    expect(saidBy(ended)).not.toContain("Nothing was sent");
    const { newest } = await server.standing(login.refresh);
    expect((await home.pair())?.refresh).toBe(newest);
    expect(ended.code).toBe(0);
    for (const name of await readdir(home.stateDir)) if (name.startsWith("filler")) await rm(join(home.stateDir, name));
    expect((await home.run("refresh")).code).toBe(0);
    expect((await home.pair())?.refresh).toBe((await server.standing(login.refresh)).newest);
    expect(await server.redemptions(login.refresh)).toBe(1);
  });

  it.concurrent("for the file, filled while the answer is under way: the journal keeps it", async (context) => {
    const { server, home } = await scene(context);
    await smallDisk(context, dirname(home.authFile), 1024);
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    await server.script("token", { kind: "ordinary", gateAfter: "slow" });
    const refreshing = home.start("refresh");
    await server.seen("token", 1);
    await fill(dirname(home.authFile));
    await server.release("slow");
    await refreshing.ended;
    for (const name of await readdir(dirname(home.authFile)))
      if (name.startsWith("filler")) await rm(join(dirname(home.authFile), name));
    expect((await home.run("run", "--once")).code).toBe(0);
    expect((await home.pair())?.refresh).toBe((await server.standing(login.refresh)).newest);
    expect(await server.redemptions(login.refresh)).toBe(1);
  });
});
