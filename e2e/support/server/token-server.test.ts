import { afterEach, describe, expect, it } from "vitest";
import { loginPage, oauthError, rateLimited } from "./token-script.ts";
import { startTokenServer, type TokenServer } from "./token-server.ts";
import { startTokenServerProcess } from "./token-server-process.ts";

const client_id = "9d1c250a-e61b-44d9-88ed-5944d1962f5e";

interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly expires_in: number;
  readonly refresh_token_expires_in?: number;
  readonly account: { readonly uuid: string };
  readonly error?: string;
}

const post = (url: string, refresh_token: string, encoding: "json" | "form" = "json"): Promise<Response> => {
  const body = { grant_type: "refresh_token", refresh_token, client_id };
  return fetch(url, {
    method: "POST",
    headers: {
      "user-agent": "the-test/1",
      "content-type": encoding === "json" ? "application/json" : "application/x-www-form-urlencoded",
    },
    body: encoding === "json" ? JSON.stringify(body) : new URLSearchParams(body).toString(),
  });
};
const read = async (response: Promise<Response>): Promise<TokenAnswer> =>
  (await (await response).json()) as TokenAnswer;
const apiHeaders = (access: string) => ({ authorization: `Bearer ${access}`, "anthropic-beta": "oauth-2025-04-20" });
const profile = (server: TokenServer, access: string) =>
  fetch(`${server.apiUrl}/api/oauth/profile`, { headers: apiHeaders(access) });

const servers: TokenServer[] = [];
const started = async <S extends TokenServer>(server: Promise<S>): Promise<S> => {
  servers.push(await server);
  return server;
};
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close().catch(() => undefined);
});

