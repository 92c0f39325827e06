import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import type { CliHome } from "../support/cli.ts";
import { oauthEntry } from "../support/entries.ts";
import { loginOf, saidBy, scene, sceneWithLogin } from "../support/scene.ts";
import { type Behaviour, rateLimited } from "../support/server/token-script.ts";
import type { TokenServer } from "../support/server/token-server.ts";
import { until } from "../support/wait.ts";

const pass = async (home: CliHome, mode: string) => (await home.run("run", "--once", "--ping", mode)).code;

async function counts(server: TokenServer): Promise<Readonly<Record<"token" | "message" | "profile", number>>> {
  const all = await server.requests();
  const count = (name: string) => all.filter(({ endpoint }) => endpoint === name).length;
  return { token: count("token"), message: count("message"), profile: count("profile") };
}

const answer = (status: number, message: string): Behaviour => ({
  kind: "answer",
  status,
  body: JSON.stringify({ type: "error", error: { type: "some_error", message } }),
});

describe.concurrent("pings", () => {
  it.concurrent("message, profile and off are what they say, under our own name", async (context) => {
    const { home, server, login } = await sceneWithLogin(context, { healthy: true });
    expect(await pass(home, "off")).toBe(0);
    expect(await server.requests()).toEqual([]);
    expect(await pass(home, "profile")).toBe(0);
    expect(await counts(server)).toEqual({ token: 0, message: 0, profile: 1 });
    expect(await pass(home, "message")).toBe(0);
    expect(await counts(server)).toEqual({ token: 0, message: 1, profile: 1 });
    const [message] = await server.requests("message");
    expect(message?.members).toEqual({
      model: "claude-haiku-4-5",
      max_tokens: "5",
      messages: '[{"role":"user","content":"ping"}]',
    });
    expect(message?.token).toBe(login.access);
    for (const { userAgent } of await server.requests()) expect(userAgent).toMatch(/^pilot-light\/\d/);
    expect((await loginOf(home)).lastPing).toMatchObject({ outcome: "ok", mode: "message" });
  });

  it.concurrent("a message asks the model of the settings, in the provider's place or in the old one", async (context) => {
    const { home, server } = await sceneWithLogin(context, { healthy: true });
    await mkdir(dirname(home.settingsFile), { recursive: true });
    for (const settings of [
      '{"ping":{"model":"old"}}',
      '{"ping":{"model":"old"},"providers":{"anthropic":{"pingModel":"new"}}}',
    ]) {
      await writeFile(home.settingsFile, settings);
      expect(await pass(home, "message")).toBe(0);
    }
    expect((await server.requests("message")).map(({ members }) => members["model"])).toEqual(["old", "new"]);
  });

  it.concurrent("on a new install no message leaves before its notice was read", async (context) => {
    const { home, server } = await sceneWithLogin(context, { ping: null });
    const ended = await home.run("run", "--once");
    expect(ended.code).toBe(0);
    expect(saidBy(ended)).toContain("About pings");
    expect(await counts(server)).toEqual({ token: 1, message: 0, profile: 0 });
    const again = await home.run("run", "--once");
    expect(saidBy(again)).not.toContain("About pings");
    expect((await counts(server)).message).toBe(0);
    // As if it had been shown a minute ago.
    const settings = { ...JSON.parse(await readFile(home.settingsFile, "utf8")), pingNoticeAt: Date.now() - 60_001 };
    await writeFile(home.settingsFile, JSON.stringify(settings));
    expect((await home.run("run", "--once")).code).toBe(0);
    expect((await counts(server)).message).toBe(1);
  });

  it.concurrent("the notice waits for the first login, also in a keeper that was started without one", async (context) => {
    const { home, server } = await scene(context, { ping: null });
    expect(saidBy(await home.run("run", "--once"))).not.toContain("About pings");
    const keeper = home.start("run");
    await keeper.prints("opencode auth login");
    await expect(readFile(home.settingsFile, "utf8")).rejects.toThrow("ENOENT");
    await home.putEntries({ anthropic: oauthEntry(await server.issue()) });
    await keeper.prints("About pings");
    await until("it is noted", async () =>
      (await readFile(home.settingsFile, "utf8").catch(() => "")).includes("pingNoticeAt"),
    );
    keeper.kill();
    expect(saidBy(await keeper.ended).split("About pings")).toHaveLength(2);
  });

  it.concurrent("the daily cap counts what the answers used", async (context) => {
    const { home, server } = await sceneWithLogin(context, { healthy: true });
    await mkdir(dirname(home.settingsFile), { recursive: true });
    await writeFile(home.settingsFile, '{"ping":{"dailyTokens":20}}');
    for (let n = 0; n < 3; n += 1) expect(await pass(home, "message")).toBe(0);
    // 12 tokens each.
    expect((await counts(server)).message).toBe(2);
    const asked = await home.run("ping", "--ping", "message");
    expect([asked.code, (await counts(server)).message]).toEqual([0, 2]);
    expect(saidBy(asked)).toContain("daily token limit");
  });

  it.concurrent("a refused access token forces one refresh, in the same run, and only one", async (context) => {
    const { home, server, login } = await sceneWithLogin(context, { healthy: true });
    await server.script("profile", answer(401, "expired"), answer(401, "expired"), answer(401, "expired"));
    expect(await pass(home, "profile")).toBe(0);
    expect(await server.redemptions(login.refresh)).toBe(1);
    expect(await pass(home, "profile")).toBe(0);
    expect(await pass(home, "profile")).toBe(0);
    expect(await pass(home, "profile")).toBe(0);
    expect(await counts(server)).toEqual({ token: 1, message: 0, profile: 4 });
    expect(await loginOf(home)).toMatchObject({ state: "healthy", lastPing: { outcome: "ok" } });
  });

  it.concurrent.for([
    ["a model that is gone", answer(404, "model: claude-haiku-4-5"), "no-model"],
    ["a policy", answer(400, "This credential is only authorized for use with another product"), "refused"],
    ["a bill", answer(400, "Third-party apps now draw from your extra usage, not your plan limits"), "refused"],
    ["402", answer(402, "pay"), "refused"],
  ] as const)(
    "%s stops message pings, says why, leaves the profile check, and is no failure",
    async ([, refusal, outcome], context) => {
      const { home, server } = await sceneWithLogin(context, { healthy: true });
      await server.script("message", refusal);
      const ended = await home.run("ping", "--ping", "message");
      expect(ended.code).toBe(0);
      expect(saidBy(ended)).toContain("Message pings stopped");
      expect(await loginOf(home)).toMatchObject({ state: "healthy", lastPing: { outcome, mode: "message" } });
      expect(await pass(home, "message")).toBe(0);
      expect(await counts(server)).toEqual({ token: 0, message: 1, profile: 1 });
      expect((await loginOf(home)).lastPing).toMatchObject({ outcome: "ok", mode: "profile" });
    },
  );

  it.concurrent.for([
    ["400", answer(400, "Error"), "refused"],
    ["403", answer(403, "no"), "refused"],
    ["429", rateLimited("3600"), "rate-limited"],
    ["529", answer(529, "Overloaded"), "rate-limited"],
    ["a cut connection", { kind: "cutBefore" }, "unreachable"],
  ] as const)("%s changes nothing about the login: exit 0", async ([, refusal, outcome], context) => {
    const { home, server } = await sceneWithLogin(context, { healthy: true });
    await server.script("message", refusal);
    expect(await pass(home, "message")).toBe(0);
    expect(await loginOf(home)).toMatchObject({ state: "healthy", lastPing: { outcome } });
    expect(await pass(home, "message")).toBe(0);
    expect(await counts(server)).toEqual({ token: 0, message: 2, profile: 0 });
  });

  it.concurrent("pause stops pings only; resume lets them go on", async (context) => {
    const { home, server } = await sceneWithLogin(context);
    expect((await home.run("pause", "anthropic")).code).toBe(0);
    expect(await pass(home, "profile")).toBe(0);
    expect(await counts(server)).toEqual({ token: 1, message: 0, profile: 0 });
    expect((await loginOf(home)).state).toBe("paused");
    expect((await home.run("resume", "anthropic")).code).toBe(0);
    expect(await pass(home, "profile")).toBe(0);
    expect(await counts(server)).toEqual({ token: 1, message: 0, profile: 1 });
    expect((await home.run("pause", "--all", "--for", "2h")).code).toBe(0);
    expect(await pass(home, "profile")).toBe(0);
    expect((await home.run("resume", "--all")).code).toBe(0);
    expect(await counts(server)).toEqual({ token: 1, message: 0, profile: 1 });
    expect((await loginOf(home)).state).toBe("healthy");
  });

  it.concurrent("a running keeper hears of a pause at once", async (context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    const keeper = home.start("run");
    const state = async () => (await home.published())?.accounts[0]?.state;
    await until("it is kept", async () => (await state()) === "healthy");
    expect((await home.run("pause", "anthropic")).code).toBe(0);
    await until("the pause is published", async () => (await state()) === "paused");
    expect((await home.run("resume", "anthropic")).code).toBe(0);
    await until("its end is published", async () => (await state()) === "healthy");
    keeper.kill();
    expect((await keeper.ended).code).toBe(0);
  });
});
