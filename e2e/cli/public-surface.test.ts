import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { type Snapshot, snapshotSchema } from "../../app/shared/login/snapshot.ts";
import manifest from "../../package.json" with { type: "json" };
import { CLI, type CliHome, spawnCli } from "../support/cli.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { loginOf, scene, sceneWithLogin } from "../support/scene.ts";
import { type Behaviour, oauthError } from "../support/server/token-script.ts";
import type { TokenServer } from "../support/server/token-server.ts";
import { until } from "../support/wait.ts";

const snapshotIn = (text: string): Snapshot => v.parse(v.strictObject(snapshotSchema.entries), JSON.parse(text));

describe.concurrent("the words", () => {
  it.concurrent("--version and the bin of package.json", async (context) => {
    const { home } = await scene(context);
    expect(await home.run("--version")).toMatchObject({ code: 0, stdout: `${manifest.version}\n`, stderr: "" });
    expect(CLI.endsWith(manifest.bin["pilot-light"])).toBe(true);
    expect((await readFile(CLI, "utf8")).startsWith("#!/usr/bin/env node\n")).toBe(true);
    expect((await stat(CLI)).mode & 0o111).toBe(0o111);
    expect(await readdir(home.home)).toEqual(["tmp"]);
  });

  const COMMANDS = [
    "run",
    "status",
    "accounts",
    "refresh",
    "ping",
    "pause",
    "resume",
    "allow",
    "disallow",
    "history",
    "rescue",
    "settings",
    "logs",
    "completion",
  ];
  const FLAGS = ["--auth-file", "--state-dir", "--token-url", "--api-url", "--ping", "--json", "--log-level", "--help"];

  it.concurrent("the help names every command, flag, variable and exit code, in 80 columns", async (context) => {
    const { home } = await scene(context);
    const { code, stdout, stderr } = await home.run("--help");
    expect([code, stderr]).toEqual([0, ""]);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, "m"));
    for (const flag of FLAGS) expect(stdout).toContain(flag);
    for (const name of ["AUTH_FILE", "STATE_DIR", "TOKEN_URL", "API_URL", "PING"]) {
      expect(stdout).toContain(`PILOT_LIGHT_${name}`);
    }
    expect(stdout).toContain("renew");
    expect(stdout).toMatch(/Exit codes: 0 .*1 .*2 .*3 .*4 /s);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect((await home.run("-h")).stdout).toBe(stdout);
  });

  it.concurrent("each command explains itself, whatever else was typed", async (context) => {
    const { home } = await scene(context);
    for (const command of [...COMMANDS, "renew"]) {
      const { code, stdout } = await home.run(command, "--bogus", "--help");
      expect([command, code]).toEqual([command, 0]);
      expect(stdout).toContain(`Usage: pilot-light ${command === "renew" ? "refresh" : command}`);
    }
  });

  it.concurrent("renew is refresh", async (context) => {
    const { home, server } = await sceneWithLogin(context);
    const ended = await home.run("renew", "--json");
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toEqual({
      version: 1,
      results: [{ id: "anthropic", sentence: "Refreshed.", state: "healthy" }],
    });
    expect(await server.requests("token")).toHaveLength(1);
  });
});

describe.concurrent("options", () => {
  it.concurrent("flag before environment before settings before default", async (context) => {
    const { home, server } = await sceneWithLogin(context, { env: { PILOT_LIGHT_PING: "" }, healthy: true });
    await mkdir(dirname(home.settingsFile), { recursive: true });
    await writeFile(home.settingsFile, '{"ping":{"mode":"profile"},"unknown":[1]}');
    expect((await home.run("run", "--once")).code).toBe(0);
    expect((await loginOf(home)).lastPing?.mode).toBe("profile");
    await home.run("run", "--once", "--ping", "message");
    expect((await loginOf(home)).lastPing?.mode).toBe("message");
    expect((await server.requests()).map(({ endpoint }) => endpoint)).toEqual(["profile", "message"]);
    // What we change in the settings leaves the rest as it stands.
    await home.run("pause", "anthropic");
    expect(JSON.parse(await readFile(home.settingsFile, "utf8"))).toEqual({
      ping: { mode: "profile" },
      unknown: [1],
      pauses: { anthropic: null },
    });
  });

  it.concurrent("--auth-file and --state-dir: another file, an instance of its own, relative paths, too", async (context) => {
    const { home, server } = await scene(context);
    const login = await server.issue();
    await mkdir(join(home.home, "elsewhere"));
    const file = join(home.home, "elsewhere", "logins.json");
    await writeFile(file, JSON.stringify({ anthropic: oauthEntry(expired(login)) }));
    const where = ["--auth-file", "elsewhere/logins.json", "--state-dir", "state of mine"];
    expect((await home.run("run", "--once", ...where)).code).toBe(0);
    expect(await server.redemptions(login.refresh)).toBe(1);
    expect((await readdir(home.home)).sort()).toEqual(["elsewhere", "state of mine", "tmp"]);
    const { stdout } = await home.run("status", "--json", ...where);
    expect(snapshotIn(stdout).file).toEqual({ path: file, format: "flat", problem: null, problemKind: null });
    expect(await readdir(join(home.home, "elsewhere"))).toEqual(["logins.json"]);
    await home.run("pause", "--all", ...where);
    expect(await readdir(join(home.home, "state of mine"))).toContain("settings.json");
  });

  it.concurrent("an encoding from the settings: form", async (context) => {
    const { home, server } = await sceneWithLogin(context);
    await mkdir(dirname(home.settingsFile), { recursive: true });
    await writeFile(home.settingsFile, '{"providers":{"anthropic":{"encoding":"form"}}}');
    expect((await home.run("run", "--once", "--token-url", `anthropic=${server.tokenUrl}`)).code).toBe(0);
    expect((await server.requests("token"))[0]?.encoding).toBe("form");
  });
});

