import { describe, expect, it } from "vitest";
import type { HttpAnswer } from "../ports/http.ts";
import { MAX_RETRY_AFTER, type Meaning } from "../ports/provider.ts";
import { readRefresh, readRetryAfter, refreshRequest } from "./oauth.ts";

const NOW = Date.UTC(2026, 10, 23, 12);
const SENT = "SECRET-sent";
const HOUR = 3_600_000;
const DAY_S = 24 * 3600;

function answered(status: number, body: unknown, headers: Record<string, string> = {}): HttpAnswer {
  return { kind: "answered", status, headers, body: typeof body === "string" ? body : JSON.stringify(body) };
}
const reading = (answer: HttpAnswer): Meaning => readRefresh(answer, SENT, NOW);
const meaning = (status: number, body: unknown, headers?: Record<string, string>): Meaning =>
  reading(answered(status, body, headers));

function grantOf(body: unknown) {
  const read = meaning(200, body);
  if (read.kind !== "success") throw new Error(`it was ${read.kind}`);
  return read.grant;
}

describe("a refresh request", () => {
  const token = "planted+/=&token";
  const at = { tokenUrl: "https://token.example/token", encoding: "json" } as const;

  it("is a JSON POST with the three fields", () => {
    const { body, ...rest } = refreshRequest(at, "client", token);
    expect(rest).toEqual({
      method: "POST",
      url: at.tokenUrl,
      headers: { accept: "application/json", "content-type": "application/json" },
    });
    expect(JSON.parse(body ?? "")).toEqual({ grant_type: "refresh_token", refresh_token: token, client_id: "client" });
    expect(JSON.stringify(rest)).not.toContain("planted");
  });

  it("is form-encoded where that is asked for, and no character of the token is lost", () => {
    const { headers, body, ...rest } = refreshRequest({ ...at, encoding: "form" }, "client", token);
    expect(headers["content-type"]).toBe("application/x-www-form-urlencoded");
    const form = new URLSearchParams(body);
    expect([...form]).toEqual([
      ["grant_type", "refresh_token"],
      ["refresh_token", token],
      ["client_id", "client"],
    ]);
    expect(JSON.stringify([headers, rest])).not.toContain("planted");
  });
});

describe("what an answer means", () => {
  it.each([
    ["a 200 with everything", 200, { access_token: "a", refresh_token: "r", expires_in: 60 }, "success"],
    ["a 201 with an access token", 201, { access_token: "a" }, "success"],
    [
      "a 2xx with odd fields all around",
      200,
      { access_token: "a", refresh_token: 7, account: [], error: 1 },
      "success",
    ],
    ["a 2xx that also says invalid_grant", 200, { access_token: "a", error: "invalid_grant" }, "success"],
    ["a 200 with an empty access token", 200, { access_token: "" }, "unknown"],
    ["a 200 with an access token that is no string", 200, { access_token: 5 }, "unknown"],
    ["a 200 without an access token", 200, { refresh_token: "r" }, "unknown"],
    ["a 200 of HTML", 200, "<html>log in</html>", "unknown"],
    ["a 200 cut in the middle", 200, '{"access_token":"a"', "unknown"],
    ["a 204 without a body", 204, "", "unknown"],
    ["a 200 whose JSON is a list", 200, [{ access_token: "a" }], "unknown"],
    ["a 400 invalid_grant", 400, { error: "invalid_grant" }, "ended"],
    ["a 401 invalid_grant", 401, { error: "invalid_grant" }, "ended"],
    ["a 403 invalid_grant", 403, { error: "invalid_grant", error_description: "x" }, "ended"],
    ["a 404 invalid_grant", 404, { error: "invalid_grant" }, "transient"],
    ["a 500 invalid_grant", 500, { error: "invalid_grant" }, "unknown"],
    ["an invalid_grant that is not at the top", 400, { error: { type: "invalid_grant" } }, "transient"],
    ["an invalid_grant in a list", 400, [{ error: "invalid_grant" }], "transient"],
    ["an invalid_grant cut in the middle", 400, '{"error":"invalid_grant"', "transient"],
    ["an invalid_grant in plain text", 400, "invalid_grant", "transient"],
    ["an invalid_grant in other letters", 400, { error: "INVALID_GRANT" }, "transient"],
    ["a 400 invalid_client", 400, { error: "invalid_client" }, "invalidClient"],
    ["a 401 invalid_client", 401, { error: "invalid_client" }, "invalidClient"],
    ["a 403 invalid_client", 403, { error: "invalid_client" }, "invalidClient"],
    ["a 400 of another kind", 400, { error: "invalid_request" }, "transient"],
    ["a 401 without a body", 401, "", "transient"],
    ["a 403 of a captive portal", 403, "<html></html>", "transient"],
    ["a 404", 404, "", "transient"],
    ["a 408", 408, "", "unknown"],
    ["a 422", 422, "", "transient"],
    ["a 429", 429, "", "transient"],
    ["a 301", 301, "", "transient"],
    ["a 302", 302, { access_token: "a" }, "transient"],
    ["a 307", 307, "", "transient"],
    ["a 500", 500, "", "unknown"],
    ["a 502", 502, "", "unknown"],
    ["a 503", 503, "", "transient"],
    ["a 504", 504, "", "unknown"],
    ["a 520", 520, "", "unknown"],
    ["a 529", 529, "", "unknown"],
    ["a 100", 100, "", "unknown"],
  ] as const)("%s", (_name, status, body, kind) => {
    expect(meaning(status, body).kind).toBe(kind);
  });

  it("a request that never left is transient, and says so", () => {
    expect(reading({ kind: "notSent", problem: { kind: "noNetworkPath", host: "a.invalid" } })).toEqual({
      kind: "transient",
      problem: { kind: "noNetworkPath", host: "a.invalid" },
      rateLimited: false,
      notSent: true,
      retryAfterMs: null,
    });
  });

  it("a connection that broke leaves the outcome unknown", () => {
    expect(reading({ kind: "unknown", problem: { kind: "brokenOff" } })).toEqual({
      kind: "unknown",
      problem: { kind: "brokenOff" },
    });
  });

  it("only a 429 is a rate limit, and an answered request was sent", () => {
    for (const status of [429, 503, 302, 404, 400]) {
      expect(meaning(status, "")).toMatchObject({ rateLimited: status === 429, notSent: false });
    }
  });

  it("a status that a provider has for an overload is transient there, and nowhere else", () => {
    const answer = answered(529, "", { "retry-after": "120" });
    expect(readRefresh(answer, SENT, NOW, { overloaded: [529] })).toEqual({
      kind: "transient",
      problem: { kind: "overloaded", status: 529 },
      rateLimited: false,
      notSent: false,
      retryAfterMs: 120_000,
    });
    expect(readRefresh(answered(520, ""), SENT, NOW, { overloaded: [529] }).kind).toBe("unknown");
  });

  it.each([429, 503, 302, 404])("Retry-After is honoured with a %i", (status) => {
    expect(meaning(status, "", { "retry-after": "120" })).toMatchObject({ retryAfterMs: 120_000 });
    expect(meaning(status, "")).toMatchObject({ retryAfterMs: null });
  });

  it("no reason quotes a body, in which a token may stand", () => {
    for (const status of [200, 400, 401, 404, 408, 429, 500, 503]) {
      expect(JSON.stringify(meaning(status, { error: `x ${SENT}`, refresh_token: SENT }))).not.toContain("SECRET");
    }
  });
});

