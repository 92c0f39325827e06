import * as v from "valibot";
import { type HttpAnswer } from "../../ports/http.ts";
import { tryJson } from "../../shared/json.ts";

const MAX_LIFETIME_S = 400 * 24 * 3600;
const HOUR = 3_600_000;
/** The longest wait that a server may ask for. */
export const MAX_RETRY_AFTER = 12 * HOUR;

/** What a 2xx with a usable access token says. Durations in ms; null = not said, or not believable. */
export interface Grant {
  readonly access: string;
  /** null: the server gave no new refresh token, so the one that was sent is not spent. */
  readonly refresh: string | null;
  readonly lifetimeMs: number | null;
  readonly loginLifetimeMs: number | null;
  readonly accountUuid: string | null;
}

/** What an answer of the token endpoint means (the table in design section 4). */
export type Meaning =
  | { readonly kind: "success"; readonly grant: Grant }
  | { readonly kind: "ended" }
  | { readonly kind: "invalidClient" }
  | {
      readonly kind: "transient";
      readonly why: string;
      readonly rateLimited: boolean;
      readonly notSent: boolean;
      /** Asked for by Retry-After, at most 12 h. */
      readonly retryAfterMs: number | null;
    }
  | { readonly kind: "unknown"; readonly why: string };

const token = v.pipe(v.string(), v.minLength(1));
const successBody = v.looseObject({ access_token: token });
const errorBody = v.looseObject({ error: v.string() });
const accountBody = v.looseObject({ account: v.looseObject({ uuid: token }) });

/**
 * @param sent the refresh token that was sent.
 * @param now wall time, to read a Retry-After date.
 */
export function meaningOf(answer: HttpAnswer, sent: string, now: number): Meaning {
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

/** Does this answer give a pair? Of all answers this one must not be lost, so its frame need not be whole. */
export function isGrant(answer: HttpAnswer, sent: string): boolean {
  return meaningOf(answer, sent, 0).kind === "success";
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
