import * as v from "valibot";
import type { HttpAnswer } from "../ports/http.ts";
import type { Meaning, PingReading, PlannedRequest, Provider, SentPingMode } from "../ports/provider.ts";
import { tryJson } from "../shared/data/json.ts";
import type { PingStop } from "../shared/login/ping.ts";
import type { PingOutcome } from "../shared/login/snapshot.ts";
import type { Adapter, AdapterConfig } from "./adapter.ts";
import { believableMs, type Dialect, JSON_TYPE, readRefresh, refreshRequest } from "./oauth.ts";

/** opencode's public client: the grant in auth.json was given to it (facts: opencode-anthropic-auth 0.0.13). */
const CLIENT_ID = "9d1c250a-e61b-44d9-88ed-5944d1962f5e";
const VERSION = "2023-06-01";
/** Without it the Messages API answers "OAuth authentication is currently not supported". */
const BETA = "oauth-2025-04-20";
/** A small one: it need only answer. */
const DEFAULT_MODEL = "claude-haiku-4-5";
/** Its own status for "overloaded". */
const OVERLOADED = 529;
/** What one ping can have cost at most; above it nothing is believed, so that an odd number cannot spoil the day's sum. */
const MAX_COUNT = 100_000;

/** The adapter for logins that a credential file names `anthropic`. We name ourselves and imitate no other program. */
export const anthropic: Adapter = {
  id: "anthropic",
  endpoints: {
    tokenUrl: "https://platform.claude.com/v1/oauth/token",
    apiUrl: "https://api.anthropic.com",
    encoding: "json",
  },
  create,
};

function create(config: AdapterConfig): Provider {
  const model = () => config.pingModel() ?? DEFAULT_MODEL;
  return {
    id: anthropic.id,
    name: "Anthropic",
    signInHint: "opencode auth login",
    signInNote:
      "opencode itself has had no sign-in for Anthropic since March 2026; a plugin adds it. One of them is " +
      '"@ex-machina/opencode-anthropic-auth", to be named under "plugin" in opencode.json. ' +
      "It is not made by opencode or Anthropic, so read its own warnings and the terms first.",
    signInNeeds: "opencode needs a plugin for this, such as @ex-machina/opencode-anthropic-auth.",
    termsNote:
      "Anthropic's terms restrict the use of subscription logins in programs other than its own, and automated use. " +
      "It may refuse, charge or object; for other programs it points to API keys.",
    refreshRequest: (refreshToken) => refreshRequest(config, CLIENT_ID, refreshToken),
    readRefresh: readAnswer,
    pingTarget: model,
    pingRequest: (mode, accessToken) =>
      mode === "message" ? message(config, model(), accessToken) : profile(config, accessToken),
    readPing: (mode, answer) => readPing(mode, answer, model()),
  };
}

// ---- refreshing ------------------------------------------------------------------------------------------------------

const DIALECT: Dialect = {
  overloaded: [OVERLOADED],
  readMore: (body) => {
    const account = v.safeParse(accountBody, body);
    return {
      loginLifetimeMs: believableMs(member(body, "refresh_token_expires_in")),
      accountUuid: account.success ? account.output.account.uuid : null,
    };
  },
};

const accountBody = v.looseObject({ account: v.looseObject({ uuid: v.pipe(v.string(), v.minLength(1)) }) });

function readAnswer(answer: HttpAnswer, sent: string, now: number): Meaning {
  return readRefresh(answer, sent, now, DIALECT);
}

// ---- pinging ---------------------------------------------------------------------------------------------------------

/** The smallest request that makes the provider answer; no system prompt. */
function message({ apiUrl }: AdapterConfig, model: string, accessToken: string): PlannedRequest {
  return {
    method: "POST",
    url: under(apiUrl, "/v1/messages"),
    headers: { ...bearer(accessToken), "anthropic-version": VERSION, "content-type": JSON_TYPE },
    body: JSON.stringify({ model, max_tokens: 5, messages: [{ role: "user", content: "ping" }] }),
  };
}

function profile({ apiUrl }: AdapterConfig, accessToken: string): PlannedRequest {
  return { method: "GET", url: under(apiUrl, "/api/oauth/profile"), headers: bearer(accessToken) };
}

function bearer(accessToken: string): PlannedRequest["headers"] {
  return { accept: JSON_TYPE, "anthropic-beta": BETA, authorization: `Bearer ${accessToken}` };
}

const under = (base: string, path: string): string => `${base.replace(/\/+$/, "")}${path}`;

/** What a ping's answer means. Nothing of the body is passed on. */
function readPing(mode: SentPingMode, answer: HttpAnswer, model: string): PingReading {
  if (answer.kind !== "answered") return reading("unreachable");
  const { status, body } = answer;
  if (status >= 200 && status < 300) return reading("ok", mode === "message" ? usedTokens(body) : 0);
  if (status === 401) return reading("unauthorized");
  if (status === 429 || status === OVERLOADED) return reading("rate-limited");
  if (status < 400 || status === 408 || status >= 500) return reading("unreachable");
  if (mode === "profile") return reading("refused");
  if (status === 404) return reading("no-model", 0, { kind: "notOffered", target: model });
  return reading("refused", 0, refusal(status, body));
}

function reading(outcome: PingOutcome, tokens = 0, stopMessages: PingStop | null = null): PingReading {
  return { outcome, tokens, stopMessages };
}

const BILLING =
  /\b(billing|payment|extra usage|plan limits?|(credit|account) balance|insufficient[_ ](quota|credits?|funds))\b/;
const POLICY = /\b(third[- ]party|polic(y|ies)|terms of (use|service)|only authorized for|oauth authentication is)\b/;

/** Why message pings must stop after this refusal, or null where nothing says that the next one fares the same. */
function refusal(status: number, body: string): PingStop | null {
  if (![400, 402, 403].includes(status)) return null;
  // A page of a proxy in between has its own "privacy policy", which says nothing about this login.
  const text = body.trimStart().startsWith("<") ? "" : body.toLowerCase();
  if (status === 402 || BILLING.test(text)) return { kind: "paidSeparately" };
  return POLICY.test(text) ? { kind: "againstPolicy" } : null;
}

function usedTokens(body: string): number {
  const usage = member(tryJson(body), "usage");
  return count(member(usage, "input_tokens")) + count(member(usage, "output_tokens"));
}

function count(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) return 0;
  return Math.min(Math.ceil(value), MAX_COUNT);
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
}
