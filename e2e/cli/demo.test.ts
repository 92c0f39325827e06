/** The demo as a person starts it: the built command line, real signals, a real folder. */
import { accessSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as v from "valibot";
import { describe, expect, it, onTestFinished } from "vitest";
import { snapshotSchema } from "../../app/shared/login/snapshot.ts";
import { CLI, type Cli, type CliHome, createCliHome, spawnCli } from "../support/cli.ts";
import { until } from "../support/wait.ts";

const PLANTED = "sk-ant-ort01-planted";
const DEMO_TOKEN = /demo-(access|refresh)-/;
const DAY = 86_400_000;

const firstWords = v.object({
  folder: v.string(),
  authFile: v.string(),
  stateDir: v.string(),
  tokenUrl: v.string(),
  apiUrl: v.string(),
  look: v.string(),
});
const authSchema = v.object({
  providers: v.object({
    anthropic: v.object({ records: v.array(v.object({ id: v.string(), refresh: v.string(), access: v.string() })) }),
  }),
});

/** A user with a login of their own, and surroundings that all point at it. */
async function user(): Promise<CliHome> {
  const home = await createCliHome({ tokenUrl: "", apiUrl: "", ping: null });
  onTestFinished(() => home.close());
  await home.putEntries({
    anthropic: { type: "oauth", refresh: PLANTED, access: PLANTED, expires: Date.now() - DAY },
  });
  const claude = join(home.home, ".claude", ".credentials.json");
  await mkdir(dirname(claude));
  await writeFile(claude, JSON.stringify({ claudeAiOauth: { refreshToken: PLANTED } }));
  return home;
}

interface Running {
  readonly cli: Cli;
  readonly words: v.InferOutput<typeof firstWords>;
  /** The system calls that were traced; null where there is no strace. */
  readonly trace: string | null;
}

const STRACE = "/usr/bin/strace";

function hasStrace(): boolean {
  try {
    accessSync(STRACE);
    return true;
  } catch {
    return false;
  }
}

async function demo(home: CliHome, options: { readonly traced?: boolean } = {}): Promise<Running> {
  const env = {
    ...home.env,
    PILOT_LIGHT_AUTH_FILE: home.authFile,
    PILOT_LIGHT_STATE_DIR: join(home.home, "state-of-the-user"),
    PILOT_LIGHT_TOKEN_URL: "http://127.0.0.1:9/elsewhere",
    PILOT_LIGHT_API_URL: "http://127.0.0.1:9",
    PILOT_LIGHT_PING: "off",
    CLAUDE_CONFIG_DIR: join(home.home, ".claude"),
  };
  const trace = options.traced === true && hasStrace() ? join(home.home, "tmp", "trace") : null;
  const own = [CLI, "demo", "--json"];
  // -D: what we started is the demo itself, and the tracer goes when it goes.
  const tracing = ["-D", "-f", "-qq", "-s", "400", "-e", "trace=connect,bind,sendto,sendmsg,openat", "-o", trace ?? ""];
  const cli =
    trace === null
      ? spawnCli(process.execPath, own, env, home.home)
      : spawnCli(STRACE, [...tracing, process.execPath, ...own], env, home.home);
  onTestFinished(async () => {
    cli.kill("SIGKILL");
    await cli.ended;
  });
  await cli.prints('"look"');
  const line = cli
    .printed()
    .split("\n")
    .find((each) => each.includes('"look"'));
  return { cli, words: v.parse(firstWords, JSON.parse(line ?? "")), trace };
}

/** Everything below a folder: paths and contents, but for the temporary folder. */
async function everything(folder: string, below = ""): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = join(below, entry.name);
    if (path === "tmp") continue;
    if (entry.isDirectory()) Object.assign(found, { [path]: "" }, await everything(folder, path));
    else found[path] = await readFile(join(folder, path), "utf8");
  }
  return found;
}

const demoFolders = async (home: CliHome) =>
  (await readdir(join(home.home, "tmp"))).filter((name) => name.startsWith("pilot-light-demo-"));

async function recordOf(authFile: string, id: string) {
  const { providers } = v.parse(authSchema, JSON.parse(await readFile(authFile, "utf8")));
  return providers.anthropic.records.find((record) => record.id === id);
}

/** A line about a login, with this in it. */
function told(cli: Cli, id: string, part: string): boolean {
  return cli
    .printed()
    .split("\n")
    .some((line) => line.includes(`"recordId":"anthropic/${id}"`) && line.includes(part));
}

