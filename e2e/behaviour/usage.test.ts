import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { picture, saidBy, scene, sceneWithLogin } from "../support/scene.ts";

/** What was typed, and what the answer must name: the nearest right word, or what is possible. */
const WRONG: readonly (readonly [string, string | RegExp])[] = [
  ["--jsn status", "--json"],
  ["status --Json", "--json"],
  ["status --auth_file /tmp/x", "--auth-file"],
  ["status --state-dri /tmp/x", "--state-dir"],
  ["run --onec", "--once"],
  ["refresh --al", "--all"],
  ["status -x", "pilot-light --help"],
  ["status --once", "run"],
  ["status --all", /refresh|ping/],
  ["run --json=yes", "takes no value"],
  ["status --auth-file", "a path"],
  ["status --auth-file --json", "a path"],
  ["status --auth-file a --auth-file b", "twice"],
  ["statsu", "status"],
  ["Status", "status"],
  ["refesh", "refresh"],
  ["renwe", "renew"],
  ["acounts", "accounts"],
  ["resum", "resume"],
  ["disalow anthropic", "disallow"],
  ["frobnicate", "pilot-light --help"],
  ["status anthropic", "takes no ID"],
  ["allow", "ID"],
  ["allow anthropic openai", "one ID"],
  ["refresh anthropic --all", "not both"],
  ["refresh antropic", "anthropic"],
  ["refresh anthropik", "anthropic"],
  ["ping Anthropic", "anthropic"],
  ["pause zzz", "anthropic"],
  ["resume zzz", "anthropic"],
  ["allow zzz", "anthropic"],
  ["disallow zzz", "anthropic"],
  ["history zzz", "anthropic"],
  ["refresh anthropic zzz", "anthropic"],
  ["run --log-level wran", "warn"],
  ["status --log-level verbose", "debug, info, warn or error"],
  ["run --ping mesage", "message"],
  ["ping --ping on", "off, profile or message"],
  ["pause anthropic --for soon", "90m"],
  ["refresh --token-url http://example.com/token", "https://"],
  ["refresh --token-url http://127.0.0.1.example.com/token", "https://"],
  ["refresh --token-url ftp://127.0.0.1/token", "https://"],
  ["refresh --token-url example.com/token", /URL|https:/],
  ["refresh --token-url https://user:secret@example.com/token", "a user name or a password"],
  ["refresh --token-url antropic=https://example.com/token", "anthropic"],
  ["ping --api-url http://10.0.0.1", "https://"],
  ["ping --api-url https://example.com/?a=b", "?"],
  ["run --once --token-url anthropic=https://a.example --token-url https://b.example", "two URLs"],
];

describe.concurrent("wrong usage", () => {
  it.concurrent.for(WRONG)("%s: exit 2, names what is right, nothing done", async ([words, names], context) => {
    const { home, server } = await sceneWithLogin(context, { ping: null });
    const before = await picture(dirname(home.authFile));
    const around = await readdir(home.home, { recursive: true });
    const ended = await home.run(...words.split(" "));
    expect([ended.code, ended.stdout]).toEqual([2, ""]);
    const said = saidBy(ended);
    expect(said).toMatch(typeof names === "string" ? new RegExp(names.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")) : names);
    expect(said).not.toMatch(/secret|\bat .*:\d+:\d+|Error\b/);
    expect(ended.stderr.trim().split("\n")).toHaveLength(1);
    expect(await picture(dirname(home.authFile))).toEqual(before);
    expect(await server.requests()).toEqual([]);
    // Not even a folder of our own.
    expect(await readdir(home.home, { recursive: true })).toEqual(around);
  });

  it.concurrent.for([
    ["PILOT_LIGHT_PING", "mesage", "message"],
    ["PILOT_LIGHT_TOKEN_URL", "http://example.com/token", "https://"],
    ["PILOT_LIGHT_API_URL", "nonsense", "URL"],
  ] as const)("%s=%s: exit 2, and it names the variable", async ([variable, value, names], context) => {
    const { home, server } = await sceneWithLogin(context, { env: { [variable]: value } });
    const ended = await home.run("refresh");
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(variable);
    expect(ended.stderr).toContain(names);
    expect(await server.requests()).toEqual([]);
  });

  it.concurrent.for([
    ["no JSON", "{", "not JSON (line 1, column 2)"],
    ["a wrong value", '{"ping":{"mode":"loud"}}', "ping.mode"],
    [
      "an endpoint in the open",
      '{"providers":{"anthropic":{"tokenUrl":"http://example.com"}}}',
      "providers.anthropic.tokenUrl",
    ],
  ] as const)("settings with %s: exit 2, names the file, and it is left as it is", async ([, text, names], context) => {
    const { home, server } = await sceneWithLogin(context, {
      env: { PILOT_LIGHT_TOKEN_URL: "", PILOT_LIGHT_API_URL: "" },
    });
    await mkdir(dirname(home.settingsFile), { recursive: true });
    await writeFile(home.settingsFile, text);
    const ended = await home.run("run", "--once");
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(names);
    expect(await readFile(home.settingsFile, "utf8")).toBe(text);
    expect(await server.requests()).toEqual([]);
  });

  it.concurrent("no words at all: the help, exit 2", async (context) => {
    const { home } = await scene(context);
    const ended = await home.run();
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("Usage:");
  });

  it.concurrent("more than one login and none named: says which there are", async (context) => {
    const { home, server } = await scene(context);
    const [a, b] = [await server.issue(), await server.issue()];
    const record = (id: string, { access, refresh, expires }: typeof a) => ({
      id,
      refresh,
      access,
      expires,
      createdAt: 1,
      updatedAt: 1,
      health: { successCount: 0, failureCount: 0 },
    });
    const anthropic = { type: "oauth", active: {}, order: {}, records: [record("A", a), record("B", b)] };
    await home.putEntries({ version: 2, providers: { anthropic } });
    const ended = await home.run("refresh");
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("anthropic/A, anthropic/B");
    expect(ended.stderr).toContain("--all");
    expect((await home.run("refresh", "anthropic/a")).stderr).toContain('"anthropic/A"');
    expect(await server.requests()).toEqual([]);
  });
});
