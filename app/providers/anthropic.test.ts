import { describe, expect, it } from "vitest";
import type { HttpAnswer } from "../ports/http.ts";
import { anthropic as adapter } from "./anthropic.ts";

const SECRET = "sk-ant-ort01-planted+/=&secret";
const options = {
  tokenUrl: "https://token.example/v1/oauth/token",
  apiUrl: "https://api.example",
  encoding: "json",
  pingModel: () => undefined,
} as const;
const anthropic = adapter.create(options);

const answered = (status: number, body: unknown = {}, headers: Record<string, string> = {}): HttpAnswer => ({
  kind: "answered",
  status,
  headers,
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const refusedWith = (status: number, message: string) =>
  answered(status, { type: "error", error: { type: "invalid_request_error", message } });

describe("a refresh request", () => {
  it("is a JSON POST with the three fields", () => {
    const { method, url, headers, body } = anthropic.refreshRequest(SECRET);
    expect({ method, url, headers }).toEqual({
      method: "POST",
      url: options.tokenUrl,
      headers: { accept: "application/json", "content-type": "application/json" },
    });
    expect(JSON.parse(body ?? "")).toEqual({
      grant_type: "refresh_token",
      refresh_token: SECRET,
      client_id: "9d1c250a-e61b-44d9-88ed-5944d1962f5e",
    });
  });

  it("is form-encoded where that is asked for, and no character of the token is lost", () => {
    const { headers, body } = adapter.create({ ...options, encoding: "form" }).refreshRequest(SECRET);
    expect(headers["content-type"]).toBe("application/x-www-form-urlencoded");
    const form = new URLSearchParams(body);
    expect([...form.keys()]).toEqual(["grant_type", "refresh_token", "client_id"]);
    expect(form.get("refresh_token")).toBe(SECRET);
  });

  it("carries the token nowhere but in the body", () => {
    const { body: _body, ...rest } = anthropic.refreshRequest(SECRET);
    expect(JSON.stringify(rest)).not.toContain("planted");
  });
});

describe("the answer to a refresh", () => {
  const NOW = Date.UTC(2026, 10, 23, 12);
  const DAY_S = 24 * 3600;
  const read = (answer: HttpAnswer) => anthropic.readRefresh(answer, SECRET, NOW);
  const grantOf = (body: object) => {
    const meaning = read(answered(200, { access_token: "a", ...body }));
    return meaning.kind === "success" ? meaning.grant : expect.fail(`it was ${meaning.kind}`);
  };

  it("is a grant with the end of the login and the account", () => {
    const body = {
      refresh_token: "r",
      expires_in: 28_800,
      refresh_token_expires_in: 30 * DAY_S,
      account: { uuid: "u-1" },
    };
    expect(grantOf(body)).toEqual({
      access: "a",
      refresh: "r",
      lifetimeMs: 28_800_000,
      loginLifetimeMs: 30 * DAY_S * 1_000,
      accountUuid: "u-1",
    });
  });

  it.each([
    [1, 1_000],
    [0.5, 500],
    [400 * DAY_S, 400 * DAY_S * 1_000],
    [400 * DAY_S + 1, null],
    [0, null],
    [-5, null],
    ["3600", null],
    [null, null],
    [undefined, null],
    [true, null],
    [{}, null],
  ])("reads refresh_token_expires_in %j as %j ms", (value, ms) => {
    expect(grantOf({ refresh_token_expires_in: value }).loginLifetimeMs).toBe(ms);
  });

  it.each([[undefined], [null], [{}], [{ uuid: "" }], [{ uuid: 5 }], ["u"], [[]]])(
    "reads no account out of %j",
    (account) => {
      expect(grantOf({ account }).accountUuid).toBeNull();
    },
  );

  it("529 is an overload, in which the server did not act", () => {
    expect(read(answered(529, "", { "retry-after": "120" }))).toEqual({
      kind: "transient",
      problem: { kind: "overloaded", status: 529 },
      rateLimited: false,
      notSent: false,
      retryAfterMs: 120_000,
    });
    expect(read(answered(529, ""))).toMatchObject({ kind: "transient", retryAfterMs: null });
  });

  it.each([
    [answered(200, {}), "unknown"],
    [answered(400, { error: "invalid_grant" }), "ended"],
    [answered(401, { error: "invalid_client" }), "invalidClient"],
    [answered(400, { type: "error", error: { type: "invalid_grant" } }), "transient"],
    [answered(429), "transient"],
    [answered(503), "transient"],
    [answered(520), "unknown"],
    [{ kind: "notSent", problem: { kind: "noNetworkPath", host: "a.invalid" } }, "transient"],
    [{ kind: "unknown", problem: { kind: "brokenOff" } }, "unknown"],
  ] as const)("%j is otherwise what the standards say: %s", (answer, kind) => {
    expect(read(answer).kind).toBe(kind);
  });
});

describe("a message ping", () => {
  it("asks a small model for at most five tokens, with one user message and no system prompt", () => {
    const { method, url, headers, body } = anthropic.pingRequest("message", "access-1") ?? expect.fail("no request");
    expect(method).toBe("POST");
    expect(url).toBe("https://api.example/v1/messages");
    expect(headers).toEqual({
      accept: "application/json",
      "anthropic-beta": "oauth-2025-04-20",
      "anthropic-version": "2023-06-01",
      authorization: "Bearer access-1",
      "content-type": "application/json",
    });
    expect(JSON.parse(body ?? "")).toEqual({
      model: "claude-haiku-4-5",
      max_tokens: 5,
      messages: [{ role: "user", content: "ping" }],
    });
  });

  it("follows a model that is changed while it runs", () => {
    let model = "first";
    const following = adapter.create({ ...options, pingModel: () => model });
    model = "second";
    expect(following.pingRequest("message", "a")?.body).toContain('"second"');
    expect(following.pingTarget()).toBe("second");
    expect(following.readPing("message", answered(404)).stopMessages).toEqual({ kind: "notOffered", target: "second" });
  });

  it.each([
    [{ usage: { input_tokens: 91, output_tokens: 5 } }, 96],
    [{ usage: { input_tokens: "91", output_tokens: 5 } }, 5],
    [{ usage: { input_tokens: -4, output_tokens: null } }, 0],
    [{ usage: { input_tokens: 1e300, output_tokens: 1 } }, 100_001],
    [{ usage: { input_tokens: 1.5 } }, 2],
    [{ usage: [] }, 0],
    [{ usage: null }, 0],
    [[], 0],
    ["null", 0],
    ["<html>", 0],
    ["", 0],
    ['{"usage":{"input_tokens":1e999}}', 0],
  ])("that succeeds with %j used %d tokens", (body, tokens) => {
    expect(anthropic.readPing("message", answered(200, body))).toEqual({ outcome: "ok", tokens, stopMessages: null });
  });

  it("says that the model is gone, and stops, on 404", () => {
    const { outcome, stopMessages } = anthropic.readPing("message", answered(404, "sk-ant-oat01-planted"));
    expect(outcome).toBe("no-model");
    expect(stopMessages).toEqual({ kind: "notOffered", target: "claude-haiku-4-5" });
  });

  it.each([
    [400, "Third-party apps now draw from your extra usage, not your plan limits."],
    [400, "Your credit balance is too low to access the Anthropic API."],
    [402, ""],
    [403, "Billing is not set up"],
  ])("refused with %d and words on payment stops, and says so without quoting the answer: %s", (status, text) => {
    const { outcome, tokens, stopMessages } = anthropic.readPing("message", refusedWith(status, `${text} ${SECRET}`));
    expect({ outcome, tokens }).toEqual({ outcome: "refused", tokens: 0 });
    expect(stopMessages).toEqual({ kind: "paidSeparately" });
  });

  it.each([
    [400, "This credential is only authorized for use with Claude Code and cannot be used for other API requests."],
    [403, "OAuth authentication is currently not allowed for this organization."],
    [403, "This violates our usage policies"],
  ])("refused with %d and words on policy stops: %s", (status, text) => {
    const { outcome, stopMessages } = anthropic.readPing("message", refusedWith(status, text));
    expect(outcome).toBe("refused");
    expect(stopMessages).toEqual({ kind: "againstPolicy" });
  });

  it.each([
    [400, "Error"],
    [400, "messages.0.foo: Extra inputs are not permitted"],
    [403, ""],
    [403, "OAuth token has been revoked."],
    [405, "policy"],
    [413, "billing"],
  ])("refused with %d and no such words goes on: %s", (status, text) => {
    expect(anthropic.readPing("message", refusedWith(status, text))).toEqual({
      outcome: "refused",
      tokens: 0,
      stopMessages: null,
    });
  });

  it("answered by a proxy's page in between goes on, whatever stands in its small print", () => {
    const page = "\n<!doctype html><p>Blocked. See our privacy policy and billing terms.";
    expect(anthropic.readPing("message", answered(403, page)).stopMessages).toBe(null);
  });
});

describe("a profile check", () => {
  it("is a GET without a body", () => {
    expect(anthropic.pingRequest("profile", "access-1")).toEqual({
      method: "GET",
      url: "https://api.example/api/oauth/profile",
      headers: {
        accept: "application/json",
        "anthropic-beta": "oauth-2025-04-20",
        authorization: "Bearer access-1",
      },
    });
  });

  it("costs no tokens, whatever the answer claims", () => {
    const body = { usage: { input_tokens: 9, output_tokens: 9 } };
    expect(anthropic.readPing("profile", answered(200, body)).tokens).toBe(0);
  });

  it.each([400, 402, 403, 404])("never stops message pings (%d)", (status) => {
    expect(anthropic.readPing("profile", refusedWith(status, "billing policy third-party"))).toEqual({
      outcome: "refused",
      tokens: 0,
      stopMessages: null,
    });
  });
});

describe.each(["message", "profile"] as const)("the answer to a %s ping", (mode) => {
  it.each([
    [answered(204, ""), "ok"],
    [answered(401), "unauthorized"],
    [answered(429), "rate-limited"],
    [answered(529), "rate-limited"],
    [answered(302), "unreachable"],
    [answered(408), "unreachable"],
    [answered(500, "billing"), "unreachable"],
    [answered(503), "unreachable"],
    [{ kind: "notSent", problem: { kind: "noNetworkPath", host: "a.invalid" } }, "unreachable"],
    [{ kind: "unknown", problem: { kind: "brokenOff" } }, "unreachable"],
  ] as const)("%j means %s", (answer, outcome) => {
    expect(anthropic.readPing(mode, answer)).toEqual({ outcome, tokens: 0, stopMessages: null });
  });
});

it("a base URL that ends in slashes or has a path of its own is joined correctly", () => {
  const url = (apiUrl: string) => adapter.create({ ...options, apiUrl }).pingRequest("profile", "a")?.url;
  expect(url("https://api.example//")).toBe("https://api.example/api/oauth/profile");
  expect(url("https://gate.example/anthropic/")).toBe("https://gate.example/anthropic/api/oauth/profile");
});
