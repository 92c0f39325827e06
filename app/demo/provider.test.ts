import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { LoopbackAnswer, LoopbackRequest } from "../platform/http/loopback-server.ts";
import { createDemoState, type DemoState, demoAnswer, firstPair, type LoginPlan } from "./provider.ts";

const NOON = Date.UTC(2026, 10, 23, 12);
const SALT = "0salt0of0a0demo0";

const good: LoginPlan = {
  key: "work",
  label: "work",
  fate: { kind: "lives" },
  expires: NOON + 90_000,
  lifetimeMs: 90_000,
  endsAt: null,
};
const deadline: LoginPlan = { ...good, key: "home", endsAt: NOON + 19 * 86_400_000 };
const ends: LoginPlan = { ...good, key: "old-laptop", fate: { kind: "ends" } };
const waits: LoginPlan = { ...good, key: "team-2", fate: { kind: "waits", waitMs: 180_000 } };
const PLANS = [good, deadline, ends, waits];

const grantSchema = v.object({
  access_token: v.string(),
  refresh_token: v.string(),
  expires_in: v.number(),
  refresh_token_expires_in: v.optional(v.number()),
});

/** A provider to talk to; it keeps what it knows. */
function provider(plans: readonly LoginPlan[] = PLANS) {
  let state: DemoState = createDemoState(plans, SALT);
  const ask = (request: Partial<LoopbackRequest>, now = NOON): LoopbackAnswer => {
    const next = demoAnswer(state, { method: "GET", path: "/", headers: {}, body: "", ...request }, now);
    state = next.state;
    return next.answer;
  };
  const redeem = (refresh: string, now = NOON) =>
    ask(
      {
        method: "POST",
        path: "/v1/oauth/token",
        body: JSON.stringify({ grant_type: "refresh_token", refresh_token: refresh }),
      },
      now,
    );
  const grant = (refresh: string, now = NOON) => v.parse(grantSchema, JSON.parse(redeem(refresh, now).body));
  const ping = (access: string, now = NOON) =>
    ask(
      {
        method: "POST",
        path: "/v1/messages",
        headers: { authorization: `Bearer ${access}` },
        body: JSON.stringify({ model: "some-model", max_tokens: 5, messages: [] }),
      },
      now,
    );
  const profile = (access: string, now = NOON) =>
    ask({ path: "/api/oauth/profile", headers: { authorization: `Bearer ${access}` } }, now);
  return { ask, redeem, grant, ping, profile };
}

const refreshOf = (plan: LoginPlan) => firstPair(plan, SALT).refresh;
const accessOf = (plan: LoginPlan) => firstPair(plan, SALT).access;
const invalidGrant = { status: 400, body: expect.stringContaining('"invalid_grant"') as string };

