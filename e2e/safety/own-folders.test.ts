/** Our own folders are ours alone, or nothing is sent and nothing written: as an ordinary user, with real folders and links. */
import { chmod, chown, lstat, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { CLI, type CliHome, type Ended, spawnCli } from "../support/cli.ts";
import {
  asOrdinaryUser,
  type Cleanup,
  filesBelow,
  giveToOrdinaryUser,
  isRoot,
  openBelow,
  picture,
  saidBy,
  sceneWithLogin,
} from "../support/scene.ts";
import { until } from "../support/wait.ts";

/** A state dir that is in use, and a folder to which an attacker would have things led. */
async function sceneInUse(context: Cleanup) {
  const scene = await sceneWithLogin(context);
  const { home, server } = scene;
  const elsewhere = join(home.home, "elsewhere");
  await mkdir(elsewhere);
  await giveToOrdinaryUser(home);
  expect((await asOrdinaryUser(home, "run", "--once").ended).code).toBe(0);
  const next = await home.pair();
  expect(next).not.toBeNull();
  await home.putEntries({ anthropic: { type: "oauth", ...next, expires: Date.now() - 1_000 } });
  await giveToOrdinaryUser(home);
  const sent = (await server.requests()).length;
  return { ...scene, elsewhere, sent };
}

async function leadAway(path: string, elsewhere: string): Promise<void> {
  const target = join(elsewhere, "led");
  // Whatever is there would be found again behind the link.
  await rename(path, target).catch(() => mkdir(target));
  await symlink(target, path);
}

async function leadFileAway(path: string, elsewhere: string): Promise<void> {
  const target = join(elsewhere, "led");
  await rename(path, target).catch(() => writeFile(target, ""));
  await symlink(target, path);
}

const notes = async ({ stateDir }: CliHome): Promise<string> => {
  const [name = ""] = await readdir(join(stateDir, "files"));
  return join(stateDir, "files", name);
};

interface Spoiled {
  readonly name: string;
  /** @returns the path that must be named. */
  readonly spoil: (home: CliHome, elsewhere: string) => Promise<string>;
  readonly says: RegExp;
}

const LINK = /is a link.*Remove/;
const OPEN = /other users may write.*chmod/i;

async function opened(path: string, mode: number): Promise<string> {
  await chmod(path, mode);
  return path;
}

async function led(path: string, elsewhere: string, lead = leadAway): Promise<string> {
  await lead(path, elsewhere);
  return path;
}

/** One of each kind; own-folders.test.ts beside the code has them all. */
const SPOILED: readonly Spoiled[] = [
  { name: "a state dir that the group may write", spoil: ({ stateDir }) => opened(stateDir, 0o770), says: OPEN },
  {
    name: "a folder above it that all may write",
    spoil: ({ stateDir }) => opened(dirname(stateDir), 0o777),
    says: OPEN,
  },
  { name: "a link at journal/", spoil: ({ journal }, to) => led(journal, to), says: LINK },
  {
    name: "a link at the history's file",
    spoil: async (home, to) => led(join(await notes(home), "history", "events.jsonl"), to, leadFileAway),
    says: LINK,
  },
  {
    name: "a link at the log file",
    spoil: ({ stateDir }, to) => led(join(stateDir, "log", "pilot-light.log"), to, leadFileAway),
    says: LINK,
  },
];

/** Of everything below two folders. */
async function pictures(...folders: readonly string[]) {
  const all: Record<string, string> = {};
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isDirectory()) all[path] = JSON.stringify(await picture(path));
    }
    all[folder] = JSON.stringify(await picture(folder));
  }
  return all;
}

const SENDING = [["refresh"], ["run"]];
const ALL_COMMANDS = [...SENDING, ["run", "--once"], ["status"], ["ping"]];

async function refused(home: CliHome, path: string, says: RegExp, commands = SENDING): Promise<void> {
  for (const command of commands) {
    const ended = await asOrdinaryUser(home, ...command, "--log-level", "debug").ended;
    expect({ command, code: ended.code }).toEqual({ command, code: 4 });
    const lines = ended.stderr.trim().split("\n");
    expect(lines).toHaveLength(1);
    expect(saidBy(ended)).toMatch(says);
    expect(saidBy(ended)).toContain(path);
  }
}

const toldByDoctor = async (home: CliHome): Promise<Ended> => asOrdinaryUser(home, "doctor").ended;

