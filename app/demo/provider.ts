/**
 * The demo's provider: what it knows, and what it answers. Pure, so a minute of it takes no time in a test. It rotates and
 * detects reuse as a real one does: each refresh token works once, and one that comes again ends its whole login.
 * All times in ms since the epoch.
 */
import * as v from "valibot";
import type { LoopbackAnswer, LoopbackRequest } from "../platform/http/loopback-server.ts";
import { tryJson } from "../shared/data/json.ts";

/** How a login fares. */
export type Fate =
  /** Each refresh works. */
  | { readonly kind: "lives" }
  /** Its next refresh is refused: it has ended, and stays so. */
  | { readonly kind: "ends" }
  /** Each refresh must wait first: asked once, the provider wants to be left alone for so long. */
  | { readonly kind: "waits"; readonly waitMs: number };

/** A login as it is when the demo starts. */
export interface LoginPlan {
  /** Names it in its id and its tokens: letters, digits, dashes. */
  readonly key: string;
  readonly label: string;
  readonly fate: Fate;
  /** Until when the access token of the file works. */
  readonly expires: number;
  /** How long each later access token works. */
  readonly lifetimeMs: number;
  /** The deadline of the login itself; null = the provider names none. */
  readonly endsAt: number | null;
}

interface DemoLogin extends LoginPlan {
  /** How often its refresh token was changed, from 1: that many are spent, less one. */
  readonly generation: number;
  readonly access: readonly { readonly token: string; readonly until: number }[];
  readonly ended: boolean;
  /** Until when it wants to be left alone; null = it was not asked yet. */
  readonly limitedUntil: number | null;
}

/** All that the provider knows. */
export interface DemoState {
  /** Stands in every token, so that those of another demo are strangers here. */
  readonly salt: string;
  readonly logins: readonly DemoLogin[];
}

/** A pair as a credential file holds it. */
export interface DemoPair {
  readonly access: string;
  readonly refresh: string;
  readonly expires: number;
}

/** Where it answers; the paths are those of the real one. */
export const TOKEN_PATH = "/v1/oauth/token";
const MESSAGE_PATH = "/v1/messages";
const PROFILE_PATH = "/api/oauth/profile";

/** What a ping is said to have used. */
const USAGE = { input_tokens: 8, output_tokens: 5 } as const;

/** @param salt unguessable; letters and digits. */
export function createDemoState(plans: readonly LoginPlan[], salt: string): DemoState {
  const logins = plans.map((plan) => ({
    ...plan,
    generation: 1,
    access: [{ token: tokenOf("access", plan.key, 1, salt), until: plan.expires }],
    ended: false,
    limitedUntil: null,
  }));
  return { salt, logins };
}

/** @returns the pair that belongs into the file at first. */
export function firstPair(plan: LoginPlan, salt: string): DemoPair {
  return {
    access: tokenOf("access", plan.key, 1, salt),
    refresh: tokenOf("refresh", plan.key, 1, salt),
    expires: plan.expires,
  };
}

/** @returns what is answered, and what the provider knows after it. */
export function demoAnswer(
  state: DemoState,
  request: LoopbackRequest,
  now: number,
): { readonly state: DemoState; readonly answer: LoopbackAnswer } {
  const { method, path } = request;
  if (method === "POST" && path === TOKEN_PATH) return redeem(state, request.body, now);
  if (method === "POST" && path === MESSAGE_PATH) return { state, answer: message(state, request, now) };
  if (method === "GET" && path === PROFILE_PATH) return { state, answer: profile(state, request, now) };
  return { state, answer: apiError(404, "not_found_error", "This demo knows no such place.") };
}

// ---- refreshes -------------------------------------------------------------------------------------------------------

const tokenRequest = v.object({ grant_type: v.literal("refresh_token"), refresh_token: v.string() });

function redeem(state: DemoState, body: string, now: number): ReturnType<typeof demoAnswer> {
  const asked = v.safeParse(tokenRequest, tryJson(body));
  if (!asked.success) return { state, answer: oauthError("invalid_request", "It is no refresh.") };
  const token = asked.output.refresh_token;
  const login = state.logins.find(({ key, generation }) => {
    const at = generationIn(token, key, state.salt);
    return at !== null && at <= generation;
  });
  if (login === undefined) return { state, answer: oauthError("invalid_grant", "This demo knows no such token.") };
  const { next, answer } = redeemOf(login, token, state.salt, now);
  return { state: { ...state, logins: state.logins.map((each) => (each === login ? next : each)) }, answer };
}

