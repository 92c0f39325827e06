/** A provider that nobody knows: one file's worth of adapter, one line of the registry, and its login is kept alive. */

import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { assemble } from "../../app/assemble/assemble.ts";
import { type Pair } from "../../app/ports/credential-file.ts";
import type { Adapter, AdapterConfig } from "../../app/providers/adapter.ts";
import { believableMs, type Dialect, readRefresh, refreshRequest } from "../../app/providers/oauth.ts";
import { REGISTRY } from "../../app/providers/registry.ts";
import { parseSettings } from "../../app/shared/settings.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { authFileIn } from "../support/home.ts";
import type { Cleanup } from "../support/scene.ts";
import { defaultRules, TokenAuthority } from "../support/server/token-authority.ts";

// ---- what would be app/providers/copper.ts ---------------------------------------------------------------------------

const DIALECT: Dialect = {
  overloaded: [520],
  readMore: (body) => {
    const ends = typeof body === "object" && body !== null && "session_ends_in" in body ? body.session_ends_in : null;
    return { loginLifetimeMs: believableMs(ends) };
  },
};

const copper: Adapter = {
  id: "copper",
  endpoints: { tokenUrl: "https://copper.invalid/sign-in/token", apiUrl: "https://copper.invalid", encoding: "form" },
  create: (config: AdapterConfig) => {
    const voice = () => config.pingModel() ?? "alto";
    return {
      id: "copper",
      name: "Copper",
      signInHint: "copper sign-in",
      signInNote: null,
      signInNeeds: null,
      termsNote: null,
      refreshRequest: (refreshToken) => refreshRequest(config, "copper-client", refreshToken),
      readRefresh: (answer, sent, now) => readRefresh(answer, sent, now, DIALECT),
      pingTarget: voice,
      // It has messages only.
      pingRequest: (mode, access) =>
        mode === "profile"
          ? null
          : {
              method: "POST",
              url: `${config.apiUrl}/echo/${voice()}`,
              headers: { "x-copper-token": access, "content-type": "text/plain" },
              body: "ping",
            },
      readPing: (_mode, answer) => {
        if (answer.kind !== "answered") return { outcome: "unreachable", tokens: 0, stopMessages: null };
        if (answer.status === 410)
          return { outcome: "no-model", tokens: 0, stopMessages: { kind: "notOffered", target: voice() } };
        return { outcome: answer.status === 200 ? "ok" : "refused", tokens: 3, stopMessages: null };
      },
    };
  },
};

// ---- its server, and an engine that knows it -------------------------------------------------------------------------

interface Seen {
  readonly what: string;
  readonly type: string | undefined;
  readonly token: unknown;
  readonly body: string;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function copperServer({ onTestFinished }: Cleanup) {
  const authority = new TokenAuthority(defaultRules);
  const seen: Seen[] = [];
  /** Statuses for the next token requests. */
  const troubles: number[] = [];
  const answer = (what: string, body: string): readonly [status: number, body: object] => {
    if (what === "POST /echo/alto") return [200, { echo: body }];
    if (what !== "POST /sign-in/token") return [410, {}];
    const trouble = troubles.shift();
    if (trouble !== undefined) return [trouble, {}];
    const redeemed = authority.redeem(new URLSearchParams(body).get("refresh_token") ?? "");
    if (redeemed.kind === "refused") return [400, { error: "invalid_grant" }];
    const { access, refresh } = redeemed.pair;
    return [200, { access_token: access, refresh_token: refresh, expires_in: 3_600, session_ends_in: 86_400 }];
  };
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const what = `${request.method} ${request.url}`;
      seen.push({ what, type: request.headers["content-type"], token: request.headers["x-copper-token"], body });
      const [status, document] = answer(what, body);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(document));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return { authority, seen, troubles, url: `http://127.0.0.1:${address.port}` };
}

const other = { type: "api", key: "another-key" };

