import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CliHome } from "../support/cli.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { loginOf, picture, putBytes, saidBy, scene, sceneWithLogin, stateOf } from "../support/scene.ts";

async function inClaudeCode(home: CliHome, refreshToken: string): Promise<string> {
  const path = join(home.home, ".claude", ".credentials.json");
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify({ claudeAiOauth: { accessToken: "a", refreshToken, expiresAt: 1 } }));
  return path;
}

describe.concurrent("a login that another program uses, too", () => {
  it.concurrent("Claude Code: shared, exit 1, not refreshed until it is allowed; disallow takes it back", async (context) => {
    const { home, server, login } = await sceneWithLogin(context);
    const other = await inClaudeCode(home, login.refresh);
    const theirs = await readFile(other);
    const before = await picture(dirname(home.authFile));
    const ended = await home.run("run", "--once");
    expect(ended.code).toBe(1);
    expect(saidBy(ended)).toContain("Claude Code uses the same login");
    expect(saidBy(ended)).toContain('"pilot-light allow anthropic"');
    expect((await home.run("refresh")).code).toBe(1);
    expect(await loginOf(home)).toMatchObject({ state: "shared", sharedWith: "Claude Code" });
    expect(await picture(dirname(home.authFile))).toEqual(before);
    expect(await server.requests()).toEqual([]);

    // Allowed, but expired, and no keeper runs.
    const allowed = await home.run("allow", "anthropic");
    expect(allowed.code).toBe(3);
    expect(saidBy(allowed)).toContain('run "pilot-light run"');
    expect((await home.run("disallow", "anthropic")).code).toBe(0);
    expect((await home.run("run", "--once")).code).toBe(1);
    expect(await server.requests()).toEqual([]);

    expect((await home.run("allow", "anthropic")).code).toBe(3);
    expect((await home.run("run", "--once")).code).toBe(0);
    expect(await server.redemptions(login.refresh)).toBe(1);
    expect((await home.pair())?.refresh).toBe((await server.standing(login.refresh)).newest);
    expect(await readFile(other)).toEqual(theirs);
  });

  it.concurrent("another login of Claude Code is no matter", async (context) => {
    const { home } = await sceneWithLogin(context);
    await inClaudeCode(home, "another-token");
    expect((await home.run("run", "--once")).code).toBe(0);
  });

  it.concurrent.for(["opencode.db", "opencode.db-wal"])(
    "OpenCode 2 has taken over, as %s says: shared",
    async (name, context) => {
      const { home, server } = await sceneWithLogin(context);
      const junk = Buffer.alloc(300_000, 7);
      const database = join(dirname(home.authFile), name);
      await writeFile(database, Buffer.concat([junk, Buffer.from("20260805200742_import_legacy_credentials"), junk]));
      const before = await picture(dirname(home.authFile));
      const ended = await home.run("run", "--once");
      expect(ended.code).toBe(1);
      expect(saidBy(ended)).toContain("OpenCode 2 uses the same login");
      expect(await picture(dirname(home.authFile))).toEqual(before);
      expect(await server.requests()).toEqual([]);
      await writeFile(database, junk);
      expect((await home.run("run", "--once")).code).toBe(0);
    },
  );
});

describe.concurrent("a login that was removed", () => {
  it.concurrent("stays removed; an old copy is not used unasked, and allow uses it", async (context) => {
    const { home, server, login } = await sceneWithLogin(context, { healthy: true });
    expect((await home.run("run", "--once")).code).toBe(0);
    await home.putEntries({ other: { type: "api", key: "k" } });
    const gone = await readFile(home.authFile);
    expect((await home.run("run", "--once")).code).toBe(0);
    expect((await home.run("run", "--once")).code).toBe(0);
    expect(await readFile(home.authFile)).toEqual(gone);
    expect((await home.run("history", "anthropic")).stdout).toContain("removed");

    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    const back = await picture(dirname(home.authFile));
    const ended = await home.run("run", "--once");
    expect(ended.code).toBe(1);
    expect(saidBy(ended)).toContain('"pilot-light allow anthropic"');
    expect((await home.run("refresh")).code).toBe(1);
    expect(await stateOf(home)).toBe("oldCopy");
    expect(await picture(dirname(home.authFile))).toEqual(back);
    expect(await server.requests()).toEqual([]);

    expect((await home.run("allow", "anthropic")).code).toBe(0);
    expect(await stateOf(home)).toBe("healthy");
    expect(await server.redemptions(login.refresh)).toBe(1);
    expect((await home.pair())?.refresh).toBe((await server.standing(login.refresh)).newest);
  });

  it.concurrent("a missing file is no removal", async (context) => {
    const { home, server, login } = await sceneWithLogin(context, { healthy: true });
    expect((await home.run("run", "--once")).code).toBe(0);
    await rm(home.authFile);
    expect((await home.run("run", "--once")).code).toBe(0);
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    expect((await home.run("run", "--once")).code).toBe(0);
    expect(await server.redemptions(login.refresh)).toBe(1);
  });

  it.concurrent("a stale copy of the token that we spent is put right, not sent", async (context) => {
    const { home, server, login } = await sceneWithLogin(context);
    const old = await readFile(home.authFile);
    expect((await home.run("run", "--once")).code).toBe(0);
    const fresh = await home.pair();
    await putBytes(home, old);
    expect((await home.run("run", "--once")).code).toBe(0);
    expect(await home.pair()).toEqual(fresh);
    expect(await server.redemptions(login.refresh)).toBe(1);
    expect(await server.requests("token")).toHaveLength(1);
  });
});

