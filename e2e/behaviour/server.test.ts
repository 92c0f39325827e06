import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { type Login, snapshotSchema } from "../../app/shared/login/snapshot.ts";
import type { CliHome } from "../support/cli.ts";
import { oauthEntry } from "../support/entries.ts";
import { loginOf, saidBy, sceneWithLogin, stateOf } from "../support/scene.ts";
import { type Behaviour, loginPage, oauthError, rateLimited } from "../support/server/token-script.ts";

const answer = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Behaviour => ({
  kind: "answer",
  status,
  body,
  headers,
});
const html = "<!doctype html><p>invalid_grant</p>";

interface Row {
  readonly name: string;
  readonly behaviour: Behaviour;
  readonly state: Login["state"];
}

/** The server says that it did nothing. */
const NO: readonly Row[] = [
  { name: "400 invalid_client", behaviour: oauthError("invalid_client"), state: "retrying" },
  { name: "401 invalid_client", behaviour: oauthError("invalid_client", 401), state: "retrying" },
  { name: "400 with another error", behaviour: oauthError("invalid_request"), state: "retrying" },
  {
    name: "400 with the code further inside",
    behaviour: answer(400, '{"type":"error","error":{"type":"invalid_grant"}}'),
    state: "retrying",
  },
  { name: "400 HTML that says invalid_grant", behaviour: answer(400, html), state: "retrying" },
  {
    name: "400 invalid_grant, cut off",
    behaviour: answer(400, '{"error":"invalid_grant"'),
    state: "retrying",
  },
  { name: "an empty 403", behaviour: answer(403, ""), state: "retrying" },
  { name: "404 invalid_grant", behaviour: oauthError("invalid_grant", 404), state: "retrying" },
  { name: "418", behaviour: answer(418, "{}"), state: "retrying" },
  { name: "503", behaviour: answer(503, "{}"), state: "retrying" },
  { name: "529", behaviour: answer(529, "{}"), state: "retrying" },
  { name: "302", behaviour: answer(302, "", { location: "/elsewhere" }), state: "retrying" },
  { name: "429 without Retry-After", behaviour: rateLimited(null), state: "rateLimited" },
];

/** Nobody can say whether the server acted. */
const UNKNOWN: readonly Row[] = [
  { name: "200 HTML", behaviour: loginPage, state: "outcomeUnknown" },
  { name: "a connection cut after committing", behaviour: { kind: "cutAfter" }, state: "outcomeUnknown" },
  {
    name: "a connection cut in the middle of the answer",
    behaviour: { kind: "cutInside" },
    state: "outcomeUnknown",
  },
  {
    name: "200 with an error inside",
    behaviour: answer(200, '{"error":"invalid_grant"}'),
    state: "outcomeUnknown",
  },
  {
    name: "200 with a number for a token",
    behaviour: { kind: "patched", members: { access_token: 5 } },
    state: "outcomeUnknown",
  },
  {
    name: "200 with an empty token",
    behaviour: { kind: "patched", members: { access_token: "" } },
    state: "outcomeUnknown",
  },
  { name: "204", behaviour: answer(204, ""), state: "outcomeUnknown" },
  { name: "500 invalid_grant", behaviour: oauthError("invalid_grant", 500), state: "outcomeUnknown" },
  { name: "408", behaviour: answer(408, "{}"), state: "outcomeUnknown" },
];

/** One pass; what became of the login at `anthropic`, and all that was said. */
async function pass(home: CliHome) {
  const ended = await home.run("run", "--once", "--json");
  const { accounts: logins } = v.parse(snapshotSchema, JSON.parse(ended.stdout));
  return { code: ended.code, account: logins.find(({ id }) => id === "anthropic"), said: saidBy(ended) };
}

