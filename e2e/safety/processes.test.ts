import { appendFile, rename, rm, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Pair } from "../../app/ports/credential-file.ts";
import { type CliHome, createCliHome } from "../support/cli.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { allWaiting } from "../support/proc.ts";
import { startTokenServer, type TokenServer } from "../support/server/token-server.ts";
import { until } from "../support/wait.ts";

let server: TokenServer;
let home: CliHome;
beforeEach(async () => {
  server = await startTokenServer();
  home = await createCliHome({ tokenUrl: server.tokenUrl, apiUrl: server.apiUrl });
});
afterEach(async () => {
  await home.close();
  await server.close();
});

/** A login whose access token expired an hour ago, in the file. */
const expiredLogin = async (): Promise<Pair> => {
  const login = await server.issue();
  await home.putEntries({ anthropic: oauthEntry(expired(login)) });
  return login;
};
const newest = async ({ refresh }: Pair): Promise<string | null> => (await server.standing(refresh)).newest;
/** The file holds the live generation of this login, which is another than this one. */
const refreshed = async (login: Pair, withinMs?: number): Promise<void> => {
  await until(
    "the file holds the live generation",
    async () => {
      const held = (await home.pair())?.refresh;
      return held !== login.refresh && held === (await newest(login)) && (await server.standing(held)).current;
    },
    withinMs,
  );
};
const sentOnce = async (): Promise<void> => {
  const sent = (await server.requests("token")).map(({ token }) => token);
  expect(sent).toHaveLength(new Set(sent).size);
};

describe("several processes on one file", () => {
  it("twelve refreshes at once are one redemption, and all twelve end well", async () => {
    const login = await expiredLogin();
    await server.script("token", { kind: "ordinary", gateBefore: "all are there" });
    const startedAt = Date.now();
    const runs = Array.from({ length: 12 }, () => home.start("refresh", "anthropic"));
    // Who came later would find the new pair, and be right to refresh that one.
    await server.seen("token", 1);
    await allWaiting(
      runs.map(({ pid }) => pid),
      25_000,
    );
    const releasedAt = Date.now();
    await server.release("all are there");
    const ended = await Promise.all(runs.map((run) => run.ended));
    console.info(
      `all started: ${releasedAt - startedAt} ms; all ended: ${Date.now() - releasedAt} ms after the answer`,
    );

    expect(await server.requests("token")).toHaveLength(1);
    expect(await server.redemptions(login.refresh)).toBe(1);
    expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(ended.map(() => ({ code: 0, stderr: "" })));
    const sentences = ended.map(({ stdout }) => stdout).sort();
    expect(sentences).toEqual([
      ...Array.from({ length: 11 }, () => "anthropic: A newer token is already in the file.\n"),
      "anthropic: Refreshed.\n",
    ]);
    expect((await home.pair())?.refresh).toBe(await newest(login));
    expect(Date.now() - releasedAt).toBeLessThan(20_000);
  });

  it("a second keeper shows the first, takes over when it is killed, and at once when it stops", async () => {
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(login) });
    const first = home.start("run");
    await first.prints('"role":"keeper"');
    const second = home.start("run");
    await second.prints('"role":"viewer"');
    expect(second.printed()).toContain(`"keeperPid":${first.pid}`);
    const keeper = async () => (await home.status()).keeper;
    expect(await keeper()).toMatchObject({ running: true, pid: first.pid, since: expect.any(Number) });

    const killedAt = Date.now();
    first.kill("SIGKILL");
    await first.ended;
    await second.prints('"role":"keeper"', 10_000);
    const tookMs = Date.now() - killedAt;
    expect(tookMs).toBeLessThan(6_500);
    expect(await keeper()).toMatchObject({ running: true, pid: second.pid });
    await until("status.json names the new keeper", async () => (await home.published())?.keeper.pid === second.pid);

    const third = home.start("run");
    await third.prints('"role":"viewer"');
    const stoppedAt = Date.now();
    second.kill("SIGTERM");
    expect((await second.ended).code).toBe(0);
    await third.prints('"role":"keeper"', 5_000);
    console.info(`taken over ${tookMs} ms after a kill, ${Date.now() - stoppedAt} ms after SIGTERM`);
    expect(Date.now() - stoppedAt).toBeLessThan(3_000);
    expect(await keeper()).toMatchObject({ running: true, pid: third.pid });
    third.kill("SIGTERM");
    expect((await third.ended).code).toBe(0);
    expect(await keeper()).toEqual({ running: false, pid: null, since: null });
  });

  it("the keeper goes on with what a one-shot command refreshed", async () => {
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(login) });
    const keeper = home.start("run");
    await keeper.prints('"role":"keeper"');
    expect(await home.run("refresh")).toMatchObject({ code: 0, stdout: "anthropic: Refreshed.\n" });
    await refreshed(login);
    const { expires } = (await home.pair()) ?? login;
    await until("status.json follows", async () => (await home.published())?.accounts[0]?.accessExpiresAt === expires);
    expect(await home.published()).toMatchObject({
      accounts: [{ state: "healthy", lastRefresh: { outcome: "refreshed" } }],
    });
    expect(await server.requests("token")).toHaveLength(1);
  });
});

