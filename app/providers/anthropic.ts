import type { HttpAnswer } from "../ports/http.ts";
import type { PingReading, PlannedRequest, Provider, SentPingMode } from "../ports/provider.ts";
import { tryJson } from "../shared/json.ts";
import type { PingOutcome } from "../shared/snapshot.ts";
import type { Endpoints } from "./endpoints.ts";
import { readRefresh } from "./oauth.ts";

/** How Anthropic is reached. */
export interface AnthropicConfig extends Endpoints {
  /** The model of a message ping; asked at each, since the setting may change. */
  readonly model: () => string;
}

/** opencode's public client: the grant in auth.json was given to it (facts: opencode-anthropic-auth 0.0.13). */
const CLIENT_ID = "9d1c250a-e61b-44d9-88ed-5944d1962f5e";
const VERSION = "2023-06-01";
/** Without it the Messages API answers "OAuth authentication is currently not supported". */
const BETA = "oauth-2025-04-20";
const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";
/** What one ping can have cost at most; above it nothing is believed, so that an odd number cannot spoil the day's sum. */
const MAX_COUNT = 100_000;

/** @returns the adapter for logins that a credential file names `anthropic`. We name ourselves and imitate no other program. */
export function createAnthropic(config: AnthropicConfig): Provider {
  return {
    id: "anthropic",
    name: "Anthropic",
    signInHint: "opencode auth login",
    refreshRequest: (refreshToken) => refreshRequest(config, refreshToken),
    readRefresh,
    pingRequest: (mode, accessToken) => (mode === "message" ? message : profile)(config, accessToken),
    readPing: (mode, answer) => readPing(mode, answer, config.model()),
  };
}

function refreshRequest({ tokenUrl, encoding }: AnthropicConfig, refreshToken: string): PlannedRequest {
  const fields = { grant_type: "refresh_token", refresh_token: refreshToken, client_id: CLIENT_ID };
  const form = encoding === "form";
  return {
    method: "POST",
    url: tokenUrl,
    headers: { accept: JSON_TYPE, "content-type": form ? FORM_TYPE : JSON_TYPE },
    body: form ? new URLSearchParams(fields).toString() : JSON.stringify(fields),
  };
}

/** The smallest request that makes the provider answer; no system prompt. */
function message({ apiUrl, model }: AnthropicConfig, accessToken: string): PlannedRequest {
  return {
    method: "POST",
    url: under(apiUrl, "/v1/messages"),
    headers: { ...bearer(accessToken), "anthropic-version": VERSION, "content-type": JSON_TYPE },
    body: JSON.stringify({ model: model(), max_tokens: 5, messages: [{ role: "user", content: "ping" }] }),
  };
}

function profile({ apiUrl }: AnthropicConfig, accessToken: string): PlannedRequest {
  return { method: "GET", url: under(apiUrl, "/api/oauth/profile"), headers: bearer(accessToken) };
}

function bearer(accessToken: string): PlannedRequest["headers"] {
  return { accept: JSON_TYPE, "anthropic-beta": BETA, authorization: `Bearer ${accessToken}` };
}

const under = (base: string, path: string): string => `${base.replace(/\/+$/, "")}${path}`;

/** What a ping's answer means (design section 5). Nothing of the body reaches a sentence. */
function readPing(mode: SentPingMode, answer: HttpAnswer, model: string): PingReading {
  if (answer.kind !== "answered") return reading("unreachable");
  const { status, body } = answer;
  if (status >= 200 && status < 300) return reading("ok", mode === "message" ? usedTokens(body) : 0);
  if (status === 401) return reading("unauthorized");
  if (status === 429 || status === 529) return reading("rate-limited");
  if (status < 400 || status === 408 || status >= 500) return reading("unreachable");
  if (mode === "profile") return reading("refused");
  if (status === 404) {
    const why = `Message pings stopped: the provider no longer offers ${model}; choose another model in the settings.`;
    return reading("no-model", 0, why);
  }
  return reading("refused", 0, refusal(status, body));
}

function reading(outcome: PingOutcome, tokens = 0, stopMessages: string | null = null): PingReading {
  return { outcome, tokens, stopMessages };
}

const BILLING =
  /\b(billing|payment|extra usage|plan limits?|(credit|account) balance|insufficient[_ ](quota|credits?|funds))\b/;
const POLICY = /\b(third[- ]party|polic(y|ies)|terms of (use|service)|only authorized for|oauth authentication is)\b/;

/** Why message pings must stop after this refusal, or null where nothing says that the next one fares the same. */
function refusal(status: number, body: string): string | null {
  if (![400, 402, 403].includes(status)) return null;
  // A page of a proxy in between has its own "privacy policy", which says nothing about this login.
  const text = body.trimStart().startsWith("<") ? "" : body.toLowerCase();
  if (status === 402 || BILLING.test(text)) {
    return "Message pings stopped: the provider wants them to be paid for separately; the profile check goes on.";
  }
  return POLICY.test(text)
    ? "Message pings stopped: the provider's policy refuses them with this login; the profile check goes on."
    : null;
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