describe.concurrent("a server that hangs", () => {
  it.concurrent("is left after 30 s, outcome unknown; all other rows go on beside it", async (cleanup) => {
    const { home, server } = await sceneWithLogin(cleanup);
    await server.script("token", { kind: "hang", after: true });
    const ended = await home.run("run", "--once");
    expect(ended.code).toBe(3);
    expect(ended.ms).toBeGreaterThan(29_000);
    expect(ended.ms).toBeLessThan(36_000);
    expect(await stateOf(home)).toBe("outcomeUnknown");
  });
});

describe.concurrent("a server that says no", () => {
  it.concurrent.for([
    ["400", 400],
    ["401", 401],
    ["403", 403],
  ] as const)(
    "%s invalid_grant: the login has ended, exit 1, and it is asked for no more",
    async ([, status], cleanup) => {
      const { home, server, login } = await sceneWithLogin(cleanup);
      const before = await readFile(home.authFile);
      await server.script("token", oauthError("invalid_grant", status));
      const ended = await home.run("run", "--once");
      expect(ended.code).toBe(1);
      expect(saidBy(ended)).toContain("opencode auth login");
      expect((await home.run("run", "--once")).code).toBe(1);
      expect((await home.run("refresh")).code).toBe(1);
      expect(await stateOf(home)).toBe("signIn");
      expect((await server.requests("token")).map(({ token }) => token)).toEqual([login.refresh]);
      // Nothing is taken away from anyone.
      expect(await readFile(home.authFile)).toEqual(before);
    },
  );

  it.concurrent.for(NO)(
    "$name: nothing happened; exit 3, and a time for the next try",
    async ({ behaviour, state }, cleanup) => {
      const { home, server } = await sceneWithLogin(cleanup);
      const before = await readFile(home.authFile);
      await server.script("token", behaviour);
      const from = Date.now();
      const { code, account: login, said } = await pass(home);
      expect([code, login?.state]).toEqual([3, state]);
      expect(said).not.toContain("planted");
      expect(login?.nextRefreshAt).toBeGreaterThan(from);
      expect(await readFile(home.authFile)).toEqual(before);
      expect(await server.requests("token")).toHaveLength(1);
    },
  );

  it.concurrent.for(NO.filter(({ name }) => /invalid_client|418|302|503/.test(name)))(
    "$name: Refresh now does not wait, and sends it again",
    async ({ behaviour }, cleanup) => {
      const { home, server, login } = await sceneWithLogin(cleanup);
      await server.script("token", behaviour);
      expect((await pass(home)).code).toBe(3);
      const forced = await home.run("refresh");
      expect([forced.code, saidBy(forced).trim()]).toEqual([0, "anthropic: Refreshed."]);
      expect(await server.redemptions(login.refresh)).toBe(1);
    },
  );

  it.concurrent("a login that has ended is tried once more when it is named, once a minute", async (cleanup) => {
    const { home, server, login } = await sceneWithLogin(cleanup);
    const no = oauthError("invalid_grant");
    await server.script("token", no, no, no);
    expect((await home.run("run", "--once")).code).toBe(1);
    expect((await home.run("refresh", "anthropic")).code).toBe(1);
    expect(await server.requests("token")).toHaveLength(2);
    expect((await home.run("refresh", "anthropic")).code).toBe(1);
    expect(await server.requests("token")).toHaveLength(2);
    // A sign-in ends it.
    const fresh = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(fresh) });
    expect((await home.run("run", "--once")).code).toBe(0);
    expect(await server.redemptions(login.refresh)).toBe(0);
  });

  it.concurrent("an invalid_client shows as the last refresh", async (cleanup) => {
    const { home, server } = await sceneWithLogin(cleanup);
    await server.script("token", oauthError("invalid_client"));
    expect((await home.run("run", "--once")).code).toBe(3);
    expect((await loginOf(home)).lastRefresh?.outcome).toBe("transient");
  });

  it.concurrent.for([
    ["seconds", (): string => "3600", 3_600_000],
    ["a date", (): string => new Date(Date.now() + 7_200_000).toUTCString(), 7_200_000],
    ["more than 12 h", (): string => "999999", 43_200_000],
  ] as const)(
    "429 with Retry-After in %s: waits so long, and Refresh now does not override it",
    async ([, header, ms], cleanup) => {
      const { home, server } = await sceneWithLogin(cleanup);
      await server.script("token", rateLimited(header()));
      expect((await home.run("run", "--once")).code).toBe(3);
      expect((await home.run("refresh")).code).toBe(3);
      expect((await home.run("run", "--once")).code).toBe(3);
      const { state, nextRefreshAt, lastRefresh } = await loginOf(home);
      expect([state, lastRefresh?.outcome]).toEqual(["rateLimited", "rate-limited"]);
      expect(Math.abs((nextRefreshAt ?? 0) - Date.now() - ms)).toBeLessThan(30_000);
      expect(await server.requests("token")).toHaveLength(1);
    },
  );

  it.concurrent("no server at all: exit 3, and it is tried again later", async (cleanup) => {
    const { home, server, login } = await sceneWithLogin(cleanup, { tokenUrl: "http://127.0.0.1:1/token" });
    const { code, account } = await pass(home);
    expect([code, account?.state]).toEqual([3, "retrying"]);
    const forced = await home.run("refresh", "--token-url", server.tokenUrl);
    expect(forced.code).toBe(0);
    expect(await server.redemptions(login.refresh)).toBe(1);
  });
});

