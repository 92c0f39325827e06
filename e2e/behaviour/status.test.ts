/** What `status.json` and `status` say when no keeper runs, or none any more. */
import { describe, expect, it } from "vitest";
import { oauthEntry } from "../support/entries.ts";
import { accountOf, sceneWithLogin } from "../support/scene.ts";

describe.concurrent("without a keeper", () => {
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
    expect(published?.accounts[0]).toEqual(await accountOf(home));
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