describe.concurrent("status", () => {
  it.concurrent("obeys nothing that a file says, stays in 80 columns, and has no colour in a pipe", async (context) => {
    const { home, server } = await scene(context, { env: { FORCE_COLOR: "1", COLORTERM: "truecolor" } });
    const evil = [
      "\u001b[31mred\u001b[0m",
      "\u001b]0;title\u0007",
      "two\nlines\r\tand a tab",
      "\u202eright to left\u202c",
      "\u2066isolate\u2069\u200bzero\ufeff",
      "\u009b31mC1",
      "\u2028separator",
      `${"long ".repeat(60)}end`,
      "日本語のとても長い名前のプロバイダー".repeat(4),
      "\u0000nul",
      "\ud800",
    ];
    const healthy = await server.issue();
    const entries = Object.fromEntries(
      evil.map((id, n) => [id, n % 2 === 0 ? { type: "oauth" } : oauthEntry({ ...healthy, refresh: `x${n}` })]),
    );
    await home.putEntries({ ...entries, anthropic: oauthEntry(healthy) });
    for (const command of ["status", "accounts", "run --once", "refresh --all", "history", "status --json"]) {
      const { stdout, stderr } = await home.run(...command.split(" "));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      expect([command, /[^\P{C}\n]|[\u2028\u2029]/u.exec(stdout + stderr)?.[0]]).toEqual([command, undefined]);
      if (command !== "status") continue;
      const table = stdout.slice(0, stdout.indexOf("\n\n"));
      expect(table.split("\n")).toHaveLength(evil.length + 2);
      for (const line of table.split("\n")) expect(cells(line)).toBeLessThanOrEqual(80);
    }
    const { stdout } = await home.run("status", "--json");
    // The JSON says exactly what the file says.
    const ids = snapshotIn(stdout).accounts.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(evil.slice(0, 10)));
  });

  it.concurrent("has colour on a terminal, and none with NO_COLOR or a dumb one", async (context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    const onTerminal = async (env: Readonly<Record<string, string>>) => {
      const words = ["-qec", `'${process.execPath}' '${CLI}' status`, "/dev/null"];
      const { code, stdout } = await spawnCli("script", words, { ...home.env, TERM: "xterm", ...env }, home.home).ended;
      expect(code).toBe(0);
      expect(stdout).toContain("healthy");
      return stdout.includes("\u001b[");
    };
    expect(await onTerminal({})).toBe(true);
    expect(await onTerminal({ NO_COLOR: "1" })).toBe(false);
    expect(await onTerminal({ TERM: "dumb" })).toBe(false);
  });

  it.concurrent("--json is the format, and the same as the running keeper's status.json", async (context) => {
    const { home } = await sceneWithLogin(context, { rules: { refreshTokenExpiresIn: 864_000 } });
    const alone = snapshotIn((await home.run("status", "--json")).stdout);
    expect(alone.keeper).toEqual({ running: false, pid: null, since: null });
    const keeper = home.start("run");
    await until("it is refreshed", async () => (await home.published())?.accounts[0]?.state === "healthy");
    const text = await readFile(join(home.stateDir, "status.json"), "utf8");
    const { stdout, code } = await home.run("status", "--json");
    const [published, asked] = [snapshotIn(text), snapshotIn(stdout)];
    expect(code).toBe(0);
    expect({ ...asked, generatedAt: 0 }).toEqual({ ...published, generatedAt: 0 });
    expect(asked.keeper).toMatchObject({ running: true, pid: keeper.pid });
    expect(asked.accounts[0]).toMatchObject({ id: "anthropic", provider: "anthropic", label: "anthropic" });
    expect(asked.accounts[0]?.lastRefresh?.outcome).toBe("refreshed");
    expect((await home.run("status")).stdout).toContain(`Kept alive by pid ${keeper.pid}`);
    keeper.kill();
    expect((await keeper.ended).code).toBe(0);
    expect((await home.published())?.keeper).toEqual({ running: false, pid: null, since: null });
  });
});