describe.concurrent("an answer that is lost", () => {
  it.concurrent.for(UNKNOWN)(
    "$name: exit 3, and not sent again by the next pass",
    async ({ behaviour, state }, cleanup) => {
      const { home, server, login } = await sceneWithLogin(cleanup);
      const before = await readFile(home.authFile);
      await server.script("token", behaviour);
      const first = await pass(home);
      expect([first.code, first.account?.state]).toEqual([3, state]);
      expect(first.said).not.toContain("planted");
      const second = await pass(home);
      expect([second.code, second.account?.state]).toEqual([3, state]);
      expect((await server.requests("token")).map(({ token }) => token)).toEqual([login.refresh]);
      expect(await readFile(home.authFile)).toEqual(before);
      expect(second.account?.nextRefreshAt ?? 0).toBeGreaterThan(Date.now() + 20_000);
    },
  );

  it.concurrent.for(UNKNOWN.filter(({ name }) => /HTML|after committing|408/.test(name)))(
    "$name: Refresh now is a deliberate attempt",
    async ({ behaviour }, cleanup) => {
      const { home, server, login } = await sceneWithLogin(cleanup);
      await server.script("token", behaviour);
      expect((await pass(home)).code).toBe(3);
      // Where the server acted, the attempt finds the login ended; where it did not, it goes on.
      const { current } = await server.standing(login.refresh);
      expect((await home.run("refresh")).code).toBe(current ? 0 : 1);
      expect(await server.requests("token")).toHaveLength(2);
      const { state, reason } = await loginOf(home);
      expect(state).toBe(current ? "healthy" : "signIn");
      if (!current) expect(reason).toContain("An answer was lost");
    },
  );

  it.concurrent("a connection cut before anything happened is not told from one after", async (cleanup) => {
    const { home, server, login } = await sceneWithLogin(cleanup);
    await server.script("token", { kind: "cutBefore" });
    expect((await home.run("run", "--once")).code).toBe(3);
    expect((await home.run("run", "--once")).code).toBe(3);
    expect(await server.requests("token")).toHaveLength(1);
    expect((await home.run("refresh")).code).toBe(0);
    expect((await home.pair())?.refresh).toBe((await server.standing(login.refresh)).newest);
  });

  it.concurrent("a 307 to the same endpoint is not followed", async (cleanup) => {
    const { home, server } = await sceneWithLogin(cleanup);
    await server.script("token", answer(307, "", { location: server.tokenUrl }));
    const { code, account } = await pass(home);
    expect([code, account?.state]).toEqual([3, "retrying"]);
    expect(await server.requests("token")).toHaveLength(1);
  });
});
