import type { IncomingHttpHeaders } from "node:http";
import type { Redemption, TokenAuthority, TokenRules } from "./token-authority.ts";
import type { Behaviour } from "./token-script.ts";

export type Endpoint = "token" | "message" | "profile";

/** One request as it came, for assertions. It holds tokens: never print it whole. */
export interface SeenRequest {
  readonly endpoint: Endpoint;
  /** Ms since the epoch, when its body was complete. */
  readonly at: number;
  readonly userAgent: string | null;
  /** Of the body; "none" for a GET. */
  readonly encoding: "json" | "form" | "other" | "none";
  /** The refresh token (token) or the bearer (message, profile). */
  readonly token: string | null;
  /** The members of the body by name, as text. */
  readonly members: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** A JSON answer. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A request, and the ordinary thing that happens on it: called at most once, when its time has come. */
export interface Plan {
  readonly seen: SeenRequest;
  readonly act: () => Answer;
}

export interface Context {
  readonly authority: TokenAuthority;
  readonly rules: TokenRules;
  /** Ms since the epoch. */
  readonly now: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** POST /v1/oauth/token */
export function answerToken(context: Context, behaviour: Behaviour): Plan {
  const { authority, rules } = context;
  const { encoding, members } = readBody(context);
  const token = members["refresh_token"] ?? null;
  const act = (): Answer => {
    if (encoding === "other" || members["grant_type"] !== "refresh_token" || token === null) {
      return { status: 400, body: { error: "invalid_request", error_description: "Invalid request format" } };
    }
    if (rules.clientId !== null && members["client_id"] !== rules.clientId) {
      return { status: 401, body: { error: "invalid_client", error_description: "Client not found" } };
    }
    const rotate = behaviour.kind !== "noRefreshToken" && behaviour.kind !== "sameRefreshToken";
    const redemption = authority.redeem(token, rotate);
    return tokenAnswer(redemption, context, behaviour.kind !== "noRefreshToken");
  };
  return { seen: seenAs("token", context, encoding, members, token), act };
}

function tokenAnswer(redemption: Redemption, { authority }: Context, withRefresh: boolean): Answer {
  if (redemption.kind === "refused") {
    const error_description = `Refresh token not found or invalid (${redemption.why})`;
    return { status: 400, body: { error: "invalid_grant", error_description } };
  }
  const { access, refresh, accountUuid } = redemption.pair;
  const endsIn = authority.endsIn(refresh);
  return {
    status: 200,
    body: {
      token_type: "Bearer",
      access_token: access,
      expires_in: authority.lifeOf(access),
      ...(withRefresh ? { refresh_token: refresh } : {}),
      ...(endsIn === null ? {} : { refresh_token_expires_in: endsIn }),
      scope: "user:inference user:profile",
      account: { uuid: accountUuid, email_address: "someone@example.invalid" },
    },
  };
}

/** POST /v1/messages */
export function answerMessage(context: Context): Plan {
  const { encoding, members } = readBody(context);
  const token = bearerOf(context.headers);
  const act = (): Answer => {
    const refusal = refuse(context, token);
    if (refusal !== null) return refusal;
    if (members["model"] === undefined || members["max_tokens"] === undefined) {
      return anthropicError(400, "invalid_request_error", "model and max_tokens are required");
    }
    return {
      status: 200,
      body: {
        type: "message",
        role: "assistant",
        model: members["model"],
        content: [{ type: "text", text: "pong" }],
        stop_reason: "end_turn",
        usage: { input_tokens: 8, output_tokens: 4 },
      },
    };
  };
  return { seen: seenAs("message", context, encoding, members, token), act };
}

/** GET /api/oauth/profile */
export function answerProfile(context: Context): Plan {
  const token = bearerOf(context.headers);
  const act = (): Answer =>
    refuse(context, token) ?? {
      status: 200,
      body: { account: { uuid: context.authority.loginOf(token ?? ""), email: "someone@example.invalid" } },
    };
  return { seen: seenAs("profile", context, "none", {}, token), act };
}

function refuse({ authority, headers }: Context, token: string | null): Answer | null {
  if (token === null || authority.loginOf(token) === null) {
    return anthropicError(401, "authentication_error", "OAuth token has expired or was revoked");
  }
  if (!String(headers["anthropic-beta"] ?? "").includes("oauth-2025-04-20")) {
    return anthropicError(401, "authentication_error", "OAuth authentication is currently not supported");
  }
  return null;
}

function anthropicError(status: number, type: string, message: string): Answer {
  return { status, body: { type: "error", error: { type, message } } };
}

function bearerOf(headers: IncomingHttpHeaders): string | null {
  return /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? null;
}

function readBody({ headers, body }: Context): Pick<SeenRequest, "encoding" | "members"> {
  const type = headers["content-type"] ?? "";
  if (type.startsWith("application/x-www-form-urlencoded")) {
    return { encoding: "form", members: Object.fromEntries(new URLSearchParams(body)) };
  }
  const members = type.startsWith("application/json") ? jsonMembers(body) : null;
  return members === null ? { encoding: "other", members: {} } : { encoding: "json", members };
}

function jsonMembers(body: string): Record<string, string> | null {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    const text = (member: unknown): string => (typeof member === "string" ? member : JSON.stringify(member));
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, text(member)]));
  } catch {
    return null;
  }
}

function seenAs(
  endpoint: Endpoint,
  { headers, now }: Context,
  encoding: SeenRequest["encoding"],
  members: Readonly<Record<string, string>>,
  token: string | null,
): SeenRequest {
  const known = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return {
    endpoint,
    at: now,
    userAgent: headers["user-agent"] ?? null,
    encoding,
    token,
    members,
    headers: Object.fromEntries(known),
  };
}
