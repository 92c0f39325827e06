/** The command line as a process of its own: real files, a real server on loopback, real signals, real pipes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { collect } from "../support/output.ts";

const PLANTED = "planted-secret";
const VERSION = "9.8.7-test";

// Each command is a process of its own, and one that wrote watches its file for 2 s.
vi.setConfig({ testTimeout: 30_000 });

let program = "";
let folder = "";
let home = "";
let authFile = "";
let server: Server;
let url = "";
/** What the server does with a token request. */
let onToken: (answer: () => void) => void = (answer) => answer();
let tokensGiven = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pilot-light-cli-"));
  const entry = new URL("../../app/cli/index.ts", import.meta.url).pathname;
  await build({
    configFile: false,
    logLevel: "error",
    publicDir: false,
    define: { __VERSION__: JSON.stringify(VERSION) },
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      target: "node20.19",
      outDir: folder,
      rolldownOptions: { output: { entryFileNames: `${basename(entry)}.mjs`, codeSplitting: false } },
    },
  });
  program = join(folder, "index.ts.mjs");
  server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.setHeader("content-type", "application/json");
      if (request.url?.includes("token") !== true)
        return response.end('{"usage":{"input_tokens":8,"output_tokens":5}}');
      onToken(() => {
        tokensGiven += 1;
        const pair = { access_token: `${PLANTED}-a${tokensGiven}`, refresh_token: `${PLANTED}-r${tokensGiven}` };
        response.end(JSON.stringify({ ...pair, expires_in: 28_800 }));
      });
      return response;
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  url = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
}, 60_000);

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  onToken = (answer) => answer();
  home = mkdtempSync(join(folder, "home-"));
  authFile = join(home, ".local", "share", "opencode", "auth.json");
});

function signIn(ids: readonly string[], expires = Date.now() - 1_000): void {
  mkdirSync(join(authFile, ".."), { recursive: true });
  const login = (id: string) => ({ type: "oauth", refresh: `${PLANTED}-${id}`, access: `${PLANTED}-a-${id}`, expires });
  writeFileSync(authFile, JSON.stringify(Object.fromEntries(ids.map((id) => [id, login(id)]))));
}

interface Run {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<number | null>;
}

function start(line: string, env: Readonly<Record<string, string>> = {}): Run {
  const args = line === "" ? [] : line.split(" ");
  const endpoints = { PILOT_LIGHT_TOKEN_URL: `${url}/v1/oauth/token`, PILOT_LIGHT_API_URL: url };
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env["PATH"], HOME: home, ...endpoints, ...env },
    cwd: home,
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const { stdout, stderr } = collect(child);
  const ended = once(child, "close").then(([code]: unknown[]) => (typeof code === "number" ? code : null));
  return { child, stdout, stderr, ended };
}

async function run(line: string, env: Readonly<Record<string, string>> = {}) {
  const { ended, stdout, stderr } = start(line, env);
  const code = await ended;
  const result = { code, stdout: stdout(), stderr: stderr() };
  expect(JSON.stringify(result)).not.toContain(PLANTED);
  return result;
}

async function said(child: Run, text: string): Promise<void> {
  while (!child.stdout().includes(text)) {
    if (child.child.stdout === null) throw new Error("no output to wait for");
    await once(child.child.stdout, "data");
  }
}

