/** What `status.json` and `status` say when no keeper runs, or none any more. */
import { describe, expect, it } from "vitest";
import { oauthEntry } from "../support/entries.ts";
import { loginOf, saidBy, sceneWithLogin } from "../support/scene.ts";
import { oauthError } from "../support/server/token-script.ts";

describe.concurrent("without a keeper", () => {
  it.concurrent("a refresh is told at once, and the command stays for the watch over what it wrote", async (context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    const refresh = home.start("refresh");
    let isOver = false;
    void refresh.ended.then(() => {
      isOver = true;
    });
    await refresh.prints("anthropic: Refreshed.");
    expect(isOver).toBe(false);
    expect((await refresh.ended).code).toBe(0);
  });

  it.concurrent("a login that has expired is not well: 3, and what to start", async (context) => {
    const { home } = await sceneWithLogin(context);
    await home.run("pause", "anthropic");
    const ended = await home.run("status");
    expect(ended.code).toBe(3);
    expect(saidBy(ended)).toContain("nothing is running to refresh it");
    expect((await home.run("run", "--once")).code).toBe(0);
    expect((await home.run("status")).code).toBe(0);
  });

  it.concurrent("refresh does not speak as if it had asked about a login that has ended", async (context) => {
    const { home, server } = await sceneWithLogin(context);
    await server.script("token", oauthError("invalid_grant"));
    await home.run("run", "--once");
    const sent = (await server.requests()).length;
    for (const args of [["refresh"], ["refresh", "--all"]])
      expect(saidBy(await home.run(...args))).toMatch(/^anthropic: Nothing was sent\./);
    expect(await server.requests()).toHaveLength(sent);
  });

  it.concurrent.for([
    ["run --once", ["run", "--once"]],
    ["refresh", ["refresh"]],
    ["ping", ["ping", "--ping", "profile"]],
  ] as const)("%s leaves a status.json that is true", async ([, args], context) => {
    const { home } = await sceneWithLogin(context);
    await home.run("run", "--once");
    await home.putEntries({ anthropic: oauthEntry({ ...(await home.pair())!, expires: Date.now() + 60_000 }) });
    const before = Date.now();
    expect((await home.run(...args)).code).toBe(0);
    const published = await home.published();
    expect(published?.generatedAt).toBeGreaterThanOrEqual(before);
    expect(published?.keeper).toMatchObject({ running: false });
    expect(published?.accounts[0]).toEqual(await loginOf(home));
  });

  it.concurrent("status knows at once that the keeper was killed", async (context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    const keeper = home.start("run");
    await keeper.prints("keeping these logins alive");
    expect((await home.run("status")).stdout).toContain(`pid ${keeper.pid}`);
    keeper.kill("SIGKILL");
    await keeper.ended;
    const ended = await home.run("status", "--json");
    expect(JSON.parse(ended.stdout)).toMatchObject({ keeper: { running: false, pid: null } });
  });
});
