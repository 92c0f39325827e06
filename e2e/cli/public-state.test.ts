import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { oauthEntry } from "../support/entries.ts";
import { filesBelow, saidBy, sceneWithLogin } from "../support/scene.ts";
import { until } from "../support/wait.ts";

const historySchema = v.object({
  version: v.literal(1),
  events: v.array(
    v.strictObject({
      at: v.number(),
      id: v.string(),
      by: v.picklist(["us", "another writer", "the user", "the provider"]),
      what: v.string(),
      kind: v.string(),
      expiresAt: v.optional(v.number()),
      fingerprint: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/))),
    }),
  ),
});

const lineSchema = v.record(v.string(), v.unknown());

function linesOf(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => v.parse(lineSchema, JSON.parse(line)));
}

describe.concurrent("what stands where", () => {
  const mode = async (path: string) => (await stat(path)).mode & 0o777;

  it.concurrent("the state dir: names, modes, and tokens only in the journal", async (context) => {
    const { home, login } = await sceneWithLogin(context, { ping: "profile" });
    const keeper = home.start("run", "--log-level", "debug");
    await until("it is refreshed", async () => (await home.published())?.accounts[0]?.state === "healthy");
    await home.run("ping");
    await home.run("pause", "anthropic");
    const said = [await home.run("history", "--json"), await home.run("status"), await home.run("refresh")];
    keeper.kill();
    said.push(await keeper.ended);

    const names = await readdir(home.stateDir);
    expect(names.sort()).toEqual(["files", "journal", "journal.key", "log", "status.json"]);
    const [hash = ""] = await readdir(join(home.stateDir, "files"));
    expect(hash).toMatch(/^[0-9a-f]{32}$/);
    const own = await readdir(join(home.stateDir, "files", hash));
    expect(own).toEqual(expect.arrayContaining(["history", "lineage.json", "pings.json", "status.json"]));
    for (const name of await readdir(home.stateDir, { recursive: true })) {
      const path = join(home.stateDir, name);
      expect([name, await mode(path)]).toEqual([name, (await stat(path)).isDirectory() ? 0o700 : 0o600]);
    }
    expect(await mode(home.stateDir)).toBe(0o700);
    expect(await mode(home.authFile)).toBe(0o600);
    expect(await mode(home.settingsFile)).toBe(0o600);
    expect(await readdir(dirname(home.authFile))).toEqual(["auth.json"]);

    const secret = /sk-ant|planted/;
    for (const [path, text] of await filesBelow(home.home)) {
      const mayHoldTokens = /^\.local\/(state\/pilot-light\/journal\/|share\/opencode\/auth\.json$)/.test(path);
      if (!mayHoldTokens) expect([path, secret.test(text)]).toEqual([path, false]);
    }
    for (const each of said) expect(secret.test(saidBy(each))).toBe(false);
    expect(login.refresh).toMatch(secret);
  });

  it.concurrent("logs are JSON lines with the classic messages, on stderr and in the log folder", async (context) => {
    const { home } = await sceneWithLogin(context, { ping: "profile" });
    const keeper = home.start("run");
    await until("it is refreshed", async () => (await home.published())?.accounts[0]?.state === "healthy");
    keeper.kill();
    const { stderr } = await keeper.ended;
    const lines = linesOf(stderr);
    for (const line of lines) {
      expect(line).toMatchObject({
        service: "auth.keepalive",
        level: expect.stringMatching(/^(debug|info|warn|error)$/),
      });
      expect(Date.parse(String(line["time"]))).toBeGreaterThan(Date.now() - 60_000);
    }
    expect(lines).toContainEqual(expect.objectContaining({ msg: "starting oauth keepalive", intervalMs: 1_800_000 }));
    const due = lines.find(({ msg }) => msg === "token expired or expiring soon, refreshing");
    expect(due).toMatchObject({ recordId: "anthropic" });
    expect(Math.abs(Number(due?.["expiresIn"]) + 3_600)).toBeLessThan(30);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: "info", msg: "token refresh successful", recordId: "anthropic" }),
    );
    await home.run("run", "--once");
    const logs = [...(await filesBelow(join(home.stateDir, "log"))).values()].flatMap(linesOf);
    for (const line of lines) expect(logs).toContainEqual(line);
    expect(logs).toContainEqual(
      expect.objectContaining({ msg: "keepalive ping successful", recordId: "anthropic", service: "auth.keepalive" }),
    );
  });

  it.concurrent("history tells what happened, when and by whom", async (context) => {
    const { home, server } = await sceneWithLogin(context);
    await home.run("run", "--once");
    await home.putEntries({ anthropic: oauthEntry(await server.issue()) });
    await home.run("run", "--once");
    const { code, stdout } = await home.run("history", "anthropic", "--json");
    expect(code).toBe(0);
    const { events } = v.parse(historySchema, JSON.parse(stdout));
    expect(events.map(({ by }) => by)).toEqual(expect.arrayContaining(["us", "another writer"]));
    expect(events.map(({ kind }) => kind)).toEqual(["firstSeen", "refreshed", "adopted"]);
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort((a, b) => a - b));
    expect((await home.run("history")).stdout.trim().split("\n")).toHaveLength(events.length);
  });
});