describe.each([
  ["in this process", () => started(startTokenServer({ expiresIn: 600, refreshTokenExpiresIn: 9_000 }))],
  ["in its own process", () => started(startTokenServerProcess({ expiresIn: 600, refreshTokenExpiresIn: 9_000 }))],
])("the scripted token server, %s,", (_, start) => {
  it("rotates once, and takes a replay as theft: the whole login ends", async () => {
    const server = await start();
    const login = await server.issue({ accountUuid: "acc-1" });
    const first = await read(post(server.tokenUrl, login.refresh));
    expect(first).toMatchObject({ expires_in: 600, account: { uuid: "acc-1" } });
    expect(first.refresh_token_expires_in).toBeGreaterThan(8_990);
    const next = first.refresh_token ?? "";
    expect(next).not.toBe(login.refresh);
    expect((await profile(server, first.access_token)).status).toBe(200);
    expect(await server.standing(login.refresh)).toEqual({ current: false, newest: next, revoked: false });

    expect((await read(post(server.tokenUrl, login.refresh))).error).toBe("invalid_grant");
    expect((await read(post(server.tokenUrl, next))).error).toBe("invalid_grant");
    expect((await profile(server, first.access_token)).status).toBe(401);
    expect(await server.redemptions(login.refresh)).toBe(2);
    expect(await server.standing(next)).toMatchObject({ current: false, revoked: true });
  });

  it("plays its script in order, then is ordinary again", async () => {
    const server = await start();
    const { refresh } = await server.issue();
    await server.script("token", rateLimited("120"), oauthError("invalid_client", 401), loginPage);
    const limited = await post(server.tokenUrl, refresh);
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "120"]);
    expect((await read(post(server.tokenUrl, refresh))).error).toBe("invalid_client");
    expect(await server.standing(refresh)).toMatchObject({ current: true });
    expect(await (await post(server.tokenUrl, refresh)).text()).toContain("<!doctype html>");
    // The page hid a rotation.
    const { newest } = await server.standing(refresh);
    await server.script("token", rateLimited("120"));
    await server.unscript("token");
    expect((await read(post(server.tokenUrl, newest ?? ""))).refresh_token).toBeDefined();
  });

  it("rotates and then cuts the connection, or hangs", async () => {
    const server = await start();
    const { refresh } = await server.issue();
    await server.script("token", { kind: "cutBefore" }, { kind: "cutAfter" });
    await expect(post(server.tokenUrl, refresh)).rejects.toThrow();
    expect((await server.standing(refresh)).current).toBe(true);
    await expect(post(server.tokenUrl, refresh)).rejects.toThrow();
    const { current, newest } = await server.standing(refresh);
    expect(current).toBe(false);
    await server.script("token", { kind: "cutInside" });
    await expect(read(post(server.tokenUrl, newest ?? ""))).rejects.toThrow();
    const third = await server.standing(refresh);
    await server.script("token", { kind: "hang", after: true });
    const hanging = post(server.tokenUrl, third.newest ?? "").then(
      () => "answered",
      () => "cut",
    );
    await server.seen("token", 4);
    await server.close();
    servers.length = 0;
    expect(await hanging).toBe("cut");
  });

  it("can leave the refresh token out, repeat it, and bend the answer", async () => {
    const server = await start();
    const { refresh } = await server.issue();
    await server.script("token", { kind: "noRefreshToken" }, { kind: "sameRefreshToken" });
    expect(await read(post(server.tokenUrl, refresh))).not.toHaveProperty("refresh_token");
    expect((await read(post(server.tokenUrl, refresh))).refresh_token).toBe(refresh);
    await server.script("token", { kind: "patched", members: { expires_in: "soon" }, remove: ["account"] });
    const bent = await read(post(server.tokenUrl, refresh));
    expect(bent).toMatchObject({ expires_in: "soon" });
    expect(bent).not.toHaveProperty("account");
  });

  it("waits at gates before and after the rotation", async () => {
    const server = await start();
    const { refresh } = await server.issue();
    await server.script("token", { kind: "ordinary", gateBefore: "before", gateAfter: "after" });
    const answer = read(post(server.tokenUrl, refresh));
    await server.seen("token", 1);
    expect((await server.standing(refresh)).current).toBe(true);
    await server.release("before");
    await server.release("after");
    expect((await answer).refresh_token).toBe((await server.standing(refresh)).newest);
  });

  it("notes each request: when, which token, how encoded, by whom", async () => {
    const server = await start();
    const { refresh, access } = await server.issue();
    const next = await read(post(server.tokenUrl, refresh, "form"));
    const message = await fetch(`${server.apiUrl}/v1/messages`, {
      method: "POST",
      headers: { ...apiHeaders(access), "content-type": "application/json" },
      body: JSON.stringify({ model: "m", max_tokens: 5 }),
    });
    expect(await message.json()).toMatchObject({ usage: { input_tokens: 8, output_tokens: 4 } });
    await post(server.tokenUrl, next.refresh_token ?? "");
    expect(await server.requests("token")).toMatchObject([
      { token: refresh, encoding: "form", userAgent: "the-test/1", members: { client_id } },
      { token: next.refresh_token, encoding: "json" },
    ]);
    expect(await server.requests("message")).toMatchObject([
      { token: access, members: { model: "m", max_tokens: "5" } },
    ]);
    expect(await server.requests()).toHaveLength(3);
  });

  it("refuses what a provider refuses: strangers, other clients, other bodies, pings without the beta", async () => {
    const server = await start();
    const { access } = await server.issue();
    expect((await read(post(server.tokenUrl, "never issued"))).error).toBe("invalid_grant");
    const other = await fetch(server.tokenUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ grant_type: "refresh_token", refresh_token: "x", client_id: "someone else" }),
    });
    expect(other.status).toBe(401);
    expect((await fetch(server.tokenUrl, { method: "POST", body: "not json" })).status).toBe(400);
    const bare = { authorization: `Bearer ${access}` };
    expect((await fetch(`${server.apiUrl}/api/oauth/profile`, { headers: bare })).status).toBe(401);
    expect((await fetch(`${server.apiUrl}/elsewhere`)).status).toBe(404);
  });
});

describe("the token server in its own process", () => {
  it("can be killed while an answer is under way", async () => {
    const server = await started(startTokenServerProcess());
    const { refresh } = await server.issue();
    await server.script("token", { kind: "ordinary", gateAfter: "never" });
    const answer = post(server.tokenUrl, refresh).then(
      () => "answered",
      () => "cut",
    );
    await server.seen("token", 1);
    await server.kill();
    expect(await answer).toBe("cut");
  });
});
