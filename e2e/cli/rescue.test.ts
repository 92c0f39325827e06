/** `rescue` with the real command line: what was lost or overwritten goes back, and nothing that was used up ever does. */

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { type Pair } from "../../app/ports/credential-file.ts";
import { CLI, type CliHome } from "../support/cli.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { type Cleanup, putBytes, saidBy, scene, sceneWithLogin, stateOf } from "../support/scene.ts";

const run = promisify(execFile);

/** A login that was refreshed once, so that its first token is spent; the pair that stands there now. */
async function refreshed(cleanup: Cleanup) {
  const made = await sceneWithLogin(cleanup);
  expect((await made.home.run("run", "--once")).code).toBe(0);
  const pair = await made.home.pair();
  if (pair === null) throw new Error("nothing was refreshed");
  return { ...made, pair };
}

async function listed(home: CliHome): Promise<unknown> {
  const { stdout, code } = await home.run("rescue", "--json");
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

const offer = (why: string) => ({ version: 1, rescuables: [{ id: "anthropic", why, obstacle: null }] });

/** It lives: the provider takes it, once. */
async function works(home: CliHome, redemptions: (refresh: string) => Promise<number>, pair: Pair): Promise<void> {
  expect(await home.pair()).toEqual(pair);
  const ended = await home.run("refresh", "anthropic");
  expect(saidBy(ended)).toContain("Refreshed.");
  expect(await redemptions(pair.refresh)).toBe(1);
  expect(await listed(home)).toEqual({ version: 1, rescuables: [] });
}

describe.concurrent("rescue", () => {
  it.concurrent("has nothing to offer while all is well, and says so", async (context) => {
    const { home } = await refreshed(context);
    expect(await listed(home)).toEqual({ version: 1, rescuables: [] });
    const ended = await home.run("rescue");
    expect([ended.code, saidBy(ended)]).toEqual([0, expect.stringContaining("nothing to put back")]);
    expect((await home.run("rescue", "anthropic", "--yes")).code).toBe(2);
    expect((await home.run("rescue", "antropic", "--yes")).code).toBe(2);
  });

  it.concurrent("adds a removed login again, and leaves the rest of the file alone", async (context) => {
    const { home, server, pair } = await refreshed(context);
    const others = '{\n    "openai": {"type":"api",  "key":"k"}\n}\n';
    await putBytes(home, others);
    expect((await home.run("run", "--once")).code).toBe(0);
    expect(await listed(home)).toMatchObject(offer("removed"));
    const shown = await home.run("rescue");
    expect(saidBy(shown)).toContain("anthropic is no longer in the file");
    expect(saidBy(shown)).toContain("another writer: the login was removed from the file");
    expect(saidBy(shown)).not.toContain(pair.refresh);

    const asked = await home.run("rescue", "anthropic");
    expect([asked.code, saidBy(asked)]).toEqual([2, expect.stringContaining("--yes")]);
    expect(await readFile(home.authFile, "utf8")).toBe(others);

    const ended = await home.run("rescue", "anthropic", "--yes");
    expect([ended.code, saidBy(ended)]).toEqual([0, expect.stringContaining("It is back in the file.")]);
    expect(await readFile(home.authFile, "utf8")).toContain('"openai": {"type":"api",  "key":"k"}');
    expect(await stateOf(home)).toBe("healthy");
    await works(home, (refresh) => server.redemptions(refresh), pair);
  });

  it.concurrent("fills an entry that was emptied", async (context) => {
    const { home, server, pair } = await refreshed(context);
    await home.putEntries({ anthropic: oauthEntry({ ...pair, access: "", refresh: "" }) });
    expect(await listed(home)).toMatchObject(offer("emptied"));
    expect((await home.run("rescue", "anthropic", "--yes")).code).toBe(0);
    await works(home, (refresh) => server.redemptions(refresh), pair);
  });

  it.concurrent("takes back a sign-in that ended, and keeps what it displaces", async (context) => {
    const { home, server, pair } = await refreshed(context);
    await home.putEntries({ anthropic: oauthEntry({ access: "none", refresh: "never-issued", expires: 1 }) });
    expect((await home.run("run", "--once")).code).toBe(1);
    expect(await listed(home)).toMatchObject(offer("ended"));
    expect((await home.run("rescue", "anthropic", "--yes")).code).toBe(0);
    await works(home, (refresh) => server.redemptions(refresh), pair);
  });

  it.concurrent("goes back and forth between two sign-ins, and loses neither", async (context) => {
    const { home, server, pair } = await refreshed(context);
    const other = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(other) });
    expect((await home.run("run", "--once")).code).toBe(0);
    expect(await listed(home)).toMatchObject(offer("replaced"));
    expect((await home.run("rescue", "anthropic", "--yes")).code).toBe(0);
    expect((await home.pair())?.refresh).toBe(pair.refresh);
    expect(await listed(home)).toMatchObject(offer("replaced"));
    expect((await home.run("rescue", "anthropic", "--yes")).code).toBe(0);
    await works(home, (refresh) => server.redemptions(refresh), {
      access: other.access,
      refresh: other.refresh,
      expires: other.expires,
    });
  });

  it.concurrent("puts the newest back where an old copy came again after a removal", async (context) => {
    const { home, server, pair } = await refreshed(context);
    await home.putEntries({});
    expect((await home.run("run", "--once")).code).toBe(0);
    const old = expired(pair);
    await home.putEntries({ anthropic: oauthEntry(old) });
    expect(await stateOf(home)).toBe("oldCopy");
    expect(await listed(home)).toMatchObject(offer("oldCopy"));
    expect((await home.run("rescue", "anthropic", "--yes")).code).toBe(0);
    await works(home, (refresh) => server.redemptions(refresh), old);
  });

  it.concurrent("offers no spent token, and none of which a refresh is open", async (context) => {
    const { home, server, login } = await sceneWithLogin(context);
    await server.script("token", { kind: "cutAfter" });
    await home.run("run", "--once");
    await home.putEntries({});
    await home.run("run", "--once");
    expect(await listed(home)).toEqual({ version: 1, rescuables: [] });
    expect((await home.run("rescue", "anthropic", "--yes")).code).toBe(2);
    expect(await server.redemptions(login.refresh)).toBeLessThanOrEqual(1);
  });

  it.concurrent("adds nothing to a multi-account file, and says why", async (context) => {
    const { home, server } = await scene(context);
    const pair = await server.issue();
    const record = {
      id: "A",
      namespace: "default",
      label: "A",
      refresh: pair.refresh,
      access: pair.access,
      expires: pair.expires,
      createdAt: 1_700_000_000_000,
      updatedAt: 1_700_000_000_001,
      health: { successCount: 0, failureCount: 0 },
    };
    const file = (records: readonly unknown[], active: unknown) =>
      JSON.stringify({ version: 2, providers: { anthropic: { type: "oauth", active, order: {}, records } } });
    await putBytes(home, file([record], { default: "A" }));
    expect((await home.run("run", "--once")).code).toBe(0);
    await putBytes(home, file([], {}));
    expect((await home.run("run", "--once")).code).toBe(0);
    const ended = await home.run("rescue", "anthropic/A", "--yes");
    expect([ended.code, saidBy(ended)]).toEqual([1, expect.stringContaining("never added")]);
  });

  it.concurrent.for([
    ["n", false],
    ["", false],
    ["y", true],
  ] as const)("asks on a terminal; the answer is %j", async ([answer, yes], context) => {
    const { home, pair } = await refreshed(context);
    await home.putEntries({});
    await home.run("run", "--once");
    const command = `${process.execPath} ${CLI} rescue anthropic`;
    const script = `printf '%s\\n' "$0" | script --quiet --return --command "$1" /dev/null`;
    const { stdout } = await run("sh", ["-c", script, answer, command], { env: home.env, cwd: home.home });
    expect(stdout).toContain("This adds anthropic to the file again");
    expect(stdout).toContain("Continue? [y/N]");
    expect(stdout).toContain(yes ? "It is back in the file." : "Nothing was changed.");
    expect((await home.pair())?.refresh).toBe(yes ? pair.refresh : undefined);
  });
});