describe("our own folders", () => {
  it.concurrent.for(SPOILED)(
    "$name: one sentence, exit 4, nothing sent or written",
    async ({ spoil, says }, context) => {
      const { home, server, elsewhere, sent } = await sceneInUse(context);
      const path = await spoil(home, elsewhere);
      const before = await pictures(home.stateDir, elsewhere, dirname(home.authFile));
      await refused(home, path, says);
      const doctor = await toldByDoctor(home);
      expect(saidBy(doctor)).toMatch(/BAD .*(is a link|may write)/);
      expect(doctor.stdout.replace(/\s/g, "")).toContain(path);
      expect(await pictures(home.stateDir, elsewhere, dirname(home.authFile))).toEqual(before);
      expect(await server.requests()).toHaveLength(sent);
    },
  );

  it.skipIf(!isRoot)("a state dir of another user: the same", async (context) => {
    const { home, server, sent } = await sceneInUse(context);
    const path = home.stateDir;
    for (const mode of [0o755, 0o700]) {
      await chown(path, 1, 1);
      await chmod(path, mode);
      await refused(home, path, /belongs to another user/, ALL_COMMANDS);
      expect(saidBy(await toldByDoctor(home))).toContain("belongs to another user");
      await giveToOrdinaryUser(home);
      await chmod(path, 0o700);
    }
    expect(await server.requests()).toHaveLength(sent);
    expect((await asOrdinaryUser(home, "run", "--once").ended).code).toBe(0);
  });

  it.concurrent("a state dir that others may only read is closed to them, and the log says so", async (context) => {
    const { home, server, login } = await sceneWithLogin(context);
    await mkdir(home.stateDir, { recursive: true });
    await chmod(home.stateDir, 0o755);
    await giveToOrdinaryUser(home);
    await asOrdinaryUser(home, "status").ended;
    expect((await lstat(home.stateDir)).mode & 0o777).toBe(0o755);
    expect((await asOrdinaryUser(home, "run", "--once").ended).code).toBe(0);
    expect((await lstat(home.stateDir)).mode & 0o777).toBe(0o700);
    expect(await server.redemptions(login.refresh)).toBe(1);
    const log = await readFile(join(home.stateDir, "log", "pilot-light.log"), "utf8");
    expect(log).toContain("closed to other users");
  });

  it.concurrent("nothing in them may be read by others, whatever the umask was", async (context) => {
    const { home } = await sceneWithLogin(context);
    const freely = (...args: readonly string[]) =>
      spawnCli("sh", ["-c", 'umask 000; exec "$0" "$@"', process.execPath, CLI, ...args], home.env, home.home).ended;
    expect((await freely("run", "--once")).code).toBe(0);
    expect((await freely("pause", "--all")).code).toBe(0);
    for (const folder of [home.stateDir, dirname(home.settingsFile)]) expect(await openBelow(folder)).toEqual([]);
    expect((await freely("resume", "--all")).code).toBe(0);
  });

  it.concurrent("a state dir that is reached through a link is used", async (context) => {
    const { home, server, login } = await sceneWithLogin(context);
    const real = join(home.home, "real-state");
    await mkdir(real, { mode: 0o700 });
    await mkdir(dirname(home.stateDir), { recursive: true });
    await symlink(real, home.stateDir);
    await giveToOrdinaryUser(home);
    expect((await asOrdinaryUser(home, "run", "--once").ended).code).toBe(0);
    expect(await server.redemptions(login.refresh)).toBe(1);
    expect([...(await filesBelow(real)).keys()]).toContain(join("journal", "key"));
  });

  it.concurrent.for([
    ["folder", (home: CliHome) => dirname(home.settingsFile)],
    ["file", (home: CliHome) => home.settingsFile],
  ] as const)("a settings %s that others may write is not obeyed", async ([_what, spoiled], context) => {
    const { home, server } = await sceneWithLogin(context);
    await mkdir(dirname(home.settingsFile), { recursive: true, mode: 0o700 });
    await writeFile(home.settingsFile, "{}", { mode: 0o600 });
    const path = spoiled(home);
    await chmod(path, 0o777);
    await giveToOrdinaryUser(home);
    await refused(home, path, OPEN);
    expect(await server.requests()).toEqual([]);
    await chmod(path, 0o700);
    expect((await asOrdinaryUser(home, "run", "--once").ended).code).toBe(0);
  });

  it.concurrent("a journal that is led away under a running keeper stops it until it is mended", async (context) => {
    const { home, server, login } = await sceneWithLogin(context, { healthy: true });
    await giveToOrdinaryUser(home);
    const keeper = asOrdinaryUser(home, "run");
    context.onTestFinished(async () => {
      keeper.kill("SIGKILL");
      await keeper.ended;
    });
    await keeper.prints("keeping these logins alive");
    // A pass that is still under way has looked at its folders already, and would go on behind the link.
    const isIdle = async () =>
      (await readdir(home.journal).catch(() => [])).some((name) => name.endsWith(".copy")) &&
      !(await readdir(dirname(home.authFile))).includes(".auth.json.pilot-light.lock");
    await until("its first pass has kept a copy and ended", isIdle);
    const elsewhere = join(home.home, "elsewhere");
    await mkdir(elsewhere);
    await leadAway(home.journal, elsewhere);
    const before = [...(await filesBelow(elsewhere)).keys()];
    const due = await server.issue();
    await home.putEntries({ anthropic: { type: "oauth", ...due, expires: Date.now() - 1_000 } });
    await giveToOrdinaryUser(home);
    await keeper.prints("is a link");
    expect([...(await filesBelow(elsewhere)).keys()]).toEqual(before);
    expect(await server.redemptions(due.refresh)).toBe(0);
    await rm(home.journal);
    await rename(join(elsewhere, "led"), home.journal);
    await until("it goes on", async () => (await server.redemptions(due.refresh)) === 1, 30_000);
    expect(await server.redemptions(login.refresh)).toBe(0);
  });
});
