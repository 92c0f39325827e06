/** `forget` as a process of its own: afterwards no file of ours holds the removed login's tokens. */
import { rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { oauthEntry } from "../support/entries.ts";
import { filesBelow, loginOf, saidBy, scene, sceneWithLogin } from "../support/scene.ts";

/** The files below `folder` that hold one of these tokens. */
async function holding(folder: string, tokens: readonly string[]): Promise<readonly string[]> {
  const files = await filesBelow(folder);
  return [...files]
    .filter(([path, text]) => tokens.some((token) => (path + text).includes(token)))
    .map(([path]) => path);
}

describe("forget", () => {
  it("erases the newest tokens of a login that was signed out, from every file of the state folder", async (context) => {
    const { home, login } = await sceneWithLogin(context);
    await home.run("run", "--once");
    const pair = await home.pair();
    if (pair === null) throw new Error("nothing was refreshed");
    expect(pair.refresh).not.toBe(login.refresh);
    const tokens = [login.refresh, login.access, pair.refresh, pair.access];
    await home.putEntries({});
    const status = await home.run("status");
    expect(saidBy(status)).toContain("A safe copy of anthropic, which was signed out, is kept until");
    expect(await holding(home.stateDir, tokens)).not.toEqual([]);

    const forgotten = await home.run("forget", "anthropic");
    expect(forgotten).toMatchObject({
      code: 0,
      stdout: "anthropic: Our safe copy of its tokens is erased. It can no longer be put back.\n",
      stderr: "",
    });
    expect(await holding(home.home, tokens)).toEqual([]);
    expect(saidBy(await home.run("status"))).not.toContain("safe copy");
    expect(saidBy(await home.run("history", "anthropic"))).toContain("the user: our safe copy was erased, as asked");
    expect(await home.run("forget", "anthropic", "--json")).toMatchObject({ code: 0 });
  });

  it("works where the tool and its folder were removed, and does not make that folder again", async (context) => {
    const { home, login } = await sceneWithLogin(context, { healthy: true });
    await home.run("run", "--once");
    await home.putEntries({});
    await home.run("run", "--once");
    expect(await holding(home.stateDir, [login.refresh])).not.toEqual([]);
    await rm(dirname(home.authFile), { recursive: true });

    const forgotten = await home.run("forget", "anthropic");
    expect(forgotten).toMatchObject({
      code: 0,
      stdout: "anthropic: Our safe copy of its tokens is erased. It can no longer be put back.\n",
      stderr: "",
    });
    expect(await holding(home.home, [login.refresh, login.access])).toEqual([]);
    await expect(stat(dirname(home.authFile))).rejects.toThrow("ENOENT");
    expect(await home.run("forget", "anthropic")).toMatchObject({ code: 0 });
  });

  it("works beside a running keeper, which goes on with the other login", async (context) => {
    const { home, server } = await scene(context);
    const login = await server.issue();
    const gone = { ...oauthEntry(await server.issue()) };
    await home.putEntries({ anthropic: oauthEntry(login), "anthropic-old": gone });
    const keeper = home.start("run");
    await keeper.prints("keeping these logins alive");
    await home.run("refresh", "anthropic");
    // Not a provider of ours, so never kept; the one that we keep is signed out.
    await home.putEntries({ "anthropic-old": gone });
    await keeper.prints("the login was removed from the file");
    const { code, stdout } = await home.run("forget", "anthropic");
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "anthropic: Our safe copy of its tokens is erased. It can no longer be put back.\n",
    });
    expect(await holding(home.stateDir, [login.refresh, login.access])).toEqual([]);
    expect(keeper.running()).toBe(true);
    keeper.kill();
    expect((await keeper.ended).code).toBe(0);
  });

  it("refuses a login that is still in the file, and an ID that nobody knows", async (context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    expect(await home.run("forget", "nobody")).toMatchObject({
      code: 2,
      stderr: 'There is no removed login "nobody". No safe copy of a removed login is kept.\n',
    });
    expect(await filesBelow(home.stateDir)).toEqual(new Map());
    await home.run("run", "--once");
    const refused = await home.run("forget", "anthropic");
    expect(refused).toMatchObject({
      code: 2,
      stderr: "anthropic is still in the file, so its safe copy is needed. Sign out of it there first.\n",
    });
    expect((await loginOf(home)).state).toBe("healthy");
    expect(await home.run("forget")).toMatchObject({ code: 2 });
    expect(await home.run("forget", "a", "b")).toMatchObject({ code: 2 });
  });
});