describe("a request to stop", () => {
  it("waits for the answer that is under way, keeps it, and then ends: a command", async () => {
    const login = await expiredLogin();
    await server.script("token", { kind: "ordinary", gateAfter: "slow" });
    const run = home.start("refresh", "anthropic");
    await server.seen("token", 1);
    run.kill("SIGTERM");
    // Long enough for a command to start, ask and end beside it.
    expect((await home.run("status")).stdout).toContain("refreshing");
    expect(run.running()).toBe(true);
    expect((await home.pair())?.refresh).toBe(login.refresh);
    const releasedAt = Date.now();
    await server.release("slow");
    const { code, signal } = await run.ended;
    expect({ code, signal }).toEqual({ code: 143, signal: null });
    expect(Date.now() - releasedAt).toBeLessThan(5_000);
    expect((await home.pair())?.refresh).toBe(await newest(login));
    expect((await home.status()).accounts).toMatchObject([{ state: "healthy" }]);
    await sentOnce();
  });

  it("waits for the answer that is under way, keeps it, and then ends: the keeper", async () => {
    const login = await expiredLogin();
    await server.script("token", { kind: "ordinary", gateAfter: "slow" });
    const run = home.start("run");
    await server.seen("token", 1);
    run.kill("SIGTERM");
    await run.prints("waiting up to 30 s for a refresh to finish");
    // Impatience does not cut it either.
    run.kill("SIGTERM");
    run.kill("SIGINT");
    expect(run.running()).toBe(true);
    const releasedAt = Date.now();
    await server.release("slow");
    expect(await run.ended).toMatchObject({ code: 0, signal: null });
    expect(Date.now() - releasedAt).toBeLessThan(6_000);
    expect((await home.pair())?.refresh).toBe(await newest(login));
    await sentOnce();
  });

  it("with nothing under way is done within five seconds, also during a ping", async () => {
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(login) });
    const idle = home.start("run");
    await until("the keeper has published", async () => (await home.published())?.accounts[0]?.state === "healthy");
    const stoppedAt = Date.now();
    idle.kill("SIGTERM");
    expect(await idle.ended).toMatchObject({ code: 0 });
    expect(Date.now() - stoppedAt).toBeLessThan(5_000);

    await server.script("profile", { kind: "hang", after: false });
    const pinging = home.start("ping", "anthropic", "--ping", "profile");
    await server.seen("profile", 1);
    const cutAt = Date.now();
    pinging.kill("SIGTERM");
    expect((await pinging.ended).code).toBe(143);
    expect(Date.now() - cutAt).toBeLessThan(5_000);
    expect(await server.requests("token")).toEqual([]);
  });
});

describe("a running keeper", () => {
  it("whose answer was lost says so, and when it will try again by itself", async () => {
    await expiredLogin();
    await server.script("token", { kind: "cutBefore" });
    const run = home.start("run");
    await server.seen("token", 1);
    await run.prints("token refresh will be tried again");
    const lost = await until("the status says it", async () => {
      const [login] = (await home.published())?.accounts ?? [];
      return login?.state === "outcomeUnknown" ? login : null;
    });
    const inMs = (lost.nextRefreshAt ?? Number.NaN) - Date.now();
    expect(inMs).toBeGreaterThan(40_000);
    expect(inMs).toBeLessThan(61_000);
    expect(await server.requests("token")).toHaveLength(1);
  });

  it("follows its file: absent at first, written, emptied of our login, deleted, back again, replaced", async () => {
    const run = home.start("run");
    await run.prints('"role":"keeper"');
    const accounts = async () => (await home.published())?.accounts.map(({ id, state }) => `${id} ${state}`).join();
    await until("an empty status is published", async () => (await accounts()) === "");

    // It appears, by rename, in a folder that was not there either.
    const first = await expiredLogin();
    await refreshed(first);
    await until("the status follows", async () => (await accounts()) === "anthropic healthy");

    // Another login is written in place, as opencode writes.
    const second = await server.issue();
    await writeFile(home.authFile, JSON.stringify({ anthropic: oauthEntry(expired(second)) }));
    await refreshed(second);
    await until("the status follows", async () => (await accounts()) === "anthropic healthy");

    // Deletion is no sign-out, and the same file may return.
    const aside = `${home.authFile}.aside`;
    await rename(home.authFile, aside);
    await until("the status follows the deletion", async () => (await accounts()) === "");
    await rename(aside, home.authFile);
    await until("the status follows the return", async () => (await accounts()) === "anthropic healthy");

    // The whole folder goes, and comes back with a third login beside a neighbour.
    await rm(home.authFile.slice(0, home.authFile.lastIndexOf("/")), { recursive: true });
    await until("the status follows the deletion", async () => (await accounts()) === "");
    const third = await server.issue();
    await home.putEntries({ openai: { type: "api", key: "k" }, anthropic: oauthEntry(expired(third)) });
    await refreshed(third);

    // Half a file is no file yet; its end arrives later.
    const fourth = await server.issue();
    const text = JSON.stringify({ anthropic: oauthEntry(expired(fourth)), other: { type: "api", key: "k" } });
    await writeFile(home.authFile, text.slice(0, 80));
    await until("the status names the problem", async () => (await home.published())?.file.problem);
    await appendFile(home.authFile, text.slice(80));
    await refreshed(fourth);
    await until("the status follows", async () => (await accounts()) === "anthropic healthy");
    expect((await home.published())?.file).toEqual({
      path: home.authFile,
      format: "flat",
      problem: null,
      problemKind: null,
    });

    // Signed out in the tool: it stays signed out.
    await writeFile(home.authFile, JSON.stringify({ other: { type: "api", key: "k" } }));
    await until("the status follows the sign-out", async () => (await accounts()) === "");
    run.kill("SIGTERM");
    expect((await run.ended).code).toBe(0);
    expect(await home.pair()).toBeNull();
    await sentOnce();
    expect(await server.requests("token")).toHaveLength(4);
  });
});
