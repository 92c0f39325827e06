import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { CLI, type CliHome, spawnCli } from "../support/cli.ts";
import { textOf } from "../support/files.ts";
import { inCi } from "../support/needs.ts";
import { asOrdinaryUser, giveToOrdinaryUser, picture, saidBy, sceneWithLogin } from "../support/scene.ts";

const run = promisify(execFile);

/** May this user make mount namespaces? Then mounts live in a shell of ours and end with it. */
const UNSHARE = process.getuid?.() === 0 ? ["-m"] : ["-Urm"];
const canMount = await run("unshare", [...UNSHARE, "true"]).then(
  () => true,
  () => false,
);
const mountsMissing = !canMount && !inCi();
if (mountsMissing) console.warn("SKIPPED: tests that need mounts, since unshare is refused");

/** Runs a shell script in a mount namespace of its own; "$CLI" is the command line, "$AUTH" the credential file. */
function withMounts(home: CliHome, script: string) {
  const env = { ...home.env, CLI, NODE: process.execPath, AUTH: home.authFile, DIR: dirname(home.authFile) };
  return spawnCli("unshare", [...UNSHARE, "sh", "-c", script], env, home.home).ended;
}

describe.skipIf(mountsMissing)("a place that cannot be written", () => {
  const found: readonly { readonly name: string; readonly says: string; readonly script: string }[] = [
    {
      name: "a read-only file system",
      says: "read-only",
      script: 'mount --bind "$DIR" "$DIR" && mount -o remount,bind,ro "$DIR"',
    },
    {
      name: "a credential file that something is mounted on",
      says: "something is mounted on it",
      script: 'cp "$AUTH" "$HOME/mounted.json" && mount --bind "$HOME/mounted.json" "$AUTH"',
    },
    {
      name: "a full disk",
      says: "the disk is full",
      script:
        'cp "$AUTH" "$HOME/kept.json" && mount -t tmpfs -o size=64k,mode=700 tmpfs "$DIR" && cp "$HOME/kept.json" "$AUTH" && ' +
        '{ cat /dev/zero > "$DIR/filler" 2>/dev/null || true; }',
    },
  ];

  it.concurrent.for(found)(
    "$name is found before anything is sent, and tried again later",
    async ({ says, script }, context) => {
      const { home, server, login } = await sceneWithLogin(context);
      const before = await readFile(home.authFile);
      const ended = await withMounts(
        home,
        `${script} && "$NODE" "$CLI" run --once; code=$?; cat "$AUTH" > "$HOME/left"; exit $code`,
      );
      expect(saidBy(ended)).toContain(says);
      expect(ended.code).toBe(3);
      expect(await readFile(join(home.home, "left"))).toEqual(before);
      expect(await server.requests()).toEqual([]);
      // The mounts went with their shell.
      const later = await home.run("refresh");
      expect(saidBy(later)).toContain("Refreshed.");
      expect(later.code).toBe(0);
      expect(await server.redemptions(login.refresh)).toBe(1);
    },
  );

  it.concurrent("a full state folder is found before anything is sent", async (context) => {
    const { home, server, login } = await sceneWithLogin(context);
    await mkdir(home.stateDir, { recursive: true });
    const script =
      'mount -t tmpfs -o size=32k,mode=700 tmpfs "$XDG_STATE_HOME/pilot-light" && ' +
      '{ cat /dev/zero > "$XDG_STATE_HOME/pilot-light/filler" 2>/dev/null || true; } && "$NODE" "$CLI" run --once';
    const ended = await withMounts(home, script);
    expect(saidBy(ended)).toContain("the disk is full");
    expect(ended.code).toBe(3);
    expect(await server.requests()).toEqual([]);
    expect((await home.run("run", "--once")).code).toBe(0);
    expect(await server.redemptions(login.refresh)).toBe(1);
  });
});

describe.concurrent("a file that cannot be replaced safely", () => {
  it.concurrent("more than one hard link: not refreshed, with the reason; with one it is", async (context) => {
    const { home, server, login } = await sceneWithLogin(context);
    const other = join(home.home, "second-name.json");
    await run("ln", [home.authFile, other]);
    const before = await picture(dirname(home.authFile));
    const ended = await home.run("run", "--once");
    expect(ended.code).toBe(3);
    expect(saidBy(ended)).toContain("more than one hard link");
    expect((await home.run("refresh")).code).toBe(3);
    expect(await picture(dirname(home.authFile))).toEqual(before);
    expect(await server.requests()).toEqual([]);
    await rm(other);
    expect((await home.run("run", "--once")).code).toBe(0);
    expect(await server.redemptions(login.refresh)).toBe(1);
  });

  it.concurrent("a folder that an ordinary user may not write: nothing is sent; later it works", async (context) => {
    const { home, server, login } = await sceneWithLogin(context);
    await giveToOrdinaryUser(home);
    await chmod(dirname(home.authFile), 0o500);
    const before = await picture(dirname(home.authFile));
    const ended = await asOrdinaryUser(home, "run", "--once").ended;
    expect(ended.code).toBe(3);
    expect(saidBy(ended)).toContain("permission denied");
    expect(await picture(dirname(home.authFile))).toEqual(before);
    expect(await server.requests()).toEqual([]);
    await chmod(dirname(home.authFile), 0o700);
    expect((await asOrdinaryUser(home, "run", "--once").ended).code).toBe(0);
    expect(await server.redemptions(login.refresh)).toBe(1);
  });

  it.concurrent("a symlink stays one: the file behind it is replaced, 0600", async (context) => {
    const { home, server, login } = await sceneWithLogin(context);
    const elsewhere = join(home.home, "elsewhere");
    await mkdir(elsewhere);
    await rename(home.authFile, join(elsewhere, "real.json"));
    await chmod(join(elsewhere, "real.json"), 0o644);
    await run("ln", ["-s", "../../../elsewhere/real.json", home.authFile]);
    expect((await home.run("run", "--once")).code).toBe(0);
    expect(await readdir(elsewhere)).toEqual(["real.json"]);
    expect((await stat(join(elsewhere, "real.json"))).mode & 0o777).toBe(0o600);
    expect((await home.pair())?.refresh).toBe((await server.standing(login.refresh)).newest);
    expect(await readdir(dirname(home.authFile))).toEqual(["auth.json"]);
    expect((await textOf(join(elsewhere, "real.json"))) ?? "").toContain("oauth");
  });
});
