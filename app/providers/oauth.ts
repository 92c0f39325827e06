/** What the standards say of a refresh (RFC 6749, sections 5 and 6; RFC 9110), and no provider owns. Pure. */
import * as v from "valibot";
import type { HttpAnswer } from "../ports/http.ts";
import { type Grant, MAX_RETRY_AFTER, type Meaning, type PlannedRequest } from "../ports/provider.ts";
import { tryJson } from "../shared/data/json.ts";
import type { CallProblem } from "../shared/login/setback.ts";
import type { Endpoints } from "./endpoints.ts";

const MAX_LIFETIME_S = 400 * 24 * 3600;
export const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";

/** @returns the refresh of a public client (RFC 6749, section 6), in the encoding that the endpoint takes. */
export function refreshRequest(
  { tokenUrl, encoding }: Pick<Endpoints, "tokenUrl" | "encoding">,
  clientId: string,
  refreshToken: string,
): PlannedRequest {
  const fields = { grant_type: "refresh_token", refresh_token: refreshToken, client_id: clientId };
  const form = encoding === "form";
  return {
    method: "POST",
    url: tokenUrl,
    headers: { accept: JSON_TYPE, "content-type": form ? FORM_TYPE : JSON_TYPE },
    body: form ? new URLSearchParams(fields).toString() : JSON.stringify(fields),
  };
}

/** What a provider says beyond the standards. */
export interface Dialect {
  /** Statuses that, like 503, say that the server did not act and wants to be left alone for a while. */
  readonly overloaded?: readonly number[];
  /** Reads what its grants hold besides. @param body parsed JSON. */
  readonly readMore?: (body: unknown) => Partial<Pick<Grant, "loginLifetimeMs" | "accountUuid">>;
}

const token = v.pipe(v.string(), v.minLength(1));
const successBody = v.looseObject({ access_token: token });
const errorBody = v.looseObject({ error: v.string() });

/** What an answer of the token endpoint means; parameters as in `Provider.readRefresh`. */
export function readRefresh(answer: HttpAnswer, sent: string, now: number, dialect: Dialect = {}): Meaning {
  switch (answer.kind) {
    case "notSent":
      return transient(answer.problem, { notSent: true });
    case "unknown":
      return { kind: "unknown", problem: answer.problem };
    case "answered":
      break;
    default:
      return answer satisfies never;
  }
  const { status } = answer;
  const body = tryJson(answer.body);
  if (status >= 200 && status < 300) {
    const grant = readGrant(body, sent, dialect);
    return grant === null ? { kind: "unknown", problem: { kind: "noAccessToken" } } : { kind: "success", grant };
  }
  if (status === 400 || status === 401 || status === 403) {
    const parsed = v.safeParse(errorBody, body);
    if (parsed.success && parsed.output.error === "invalid_grant") return { kind: "ended" };
    if (parsed.success && parsed.output.error === "invalid_client") return { kind: "invalidClient" };
  }
  const retryAfterMs = readRetryAfter(answer.headers["retry-after"], now);
  if (status === 429) return transient({ kind: "limitsRate" }, { rateLimited: true, retryAfterMs });
  if (status === 503 || dialect.overloaded?.includes(status) === true)
    return transient({ kind: "overloaded", status }, { retryAfterMs });
  if (status === 408 || status >= 500 || status < 200) return { kind: "unknown", problem: { kind: "status", status } };
  return transient({ kind: "status", status }, { retryAfterMs });
}

type Transient = Extract<Meaning, { kind: "transient" }>;

function transient(problem: CallProblem, more: Partial<Transient>): Transient {
  return { kind: "transient", problem, rateLimited: false, notSent: false, retryAfterMs: null, ...more };
}

/**
 * Retry-After in seconds or as a date, as ms from now, cut to `MAX_RETRY_AFTER`; null when absent or unreadable (RFC 9110,
 * 10.2.3).
 */
export function readRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, MAX_RETRY_AFTER);
  if (!/^[A-Za-z]{3}/.test(text)) return null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.min(Math.max(date - now, 0), MAX_RETRY_AFTER);
}

function readGrant(body: unknown, sent: string, { readMore }: Dialect): Grant | null {
  const parsed = v.safeParse(successBody, body);
  if (!parsed.success) return null;
  const { access_token: access, refresh_token: refresh, expires_in: lifetime } = parsed.output;
  return {
    access,
    refresh: typeof refresh === "string" && refresh !== "" && refresh !== sent ? refresh : null,
    lifetimeMs: believableMs(lifetime),
    loginLifetimeMs: null,
    accountUuid: null,
    ...besides(body, readMore),
  };
}

/** What stands beside the pair must never cost it: a slip of an adapter reads nothing. */
function besides(body: unknown, readMore: Dialect["readMore"]): ReturnType<NonNullable<Dialect["readMore"]>> {
  try {
    return readMore?.(body) ?? {};
  } catch {
    return {};
  }
}

/** @returns a lifetime in seconds as ms; null where it is not a number above 0 and of at most 400 days. */
export function believableMs(seconds: unknown): number | null {
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return null;
  return seconds > 0 && seconds <= MAX_LIFETIME_S ? Math.floor(seconds * 1000) : null;
}
