/** What the next request to an endpoint gets, instead of the ordinary answer. */
export type Behaviour = Gates &
  (
    | { readonly kind: "ordinary" }
    /** Nothing happens inside; this is the answer. */
    | {
        readonly kind: "answer";
        readonly status: number;
        readonly headers?: Readonly<Record<string, string>>;
        readonly body?: string;
      }
    /** The ordinary thing happens, and the answer is this: a page in between, a broken gateway. */
    | { readonly kind: "disguised"; readonly status: number; readonly contentType: string; readonly body: string }
    /** Nothing happens inside; the connection is cut. */
    | { readonly kind: "cutBefore" }
    /** The ordinary thing happens; the connection is cut before the first byte of the answer. */
    | { readonly kind: "cutAfter" }
    /** The ordinary thing happens; the connection is cut in the middle of the answer. */
    | { readonly kind: "cutInside" }
    /** The ordinary thing happens, or not, and no answer ever comes. */
    | { readonly kind: "hang"; readonly after: boolean }
    /** Token endpoint: a new access token, no refresh token in the answer; the one that was sent stays good. */
    | { readonly kind: "noRefreshToken" }
    /** Token endpoint: a new access token, and the refresh token that was sent again. */
    | { readonly kind: "sameRefreshToken" }
    /** The ordinary thing happens; members of its JSON answer are set, or with undefined removed. */
    | {
        readonly kind: "patched";
        readonly members: Readonly<Record<string, unknown>>;
        readonly remove?: readonly string[];
      }
  );

/** Points at which the server waits until the test releases that name. */
interface Gates {
  /** Before anything happens inside. */
  readonly gateBefore?: string;
  /** After it happened, before the answer. */
  readonly gateAfter?: string;
}

/** @param retryAfter the header as it stands: seconds or a date; null for none */
export function rateLimited(retryAfter: string | null): Behaviour {
  return {
    kind: "answer",
    status: 429,
    headers: retryAfter === null ? {} : { "retry-after": retryAfter },
    body: JSON.stringify({ type: "error", error: { type: "rate_limit_error", message: "Too many requests" } }),
  };
}

/** A 400 (or another status) with a top-level OAuth error code. */
export function oauthError(error: string, status = 400): Behaviour {
  return { kind: "answer", status, body: JSON.stringify({ error, error_description: "scripted" }) };
}

/** A web page in place of the answer, as a hotel network or a broken gateway gives. */
export const loginPage: Behaviour = {
  kind: "disguised",
  status: 200,
  contentType: "text/html",
  body: "<!doctype html><title>Welcome</title><p>Accept the terms.</p>",
};