function redeemOf(
  login: DemoLogin,
  token: string,
  salt: string,
  now: number,
): { readonly next: DemoLogin; readonly answer: LoopbackAnswer } {
  const ended = (why: string) => ({
    next: { ...login, ended: true, access: [] },
    answer: oauthError("invalid_grant", why),
  });
  if (login.ended) return ended("This demo login has ended.");
  if (token !== tokenOf("refresh", login.key, login.generation, salt)) {
    return ended("A refresh token came a second time, so this demo login has ended.");
  }
  if (login.endsAt !== null && login.endsAt <= now) return ended("This demo login has reached its deadline.");
  const { fate } = login;
  if (fate.kind === "ends") return ended("This demo login has ended.");
  if (fate.kind === "waits" && (login.limitedUntil === null || now < login.limitedUntil)) {
    const until = login.limitedUntil ?? now + fate.waitMs;
    return { next: { ...login, limitedUntil: until }, answer: limited(until - now) };
  }
  return granted(login, salt, now);
}

function granted(login: DemoLogin, salt: string, now: number): { next: DemoLogin; answer: LoopbackAnswer } {
  const generation = login.generation + 1;
  const access = tokenOf("access", login.key, generation, salt);
  const stillGood = login.access.filter(({ until }) => until > now);
  const next: DemoLogin = {
    ...login,
    generation,
    access: [...stillGood, { token: access, until: now + login.lifetimeMs }],
    limitedUntil: null,
  };
  const body = {
    token_type: "Bearer",
    access_token: access,
    refresh_token: tokenOf("refresh", login.key, generation, salt),
    expires_in: Math.round(login.lifetimeMs / 1000),
    ...(login.endsAt === null ? {} : { refresh_token_expires_in: Math.round((login.endsAt - now) / 1000) }),
    account: { uuid: `demo-account-${login.key}` },
  };
  return { next, answer: json(200, body) };
}

// ---- pings -----------------------------------------------------------------------------------------------------------

const messageRequest = v.object({ model: v.string(), messages: v.array(v.unknown()) });

function message(state: DemoState, request: LoopbackRequest, now: number): LoopbackAnswer {
  if (loginOf(state, request, now) === null) return unauthorized();
  const asked = v.safeParse(messageRequest, tryJson(request.body));
  if (!asked.success) return apiError(400, "invalid_request_error", "It is no message.");
  return json(200, {
    id: "msg_demo",
    type: "message",
    role: "assistant",
    model: asked.output.model,
    content: [{ type: "text", text: "pong" }],
    stop_reason: "end_turn",
    usage: USAGE,
  });
}

function profile(state: DemoState, request: LoopbackRequest, now: number): LoopbackAnswer {
  const login = loginOf(state, request, now);
  if (login === null) return unauthorized();
  return json(200, { account: { uuid: `demo-account-${login.key}`, display_name: login.label } });
}

/** @returns the login whose access token came with it and works now. */
function loginOf(state: DemoState, request: LoopbackRequest, now: number): DemoLogin | null {
  const [, token] = /^Bearer (\S+)$/.exec(request.headers["authorization"] ?? "") ?? [];
  const holds = ({ access }: DemoLogin) => access.some((each) => each.token === token && each.until > now);
  return state.logins.find(holds) ?? null;
}

// ---- tokens and answers ----------------------------------------------------------------------------------------------

/** Whoever comes upon one sees what it is. */
function tokenOf(kind: "access" | "refresh", key: string, generation: number, salt: string): string {
  return `demo-${kind}-${key}-${generation}-${salt}`;
}

function generationIn(token: string, key: string, salt: string): number | null {
  const [generation = Number.NaN] = token.split("-").slice(-2).map(Number);
  return token === tokenOf("refresh", key, generation, salt) && generation >= 1 ? generation : null;
}

function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): LoopbackAnswer {
  return { status, headers, body: JSON.stringify(body) };
}

function oauthError(error: string, description: string): LoopbackAnswer {
  return json(400, { error, error_description: description });
}

function apiError(status: number, type: string, sentence: string): LoopbackAnswer {
  return json(status, { type: "error", error: { type, message: sentence } });
}

function unauthorized(): LoopbackAnswer {
  return apiError(401, "authentication_error", "This demo knows no such access token, or it has expired.");
}

function limited(ms: number): LoopbackAnswer {
  const body = { error: { type: "rate_limit_error", message: "This demo login must wait." } };
  return json(429, body, { "retry-after": String(Math.max(1, Math.ceil(ms / 1000))) });
}