describe.concurrent("an entry that another program emptied", () => {
  it.concurrent("is shown, exit 1, left alone, and allow puts our copy back", async (context) => {
    const { home, server, login } = await sceneWithLogin(context);
    expect((await home.run("run", "--once")).code).toBe(0);
    const fresh = await home.pair();
    const whole = await readFile(home.authFile);
    await home.putEntries({ anthropic: { type: "oauth", refresh: "", access: "", expires: 0 } });
    const before = await picture(dirname(home.authFile));
    const ended = await home.run("run", "--once");
    expect(ended.code).toBe(1);
    expect(saidBy(ended)).toContain('put our safe copy back with "pilot-light allow anthropic"');
    expect(await stateOf(home)).toBe("wipedElsewhere");
    expect(await picture(dirname(home.authFile))).toEqual(before);
    expect((await home.run("allow", "anthropic")).code).toBe(0);
    expect(await home.pair()).toEqual(fresh);
    expect(await readFile(home.authFile)).toEqual(whole);
    expect(await stateOf(home)).toBe("healthy");
    expect(await server.redemptions(login.refresh)).toBe(1);
  });

  it.concurrent("one that we never saw whole: sign in again", async (context) => {
    const { home, server } = await scene(context);
    await home.putEntries({ anthropic: { type: "oauth", refresh: "", access: "", expires: 0 } });
    const ended = await home.run("run", "--once");
    expect(ended.code).toBe(1);
    expect(saidBy(ended)).toContain("opencode auth login");
    expect((await home.run("allow", "anthropic")).code).toBe(1);
    expect(await server.requests()).toEqual([]);
  });

  it.concurrent("an empty access token, or expires 0, beside a refresh token is due now", async (context) => {
    const { home, server } = await scene(context);
    const login = await server.issue();
    await home.putEntries({ anthropic: { ...oauthEntry(login), access: "" } });
    expect((await home.run("run", "--once")).code).toBe(0);
    expect(await server.redemptions(login.refresh)).toBe(1);
    const second = await server.issue();
    await home.putEntries({ anthropic: { ...oauthEntry(second), expires: 0 } });
    expect((await home.run("run", "--once")).code).toBe(0);
    expect(await server.redemptions(second.refresh)).toBe(1);
  });
});

describe.concurrent("logins of others", () => {
  it.concurrent("are shown as unmanaged, never due, never touched; keys are not logins", async (context) => {
    const { home, server } = await scene(context);
    await home.putEntries({
      openai: { type: "oauth", refresh: "r1", access: "a1", expires: 1 },
      "github-copilot": { type: "oauth", refresh: "r2", access: "a2", expires: 0 },
      key: { type: "api", key: "k" },
      "https://example.com": { type: "wellknown", key: "k", token: "t" },
      strange: { type: "of-tomorrow" },
    });
    const before = await picture(dirname(home.authFile));
    for (const command of ["run --once", "refresh --all", "ping --all --ping message", "status"]) {
      expect([command, (await home.run(...command.split(" "))).code]).toEqual([command, 0]);
    }
    const { accounts: logins } = await home.status();
    expect(logins.map(({ id, state, nextRefreshAt }) => [id, state, nextRefreshAt])).toEqual([
      ["openai", "unmanaged", null],
      ["github-copilot", "unmanaged", null],
    ]);
    expect(await picture(dirname(home.authFile))).toEqual(before);
    expect(await server.requests()).toEqual([]);
  });
});