describe("a refresh at the demo's provider", () => {
  it("rotates: each answer brings a new pair, short-lived", () => {
    const { grant } = provider();
    const first = grant(refreshOf(good));
    const second = grant(first.refresh_token);
    expect(first).toMatchObject({ expires_in: 90 });
    expect(new Set([refreshOf(good), first.refresh_token, second.refresh_token]).size).toBe(3);
    expect(new Set([accessOf(good), first.access_token, second.access_token]).size).toBe(3);
  });

  it("gives only tokens that say what they are", () => {
    const { access_token, refresh_token } = provider().grant(refreshOf(good));
    for (const token of [access_token, refresh_token, accessOf(good), refreshOf(good)]) expect(token).toMatch(/^demo-/);
  });

  it("ends the whole login when a token comes a second time", () => {
    const { redeem, grant, ping } = provider();
    const { refresh_token, access_token } = grant(refreshOf(good));
    expect(ping(access_token).status).toBe(200);
    expect(redeem(refreshOf(good))).toMatchObject(invalidGrant);
    expect(redeem(refresh_token)).toMatchObject(invalidGrant);
    expect(ping(access_token).status).toBe(401);
  });

  it("leaves the other logins alone when one ends", () => {
    const { redeem, grant } = provider();
    grant(refreshOf(good));
    redeem(refreshOf(good));
    expect(redeem(refreshOf(deadline)).status).toBe(200);
  });

  it("counts the login's own deadline down where there is one", () => {
    const { grant, redeem } = provider();
    expect(grant(refreshOf(good))).not.toHaveProperty("refresh_token_expires_in");
    const first = grant(refreshOf(deadline));
    expect(first.refresh_token_expires_in).toBe(19 * 86_400);
    const second = grant(first.refresh_token, NOON + 86_400_000);
    expect(second.refresh_token_expires_in).toBe(18 * 86_400);
    expect(redeem(second.refresh_token, NOON + 19 * 86_400_000)).toMatchObject(invalidGrant);
  });

  it("is refused for the login that ends, and its access token with it", () => {
    const { redeem, ping } = provider();
    expect(ping(accessOf(ends)).status).toBe(200);
    expect(redeem(refreshOf(ends))).toMatchObject(invalidGrant);
    expect(redeem(refreshOf(ends))).toMatchObject(invalidGrant);
    expect(ping(accessOf(ends)).status).toBe(401);
  });

  it("must wait for the login that waits, then works once, then must wait again", () => {
    const { redeem, grant } = provider();
    expect(redeem(refreshOf(waits))).toMatchObject({ status: 429, headers: { "retry-after": "180" } });
    expect(redeem(refreshOf(waits), NOON + 100_500)).toMatchObject({ status: 429, headers: { "retry-after": "80" } });
    const { refresh_token } = grant(refreshOf(waits), NOON + 180_000);
    expect(redeem(refresh_token, NOON + 200_000)).toMatchObject({ status: 429, headers: { "retry-after": "180" } });
  });

  it.each([
    "",
    "{",
    "[]",
    "null",
    JSON.stringify({ grant_type: "authorization_code", refresh_token: refreshOf(good) }),
    JSON.stringify({ grant_type: "refresh_token" }),
    JSON.stringify({ grant_type: "refresh_token", refresh_token: 7 }),
  ])("that is none changes nothing: %s", (body) => {
    const { ask, redeem } = provider();
    expect(ask({ method: "POST", path: "/v1/oauth/token", body })).toMatchObject({ status: 400 });
    expect(redeem(refreshOf(good)).status).toBe(200);
  });

  it.each([
    "demo-refresh-work-2-0salt0of0a0demo0",
    "demo-refresh-work-01-0salt0of0a0demo0",
    "demo-refresh-work-0-0salt0of0a0demo0",
    "demo-refresh-work-1-another0demos000",
    "demo-refresh-nobody-1-0salt0of0a0demo0",
    "demo-access-work-1-0salt0of0a0demo0",
    "sk-ant-ort01-planted",
    "",
  ])("with a stranger's token is refused, and ends nobody's login: %s", (token) => {
    const { redeem } = provider();
    expect(redeem(token)).toMatchObject(invalidGrant);
    for (const plan of [good, deadline]) expect(redeem(refreshOf(plan)).status).toBe(200);
  });

  it("works for the newest token of each login only, in whatever order they come", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1), fc.nat(6)), { maxLength: 30 }), (steps) => {
        const { redeem } = provider([good, deadline]);
        const chains = [good, deadline].map((plan) => ({ tokens: [refreshOf(plan)], ended: false }));
        for (const [login, back] of steps) {
          const chain = chains[login]!;
          const at = Math.max(0, chain.tokens.length - 1 - back);
          const answer = redeem(chain.tokens[at]!);
          const works = !chain.ended && at === chain.tokens.length - 1;
          expect(answer.status).toBe(works ? 200 : 400);
          if (works) chain.tokens.push(v.parse(grantSchema, JSON.parse(answer.body)).refresh_token);
          else chain.ended = true;
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("a ping at the demo's provider", () => {
  it("is answered with what it used, for an access token that works", () => {
    const { ping } = provider();
    const answer = ping(accessOf(good));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({
      model: "some-model",
      usage: { input_tokens: 8, output_tokens: 5 },
    });
  });

  it("is refused from the moment on at which the access token expires", () => {
    const { ping, profile } = provider();
    expect(ping(accessOf(good), NOON + 89_999).status).toBe(200);
    expect(ping(accessOf(good), NOON + 90_000).status).toBe(401);
    expect(profile(accessOf(good), NOON + 90_000).status).toBe(401);
  });

  it("works with the older access token until it expires", () => {
    const { ping, grant } = provider();
    const { access_token } = grant(refreshOf(good), NOON + 60_000);
    expect(ping(accessOf(good), NOON + 61_000).status).toBe(200);
    expect(ping(access_token, NOON + 149_999).status).toBe(200);
    expect(ping(access_token, NOON + 150_000).status).toBe(401);
  });

  it("is refused without a token, and with one that is none", () => {
    const { ask, ping } = provider();
    expect(ask({ method: "POST", path: "/v1/messages", body: "{}" }).status).toBe(401);
    expect(ping(refreshOf(good)).status).toBe(401);
    expect(ping("undefined").status).toBe(401);
  });

  it("must be a message", () => {
    const headers = { authorization: `Bearer ${accessOf(good)}` };
    expect(provider().ask({ method: "POST", path: "/v1/messages", headers, body: "{" }).status).toBe(400);
  });

  it("may ask for the profile, too", () => {
    const answer = provider().profile(accessOf(good));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ account: { uuid: "demo-account-work", display_name: "work" } });
  });
});

describe("the demo's provider", () => {
  it.each([
    ["GET", "/"],
    ["GET", "/v1/oauth/token"],
    ["GET", "/v1/messages"],
    ["POST", "/api/oauth/profile"],
    ["PUT", "/v1/oauth/token"],
  ])("knows no %s %s", (method, path) => {
    expect(provider().ask({ method, path }).status).toBe(404);
  });

  it("repeats no token that it does not know, nor one that was spent", () => {
    const { redeem, ping, grant } = provider();
    grant(refreshOf(good));
    const answers = [redeem("planted-secret"), ping("planted-secret"), redeem(refreshOf(good))];
    expect(JSON.stringify(answers)).not.toMatch(/planted|demo-refresh/);
  });
});