async function copperHome(cleanup: Cleanup, url: string, first: Pair) {
  const home = await mkdtemp(join(tmpdir(), "pilot-light-copper-"));
  cleanup.onTestFinished(() => rm(home, { recursive: true, force: true }));
  const authFile = authFileIn(home);
  await mkdir(dirname(authFile), { recursive: true });
  await writeFile(authFile, JSON.stringify({ other, copper: oauthEntry(first) }), { mode: 0o600 });
  let settings = parseSettings({});
  const assembled = (registry?: readonly [Adapter, ...Adapter[]]) =>
    assemble({
      version: "0.0.0",
      authFile,
      stateDir: join(home, "state"),
      settings: { read: () => settings, update: () => undefined, onChange: () => () => undefined },
      endpoints:
        registry === undefined ? new Map() : new Map([["copper", { tokenUrl: `${url}/sign-in/token`, apiUrl: url }]]),
      ping: { mode: "message", chosen: true },
      power: { leaving: () => false, idle: true },
      oneShot: true,
      readOnly: false,
      logLevel: "error",
      stderrLog: false,
      env: { HOME: home },
      ...(registry === undefined ? {} : { registry }),
    });
  return {
    assembled,
    set: (value: unknown) => {
      settings = parseSettings(value);
    },
    file: async (): Promise<unknown> => JSON.parse(await readFile(authFile, "utf8")),
  };
}

it("is one file and one line: its login is refreshed and pinged, over real files and a real connection", async (test) => {
  const { authority, seen, troubles, url } = await copperServer(test);
  const first = authority.issue();
  const { assembled, file, set } = await copperHome(test, url, expired(first));
  const { engine, providers } = await assembled([...REGISTRY, copper]);
  const account = async () => (await engine.status()).accounts.find(({ id }) => id === "copper");

  const now = Date.now();
  const { accounts: logins } = (await engine.runOnce({ onEvent: () => undefined })).snapshot;
  expect(seen.map(({ what, type }) => [what, type])).toEqual([
    ["POST /sign-in/token", "application/x-www-form-urlencoded"],
    ["POST /echo/alto", "text/plain"],
  ]);
  expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toEqual({
    grant_type: "refresh_token",
    refresh_token: first.refresh,
    client_id: "copper-client",
  });
  const second = authority.newestOf(first.refresh);
  expect(await file()).toEqual({
    other,
    copper: { type: "oauth", refresh: second, access: seen[1]?.token, expires: expect.any(Number) as number },
  });
  expect(second).not.toBe(first.refresh);
  expect(logins).toMatchObject([
    { id: "copper", provider: "copper", state: "healthy", lastRefresh: { outcome: "refreshed" } },
  ]);
  expect(logins[0]?.lastPing).toMatchObject({ outcome: "ok", mode: "message" });
  expect(logins[0]?.loginEndsAt).toBeGreaterThanOrEqual(now + 86_400_000);
  expect(await engine.tokensToday()).toEqual({ copper: 3 });

  // Its own setting, and its own end of messages; the old setting of another provider is none of its business.
  set({ ping: { model: "bass" }, providers: { copper: { pingModel: "tenor" } } });
  expect(providers().at(-1)).toEqual({
    id: "copper",
    name: "Copper",
    signInHint: "copper sign-in",
    signInNote: null,
    signInNeeds: null,
    termsNote: null,
    tokenUrl: `${url}/sign-in/token`,
    apiUrl: url,
    pingTarget: "tenor",
    pingDefault: "alto",
  });
  expect(await engine.ping(["copper"])).toMatchObject([{ sentence: expect.stringContaining("gone") as string }]);
  expect(seen.at(-1)?.what).toBe("POST /echo/tenor");
  expect(await engine.ping(["copper"])).toMatchObject([
    { sentence: expect.stringContaining("does not support this kind of ping") as string },
  ]);
  set({});
  expect(await engine.ping(["copper"])).toMatchObject([{ sentence: expect.stringContaining("ok") as string }]);

  // Its own word for "not now" is no lost answer, and its sign-in is the one that people are told of.
  troubles.push(520);
  await engine.refresh(["copper"]);
  expect(await account()).toMatchObject({ state: "retrying", reason: expect.stringContaining("520") as string });
  expect(await engine.refresh(["copper"])).toEqual([{ id: "copper", sentence: "Refreshed." }]);
  expect(authority.newestOf(first.refresh)).not.toBe(second);
  authority.revoke(first.refresh);
  await engine.refresh(["copper"]);
  expect(await account()).toMatchObject({
    state: "signIn",
    reason: expect.stringContaining("Sign in again: copper sign-in.") as string,
  });
});

it("without its line it is nobody's: its login is left alone, and not one request is sent", async (test) => {
  const { authority, seen, url } = await copperServer(test);
  const { assembled, file } = await copperHome(test, url, expired(authority.issue()));
  const before = await file();
  const { engine } = await assembled();
  expect((await engine.runOnce({ onEvent: () => undefined })).snapshot.accounts).toMatchObject([
    { state: "unmanaged" },
  ]);
  expect(seen).toEqual([]);
  expect(await file()).toEqual(before);
});
