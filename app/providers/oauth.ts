import * as v from "valibot";
import type { HttpAnswer } from "../ports/http.ts";
import { type Grant, MAX_RETRY_AFTER, type Meaning } from "../ports/provider.ts";
import { tryJson } from "../shared/json.ts";

const MAX_LIFETIME_S = 400 * 24 * 3600;

const token = v.pipe(v.string(), v.minLength(1));
const successBody = v.looseObject({ access_token: token });
const errorBody = v.looseObject({ error: v.string() });
const accountBody = v.looseObject({ account: v.looseObject({ uuid: token }) });

/**
 * @param sent the refresh token that was sent.
 * @param now wall time, to read a Retry-After date.
 */
export function readRefresh(answer: HttpAnswer, sent: string, now: number): Meaning {
  switch (answer.kind) {
    case "notSent":
      return transient(answer.reason, { notSent: true });
    case "unknown":
      return { kind: "unknown", why: answer.reason };
    case "answered":
      break;
    default:
      return answer satisfies never;
  }
  const { status } = answer;
  const body = tryJson(answer.body);
  if (status >= 200 && status < 300) {
    const grant = readGrant(body, sent);
    return grant === null ? { kind: "unknown", why: "the answer held no access token" } : { kind: "success", grant };
  }
  if (status === 400 || status === 401 || status === 403) {
    const parsed = v.safeParse(errorBody, body);
    if (parsed.success && parsed.output.error === "invalid_grant") return { kind: "ended" };
    if (parsed.success && parsed.output.error === "invalid_client") return { kind: "invalidClient" };
  }
  if (status === 429)
    return transient("the provider limits the rate", { rateLimited: true, retry: answer.headers["retry-after"], now });
  if (status === 503 || status === 529) {
    return transient(`the provider is overloaded (${status})`, { retry: answer.headers["retry-after"], now });
  }
  if (status === 408 || status >= 500 || status < 200)
    return { kind: "unknown", why: `the provider answered ${status}` };
  return transient(`the provider answered ${status}`, { retry: answer.headers["retry-after"], now });
}

function transient(
  why: string,
  more: { rateLimited?: boolean; notSent?: boolean; retry?: string | undefined; now?: number } = {},
): Meaning {
  return {
    kind: "transient",
    why,
    rateLimited: more.rateLimited ?? false,
    notSent: more.notSent ?? false,
    retryAfterMs: readRetryAfter(more.retry, more.now ?? 0),
  };
}

/** Retry-After in seconds or as a date, as ms from now, cut to 12 h; null when absent or unreadable (RFC 9110, 10.2.3). */
export function readRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, MAX_RETRY_AFTER);
  if (!/^[A-Za-z]{3}/.test(text)) return null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.min(Math.max(date - now, 0), MAX_RETRY_AFTER);
}

function readGrant(body: unknown, sent: string): Grant | null {
  const parsed = v.safeParse(successBody, body);
  if (!parsed.success) return null;
  const {
    access_token: access,
    refresh_token: refresh,
    expires_in: lifetime,
    refresh_token_expires_in: login,
  } = parsed.output;
  const account = v.safeParse(accountBody, body);
  return {
    access,
    refresh: typeof refresh === "string" && refresh !== "" && refresh !== sent ? refresh : null,
    lifetimeMs: believable(lifetime),
    loginLifetimeMs: believable(login),
    accountUuid: account.success ? account.output.account.uuid : null,
  };
}

function believable(seconds: unknown): number | null {
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return null;
  return seconds > 0 && seconds <= MAX_LIFETIME_S ? Math.floor(seconds * 1000) : null;
}