describe("pilot-light demo", () => {
  it("shows in half a minute what can become of a login, and touches nothing of the user's", async () => {
    const home = await user();
    const before = await everything(home.home);
    const { cli, words, trace } = await demo(home, { traced: true });
    expect(words.tokenUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\/oauth\/token$/);
    expect(words.apiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(dirname(words.folder)).toBe(join(home.home, "tmp"));
    expect([words.authFile, words.stateDir].map(dirname)).toEqual([words.folder, words.folder]);

    for (const id of ["work", "home"]) {
      await until(`${id} is refreshed`, () => told(cli, id, '"outcome":"refreshed"'));
    }
    const second = await recordOf(words.authFile, "work");
    expect(second).toMatchObject({ refresh: expect.stringContaining("demo-refresh-work-2-") as string });

    // Another terminal: its settings lead to the same provider, so a refresh there rotates once more.
    const place = ["--state-dir", words.stateDir, "--auth-file", words.authFile];
    const again = await home.run("refresh", "anthropic/work", ...place);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^anthropic\/work: /) as string });
    const third = await recordOf(words.authFile, "work");
    expect(third).toMatchObject({
      refresh: expect.stringContaining("demo-refresh-work-3-") as string,
      access: expect.stringContaining("demo-access-work-3-") as string,
    });
    expect((await home.run("ping", "anthropic/home", ...place)).code).toBe(0);

    await until("team must wait", () => told(cli, "team", '"state":"rateLimited"'), 40_000);
    await until("laptop has ended", () => told(cli, "laptop", '"state":"signIn"'), 60_000);
    const [program, ...look] = words.look.split(" ");
    expect(program).toBe("pilot-light");
    const status = await home.run(...look, "--json");
    expect(status.code).toBe(1);
    const { accounts: logins, keeper } = v.parse(snapshotSchema, JSON.parse(status.stdout));
    expect(keeper).toMatchObject({ running: true, pid: cli.pid });
    expect(logins.map(({ id, label, state }) => [id, label, state])).toEqual([
      ["anthropic/work", "work", "healthy"],
      ["anthropic/home", "home", "healthy"],
      ["anthropic/laptop", "laptop", "signIn"],
      ["anthropic/team", "team", "rateLimited"],
    ]);
    const [work, own] = logins;
    expect(Math.floor(((work?.loginEndsAt ?? 0) - Date.now()) / DAY)).toBe(19);
    expect(own).toMatchObject({ loginEndsAt: null, lastPing: { outcome: "ok", mode: "message" } });

    cli.kill("SIGINT");
    const ended = await cli.ended;
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.stdout).toMatch(/"msg":"the demo has ended; its folder is removed"\}\n$/);
    expect(await demoFolders(home)).toEqual([]);
    expect(await everything(home.home)).toEqual(before);
    for (const text of [ended.stdout, ended.stderr, again.stdout, again.stderr, status.stdout]) {
      expect(text).not.toContain(PLANTED);
      expect(text).not.toMatch(DEMO_TOKEN);
    }

    if (trace === null) return;
    const calls = (await readFile(trace, "utf8")).split("\n");
    const addressed = calls.filter((call) => /sa_family=AF_(?!UNSPEC)/.test(call));
    expect(addressed.length).toBeGreaterThan(0);
    expect(addressed.filter((call) => !call.includes('sin_addr=inet_addr("127.0.0.1")'))).toEqual([]);
    const opened = calls.filter((call) => call.includes("openat(") && call.includes(`"${home.home}/`));
    expect(opened.length).toBeGreaterThan(0);
    expect(opened.filter((call) => !call.includes(`"${words.folder}`) && !isLook(call, home))).toEqual([]);
  }, 120_000);

  it.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("leaves nothing behind when %s ends it at once", async (signal) => {
    const home = await user();
    const { cli, words } = await demo(home);
    // A refresh is under way by now: it is heard out.
    await cli.prints("token expired or expiring soon");
    cli.kill(signal);
    expect(await cli.ended).toMatchObject({ code: 0, signal: null });
    expect(await demoFolders(home)).toEqual([]);
    expect(words.folder).toContain(`pilot-light-demo-${cli.pid}-`);
  });

  it("clears away after one that was killed, and leaves one that lives", async () => {
    const home = await user();
    const [killed, lives] = [await demo(home), await demo(home)];
    killed.cli.kill("SIGKILL");
    await killed.cli.ended;
    expect(await demoFolders(home)).toHaveLength(2);
    const next = await demo(home);
    expect([...(await demoFolders(home))].sort()).toEqual(
      [lives, next].map(({ words }) => basename(words.folder)).sort(),
    );
    for (const { cli } of [lives, next]) {
      cli.kill("SIGTERM");
      expect(await cli.ended).toMatchObject({ code: 0 });
    }
    expect(await demoFolders(home)).toEqual([]);
  });

  it.each([
    ["--auth-file", "x"],
    ["--state-dir", "x"],
    ["--token-url", "http://127.0.0.1:9/"],
    ["--api-url", "http://127.0.0.1:9"],
    ["--ping", "sometimes"],
    ["--log-level", "loud"],
  ])("is wrong usage with %s %s, and starts nothing", async (flag, value) => {
    const home = await user();
    const { code, stdout, stderr } = await home.run("demo", flag, value);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(flag);
    expect(await demoFolders(home)).toEqual([]);
  });
});

/** The folder for temporary ones itself is looked through for older demos. */
function isLook(call: string, home: CliHome): boolean {
  return call.includes(`"${join(home.home, "tmp")}"`);
}