describe("a grant", () => {
  it("holds what the server said, in ms", () => {
    expect(
      grantOf({
        access_token: "a",
        refresh_token: "r",
        expires_in: 28_800,
        refresh_token_expires_in: 30 * DAY_S,
        account: { uuid: "u-1" },
      }),
    ).toEqual({ access: "a", refresh: "r", lifetimeMs: 8 * HOUR, loginLifetimeMs: null, accountUuid: null });
  });

  it("is not lost over what a provider fails to read out of it besides", () => {
    const readMore = () => {
      throw new TypeError("no such field");
    };
    const read = readRefresh(answered(200, { access_token: "a" }), SENT, NOW, { readMore });
    expect(read).toMatchObject({ kind: "success", grant: { access: "a", accountUuid: null } });
  });

  it("holds what a provider reads out of it besides, and no less for it", () => {
    const readMore = (body: unknown) => ({ accountUuid: JSON.stringify(body).length.toString() });
    const body = { access_token: "a", expires_in: 60 };
    expect(readRefresh(answered(200, body), SENT, NOW, { readMore })).toEqual({
      kind: "success",
      grant: {
        access: "a",
        refresh: null,
        lifetimeMs: 60_000,
        loginLifetimeMs: null,
        accountUuid: String(JSON.stringify(body).length),
      },
    });
  });

  it.each([
    ["none", undefined],
    ["an empty one", ""],
    ["the one that was sent", SENT],
    ["null", null],
    ["a number", 5],
  ])("with %s as refresh token brings no new one", (_name, refresh) => {
    expect(grantOf({ access_token: "a", refresh_token: refresh }).refresh).toBeNull();
  });

  it.each([
    [1, 1_000],
    [0.5, 500],
    [400 * DAY_S, 400 * 24 * HOUR],
    [400 * DAY_S + 1, null],
    [0, null],
    [-5, null],
    ["3600", null],
    [null, null],
    [true, null],
    [{}, null],
  ])("reads expires_in %j as %j ms", (value, ms) => {
    expect(grantOf({ access_token: "a", expires_in: value }).lifetimeMs).toBe(ms);
  });

  it("does not believe a lifetime that is no finite number", () => {
    const read = meaning(200, '{"access_token":"a","expires_in":1e999}');
    expect(read).toMatchObject({ kind: "success", grant: { lifetimeMs: null } });
  });
});

describe("Retry-After", () => {
  it.each([
    [undefined, null],
    ["", null],
    ["0", 0],
    ["1", 1_000],
    [" 120 ", 120_000],
    ["43200", MAX_RETRY_AFTER],
    ["43201", MAX_RETRY_AFTER],
    ["99999999999999999999999", MAX_RETRY_AFTER],
    ["-1", null],
    ["1.5", null],
    ["soon", null],
    ["1h", null],
    ["Mon, 23 Nov 2026 12:02:00 GMT", 120_000],
    ["Monday, 23-Nov-26 12:02:00 GMT", 120_000],
    ["Mon, 23 Nov 2026 11:00:00 GMT", 0],
    ["Mon, 30 Nov 2026 12:00:00 GMT", MAX_RETRY_AFTER],
    ["Mon, 99 Nov 2026 99:00:00 GMT", null],
    ["2026-11-23T12:02:00Z", null],
  ])("%j is %j ms", (value, ms) => {
    expect(readRetryAfter(value, NOW)).toBe(ms);
  });
});
