/** `doctor` as a process of its own: what it finds, that it changes and sends nothing, and that it tells no secret. */
import { chmod, mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { CliHome, Ended } from "../support/cli.ts";
import { oauthEntry } from "../support/entries.ts";
import { filesBelow, picture, putBytes, scene, sceneWithLogin } from "../support/scene.ts";

const MARK = "planted-secret-0123456789";
const reportSchema = v.object({
  version: v.literal(1),
  findings: v.array(
    v.object({
      about: v.string(),
      level: v.picklist(["ok", "warn", "bad"]),
      kind: v.string(),
      sentence: v.string(),
      next: v.nullable(v.string()),
    }),
  ),
  paths: v.object({ authFile: v.string(), realPath: v.string(), stateDir: v.string(), settingsFile: v.string() }),
  locks: v.object({
    file: v.nullable(v.object({ pid: v.number(), alive: v.boolean() })),
    keeper: v.nullable(v.object({ pid: v.number(), alive: v.boolean() })),
  }),
});

async function report(home: CliHome, ...args: readonly string[]) {
  const ended = await home.run("doctor", "--json", ...args);
  return { code: ended.code, ...v.parse(reportSchema, JSON.parse(ended.stdout)) };
}
const bad = ({ findings }: Awaited<ReturnType<typeof report>>) => findings.filter(({ level }) => level === "bad");

describe("doctor", () => {
  it("finds nothing bad where all is well, changes nothing, and sends nothing", async (context) => {
    const { home, server } = await sceneWithLogin(context, { healthy: true });
    const before = await picture(dirname(home.authFile));
    const { code, findings, paths } = await report(home);
    expect(code).toBe(0);
    expect(findings.filter(({ level }) => level === "bad")).toEqual([]);
    expect(paths).toMatchObject({
      authFile: home.authFile,
      realPath: home.authFile,
      stateDir: home.stateDir,
      settingsFile: home.settingsFile,
    });
    expect(await picture(dirname(home.authFile))).toEqual(before);
    expect(await filesBelow(home.stateDir)).toEqual(new Map());
    expect(await server.requests()).toEqual([]);
  });

  it("tells no token, key or odd value, in text or JSON, whatever is wrong", async (context) => {
    const { home, server } = await scene(context);
    const login = await server.issue();
    const secrets: string[] = [MARK, login.access, login.refresh];
    await home.putEntries({
      anthropic: oauthEntry(login),
      broken: { type: "oauth", refresh: 7, access: MARK, expires: MARK },
      key: { type: "api", key: MARK },
    });
    const said: Ended[] = [];
    const look = async () => {
      for (const json of [[], ["--json"]]) said.push(await home.run("doctor", ...json, "--log-level", "debug"));
    };
    await look();
    await home.run("run", "--once");
    await mkdir(join(home.home, ".claude"), { recursive: true });
    await writeFile(
      join(home.home, ".claude", ".credentials.json"),
      JSON.stringify({ claudeAiOauth: { refreshToken: login.refresh, accessToken: MARK } }),
    );
    await look();
    expect(said.at(-1)?.stdout).toContain("Claude Code also uses anthropic");
    for (const content of [`{"anthropic": "${MARK}`, `{"anthropic": 1, "anthropic": "${MARK}"}`, `"${MARK}"`]) {
      await putBytes(home, content);
      await look();
      expect(said.at(-1)?.code).toBe(4);
    }
    for (const ended of said) {
      const text = ended.stdout + ended.stderr;
      expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    }
  });

  it("names the keeper while it runs, and says where another endpoint was said", async (context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    const keeper = home.start("run");
    await keeper.prints("keeping these logins alive");
    const running = await report(home);
    expect(running.locks.keeper).toEqual({ pid: keeper.pid, alive: true });
    expect(running.findings.find(({ about }) => about === "endpoints")?.sentence).toContain("(from the environment)");
    keeper.kill();
    await keeper.ended;
    expect((await report(home)).locks.keeper).toBeNull();
  });

  it.for<readonly [string, number, string, (home: CliHome) => Promise<void>]>([
    ["a clock that was set back", 1, "clock", inTheFuture],
    ["notes of a newer version", 1, "notes", writeNewerNotes],
    ["damaged settings", 1, "notes", damageSettings],
    ["a file that is no JSON", 4, "file", (home) => putBytes(home, "{ no JSON")],
  ])("finds %s, and says what to do", async ([_name, code, about, damage], context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    await home.run("run", "--once");
    await damage(home);
    const found = await report(home);
    expect(found.code).toBe(code);
    expect(bad(found)).toMatchObject([{ about }]);
    expect(bad(found)[0]?.next).not.toBeNull();
    // Whatever is wrong with our own notes, the file is counted as it stands.
    if (code === 1) expect(found.findings[0]?.sentence).toContain("1 login ");
  });

  it("finds a file that others may read", async (context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    await chmod(home.authFile, 0o644);
    const { code, stdout } = await home.run("doctor");
    expect(code).toBe(0);
    expect(stdout).toContain("look  Other users of this machine can read the credential file (mode 644).");
    expect(stdout.split("\n").filter((line) => line.length > 80 && !line.includes(home.home))).toEqual([]);
  });
});

/** The one folder of notes on the one credential file. */
async function notesOf(home: CliHome): Promise<string> {
  const [path] = [...(await filesBelow(home.stateDir)).keys()].filter((each) => each.endsWith("lineage.json"));
  if (path === undefined) throw new Error("there are no notes yet");
  return join(home.stateDir, path);
}

async function inTheFuture(home: CliHome): Promise<void> {
  const then = Date.now() / 1000 + 7_200;
  await utimes(await notesOf(home), then, then);
}

async function writeNewerNotes(home: CliHome): Promise<void> {
  await writeFile(await notesOf(home), '{"version":2}');
}

async function damageSettings(home: CliHome): Promise<void> {
  await mkdir(dirname(home.settingsFile), { recursive: true });
  await writeFile(home.settingsFile, "no JSON");
}