/** The multi-account file, with expired logins of these ids. */
async function putRecords(home: CliHome, server: TokenServer, ids: readonly string[]): Promise<void> {
  const records: object[] = [];
  for (const id of ids) {
    const times = { createdAt: 1, updatedAt: 1, health: { successCount: 0, failureCount: 0 } };
    records.push({ id, ...expired(await server.issue()), ...times });
  }
  await home.putEntries({ version: 2, providers: { anthropic: { type: "oauth", active: {}, order: {}, records } } });
}

const overloaded = (seconds: string): Behaviour => ({
  kind: "answer",
  status: 503,
  headers: { "retry-after": seconds },
  body: "{}",
});

describe.concurrent("exit codes", () => {
  it.concurrent("the worst login decides: 4 before 1 before 3", async (context) => {
    const { home, server } = await scene(context);
    await putRecords(home, server, ["A", "B", "C"]);
    await server.script("token", oauthError("invalid_grant"), overloaded("600"));
    expect((await home.run("run", "--once")).code).toBe(1);
    const { accounts: logins } = await home.status();
    expect(logins.map(({ state }) => state).sort()).toEqual(["healthy", "retrying", "signIn"]);
    const exit = { healthy: 0, retrying: 3, signIn: 1 } as const;
    expect((await home.run("status")).code).toBe(1);
    // ping judges those that it was asked for; they are in the state that they are in.
    for (const { id, state } of logins) {
      if (state === "healthy" || state === "retrying" || state === "signIn")
        expect([state, (await home.run("ping", id)).code]).toEqual([state, exit[state]]);
    }
  });

  it.concurrent("a login that could not be refreshed is not all well, however short its wait", async (context) => {
    const { home, server } = await scene(context);
    await putRecords(home, server, ["A", "B"]);
    // Over before the pass is: the second login takes longer.
    await server.script("token", overloaded("1"));
    expect((await home.run("run", "--once")).code).toBe(3);
    expect(await server.requests("token")).toHaveLength(2);
    expect((await home.status()).accounts.map(({ state }) => state).sort()).toEqual(["healthy", "retrying"]);
  });

  it.concurrent("a flat file: unreadable before sign in", async (context) => {
    const { home, server } = await scene(context);
    await home.putEntries({ anthropic: oauthEntry(expired(await server.issue())), bad: 1 });
    await server.script("token", oauthError("invalid_grant"));
    expect((await home.run("run", "--once")).code).toBe(4);
    expect((await home.run("status")).code).toBe(4);
    expect((await home.run("ping", "anthropic")).code).toBe(1);
  });

  it.concurrent.for(["SIGINT", "SIGTERM", "SIGHUP"] as const)("run ends with 0 on %s", async (signal, context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    const keeper = home.start("run");
    await until("it keeps", async () => (await home.published())?.keeper.running);
    keeper.kill(signal);
    expect(await keeper.ended).toMatchObject({ code: 0, signal: null });
  });
});

describe.concurrent("two keepers of one file", () => {
  it.concurrent("the second shows the first, and takes over within 5 s of its end", async (context) => {
    const { home, server } = await sceneWithLogin(context, { healthy: true });
    const first = home.start("run");
    await until("the first keeps", async () => (await home.published())?.keeper.pid === first.pid);
    const second = home.start("run");
    await second.prints(`pid ${first.pid}`);
    first.kill("SIGKILL");
    await first.ended;
    const from = Date.now();
    await until("the second keeps", async () => (await home.published())?.keeper.pid === second.pid);
    expect(Date.now() - from).toBeLessThan(6_500);
    const other = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(expired(other)) });
    await server.seen("token", 1);
    second.kill();
    expect((await second.ended).code).toBe(0);
    expect((await home.pair())?.refresh).toBe((await server.standing(other.refresh)).newest);
  });
});

/** Terminal cells, with every East Asian letter as two. */
function cells(text: string): number {
  return text.length + (text.match(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uff60]/g) ?? []).length;
}
