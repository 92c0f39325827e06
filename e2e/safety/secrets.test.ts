import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Cli, type CliHome, createCliHome, type Ended } from "../support/cli.ts";
import { oauthEntry } from "../support/entries.ts";
import { lookAtProcess } from "../support/proc.ts";
import { keeperRefreshed, LINES, MARK, plant, plantClaude, quotingPings } from "../support/secrets/planted.ts";
import { quotingAnswers } from "../support/secrets/quoting.ts";
import { startTokenServer, type TokenServer } from "../support/server/token-server.ts";

const secret = (what: string): string => `${what}-${MARK}-0123456789abcdefghijklmnopqrstuvwxyz`;

let server: TokenServer;
let home: CliHome;
/** Everything that was printed, by command line, and every look at a process. */
let shown: Map<string, string>;
beforeEach(async () => {
  server = await startTokenServer();
  home = await createCliHome({ tokenUrl: server.tokenUrl, apiUrl: server.apiUrl, ping: null });
  shown = new Map();
});
afterEach(async () => {
  await home.close();
  await server.close();
});

const note = (what: string, { stdout, stderr }: Ended): void =>
  void shown.set(`${shown.size} ${what}`, `${stdout}\n${stderr}`);
const run = async (...args: readonly string[]): Promise<Ended> => {
  const ended = await home.run(...args, "--log-level", "debug");
  note(args.join(" "), ended);
  return ended;
};
const lookAt = async ({ pid }: Cli): Promise<void> => {
  const look = await lookAtProcess(pid);
  expect(look?.cmdline).toContain("pilot-light");
  expect(look?.environ).toContain("PILOT_LIGHT_TOKEN_URL");
  shown.set(`${shown.size} /proc of ${pid}`, JSON.stringify(look));
};
const plantedLogin = async (): Promise<string> => (await plant(home, server, secret)).refresh;

/** Every file of the home by its relative path, but for those that hold tokens by design. */
async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
const mayHold = (path: string): boolean =>
  path === home.authFile || path.startsWith(home.journal) || path.startsWith(join(home.home, ".claude"));

/** Looks for the mark, and for the random end of each token, should its beginning have been cut off. */
async function nothingLeaked(): Promise<void> {
  const ends = new Set<string>();
  for (const { token } of await server.requests()) if (token !== null) ends.add(token.slice(-16));
  for (const path of (await filesOf(home.home)).filter(mayHold)) {
    for (const [, end] of (await readFile(path, "utf8")).matchAll(/planted-[\w-]*([\w-]{16})/g)) ends.add(end ?? "");
  }
  expect(ends.size).toBeGreaterThan(0);
  const holds = (text: string): boolean => text.includes(MARK) || [...ends].some((end) => text.includes(end));
  for (const [what, text] of shown) expect({ what, leaks: holds(text) ? text : false }).toEqual({ what, leaks: false });
  for (const path of await filesOf(home.home)) {
    if (mayHold(path)) continue;
    const what = relative(home.home, path);
    expect({ what, leaks: holds(path + (await readFile(path, "latin1"))) }).toEqual({ what, leaks: false });
  }
}

async function modesAreTight(): Promise<void> {
  const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);
  expect(await mode(home.authFile)).toBe("600");
  expect(await mode(home.stateDir)).toBe("700");
  const entries = await readdir(home.stateDir, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const what = relative(home.stateDir, path);
    expect({ what, mode: await mode(path) }).toEqual({ what, mode: entry.isDirectory() ? "700" : "600" });
  }
}

describe("a token", () => {
  it("stands in the credential file and the journal, and nowhere else, whatever is asked for", async () => {
    await plantedLogin();
    await plantClaude(home, secret);
    const keeper = home.start("run", "--log-level", "debug");
    await keeperRefreshed(home);
    await lookAt(keeper);
    await server.script("token", { kind: "ordinary", gateBefore: "look" });
    const refresh = home.start("refresh", "anthropic", "--log-level", "debug");
    await server.seen("token", 2);
    await lookAt(refresh);
    await server.release("look");
    const refreshed = await refresh.ended;
    expect(refreshed.code).toBe(0);
    note("refresh", refreshed);
    for (const line of LINES) await run(...line.split(" "));
    keeper.kill("SIGTERM");
    note("run", await keeper.ended);

    expect(await server.requests("message")).not.toEqual([]);
    expect(await server.requests("profile")).not.toEqual([]);
    // What is looked for can be found: it is where it belongs.
    const journal = (await filesOf(home.journal)).map((path) => readFile(path, "utf8"));
    expect((await Promise.all(journal)).join("")).toContain((await home.pair())?.refresh);
    expect(await readFile(home.authFile, "utf8")).toContain(secret("gsk"));
    expect([...shown.values()].join("")).toContain('"msg":"token refresh successful"');
    await nothingLeaked();
    await modesAreTight();
  });

  it.each(quotingAnswers)("is not repeated after an answer that quotes it: %s", async (_, code, answer) => {
    const token = await plantedLogin();
    await server.script("token", answer(token, server));
    const refresh = await run("refresh", "anthropic");
    for (const line of ["status", "status --json", "history --json"]) await run(...line.split(" "));
    await nothingLeaked();
    expect({ code: refresh.code, said: refresh.stdout }).toEqual({ code, said: refresh.stdout });
  });

  it("is not repeated after pings that quote it", async () => {
    await plantedLogin();
    expect((await run("refresh", "anthropic")).code).toBe(0);
    await quotingPings(home, server, run);
    expect(await server.requests("message")).toHaveLength(4);
    expect(await server.requests("profile")).toHaveLength(4);
    await run("status", "--json");
    await nothingLeaked();
  });

  it("is not quoted from a file that cannot be understood", async () => {
    await mkdir(dirname(home.authFile), { recursive: true });
    await mkdir(dirname(home.settingsFile), { recursive: true });
    const good = JSON.stringify({ anthropic: oauthEntry(await server.issue()) });
    for (const text of [
      secret("no json"),
      `${good} ${secret("more")}`,
      `\ufeff${good}`,
      good.slice(0, -9),
      `[${good}]`,
    ]) {
      await writeFile(home.authFile, text);
      for (const line of ["status", "refresh anthropic", "run --once --json"]) {
        const ended = await run(...line.split(" "));
        expect({ line, ...ended }).toMatchObject({ line, code: 4 });
      }
      expect(await readFile(home.authFile, "utf8")).toBe(text);
    }
    for (const url of [`http://me:${secret("word")}@127.0.0.1/`, `http://${MARK}.example/${secret("path")}`]) {
      const ended = await home.run("status", "--token-url", url);
      expect(ended.code).toBe(2);
      note("a wrong URL", ended);
    }
    expect(await server.requests()).toEqual([]);
    await nothingLeaked();
  });
});