describe("the program", () => {
  it("tells its version and its commands", async () => {
    expect(await run("--version")).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: "" });
    expect((await run("-h")).stdout).toContain("Usage: pilot-light COMMAND");
    expect(await run("")).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("Usage:") });
  });

  it("answers a wrong line with one sentence and 2, and touches nothing", async () => {
    const wrong = {
      statsu: "There is no command",
      "refresh --al": "Did you mean --all?",
      "status --token-url http://example.org/t": "--token-url cannot be used",
      "status --ping loud": "--ping must be",
    };
    const answers = Object.entries(wrong).map(async ([line, sentence]) => {
      const { code, stdout, stderr } = await run(line);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^[^\n]+\n$/);
      expect(stderr).toContain(sentence);
    });
    await Promise.all(answers);
    expect(readdirSync(home)).toEqual([]);
  });

  it("names the variable whose value is wrong", async () => {
    const { code, stderr } = await run("status", { PILOT_LIGHT_API_URL: "http://example.org" });
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/^PILOT_LIGHT_API_URL cannot/) });
  });

  it("is all well while there is no file", async () => {
    const answers = await Promise.all(["status", "run --once", "refresh", "accounts"].map((line) => run(line)));
    for (const answer of answers) {
      expect(answer).toMatchObject({ code: 0, stdout: expect.stringContaining(`Expected at ${authFile}`) });
    }
  });

  it("leaves a file alone that it does not understand, and answers 4", async () => {
    signIn(["anthropic"]);
    writeFileSync(authFile, '{"anthropic":');
    const answers = await Promise.all(["status", "run --once", "refresh", "ping"].map((line) => run(line)));
    for (const { code, stdout, stderr } of answers) {
      expect(code).toBe(4);
      expect(`${stdout}${stderr}`).toContain(authFile);
    }
    expect(readFileSync(authFile, "utf8")).toBe('{"anthropic":');
  });

  it("answers with one sentence where its folder cannot be used", async () => {
    writeFileSync(join(home, "state"), "in the way");
    const { code, stderr } = await run("refresh --state-dir state");
    expect(code).toBeGreaterThan(1);
    expect(stderr).toMatch(/^[^\n]+\n$/);
  });

  it("refreshes, pings and tells all about it", async () => {
    signIn(["anthropic"]);
    expect(await run("refresh")).toMatchObject({ code: 0, stdout: "anthropic: Refreshed.\n", stderr: "" });
    expect(readFileSync(authFile, "utf8")).toContain(`${PLANTED}-r${tokensGiven}`);
    expect(await run("ping --json")).toMatchObject({ code: 0, stderr: "" });
    const { stdout } = await run("status --json");
    expect(JSON.parse(stdout)).toMatchObject({
      accounts: [
        { id: "anthropic", state: "healthy", lastRefresh: { outcome: "refreshed" }, lastPing: { outcome: "ok" } },
      ],
    });
    expect((await run("history anthropic")).stdout).toContain("us: refreshed");
  });

  it("keeps pauses, also with a state dir of its own", async () => {
    signIn(["anthropic"], Date.now() + 28_800_000);
    expect(await run("pause --state-dir state")).toMatchObject({ code: 0 });
    expect((await run("status --state-dir state")).stdout).toContain("paused");
    expect((await run("status")).stdout).not.toContain("paused");
    expect(await run("resume --state-dir state")).toMatchObject({ code: 0 });
    expect((await run("status --state-dir state")).stdout).not.toContain("paused");
  });
});

describe("a signal", () => {
  it("ends a keeper at once where nothing is under way, with 0", async () => {
    signIn(["anthropic"], Date.now() + 28_800_000);
    const keeper = start("run --ping off");
    await said(keeper, "healthy");
    keeper.child.kill("SIGTERM");
    expect(await keeper.ended).toBe(0);
    // Each signal counts once: a library that sends it again is not heard.
    expect(keeper.stdout()).not.toContain("waiting up to 30 s for a refresh to finish");
    expect(keeper.stderr().split("\n")[0]).toContain('"msg":"starting oauth keepalive"');
  });

  it.each(["SIGINT", "SIGHUP"] as const)("cuts no token request, however often it comes: %s", async (name) => {
    signIn(["anthropic"]);
    const asked = new Promise<() => void>((resolve) => {
      onToken = resolve;
    });
    const command = start("refresh");
    const answer = await asked;
    command.child.kill(name);
    command.child.kill(name);
    answer();
    expect(await command.ended).toBe({ SIGHUP: 129, SIGINT: 130 }[name]);
    expect(readFileSync(authFile, "utf8")).toContain(`${PLANTED}-r${tokensGiven}`);
  });
});

describe("a reader that goes away", () => {
  it("stops no keeper and loses no answer", async () => {
    signIn(["anthropic"]);
    const asked = new Promise<() => void>((resolve) => {
      onToken = resolve;
    });
    const keeper = start("run --ping off");
    const answer = await asked;
    keeper.child.stdout?.destroy();
    answer();
    while (!keeper.stderr().includes("token refresh successful")) {
      if (keeper.child.stderr === null) throw new Error("no log to wait for");
      await once(keeper.child.stderr, "data");
    }
    keeper.child.kill("SIGTERM");
    expect(await keeper.ended).toBe(0);
    expect(readFileSync(authFile, "utf8")).toContain(`${PLANTED}-r${tokensGiven}`);
  });
});
