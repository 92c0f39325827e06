/** What a provider says: how its logins are refreshed and pinged, and what its answers mean. Pure; see `app/providers`. */
import type { PingStop } from "../shared/login/ping.ts";
import type { CallProblem } from "../shared/login/setback.ts";
import type { PingMode, PingOutcome } from "../shared/login/snapshot.ts";
import type { HttpAnswer } from "./http.ts";

export interface PlannedRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

// ---- refreshing ------------------------------------------------------------------------------------------------------

/** The longest wait that a server may ask for, ms. */
export const MAX_RETRY_AFTER = 12 * 3_600_000;

/** What a 2xx with a usable access token says. Durations in ms; null = not said, or not believable. */
export interface Grant {
  readonly access: string;
  /** null: the server gave no new refresh token, so the one that was sent is not spent. */
  readonly refresh: string | null;
  readonly lifetimeMs: number | null;
  readonly loginLifetimeMs: number | null;
  readonly accountUuid: string | null;
}

/** What an answer of the token endpoint means (ARCHITECTURE.md, "What an answer means"). No `problem` quotes an answer. */
export type Meaning =
  | { readonly kind: "success"; readonly grant: Grant }
  | { readonly kind: "ended" }
  | { readonly kind: "invalidClient" }
  /** The server did not act, so the same token may be sent again. */
  | {
      readonly kind: "transient";
      readonly problem: CallProblem;
      readonly rateLimited: boolean;
      readonly notSent: boolean;
      /** Asked for by Retry-After, at most `MAX_RETRY_AFTER`. */
      readonly retryAfterMs: number | null;
    }
  /** The server may have acted. */
  | { readonly kind: "unknown"; readonly problem: CallProblem };

// ---- pinging ---------------------------------------------------------------------------------------------------------

export type SentPingMode = Exclude<PingMode, "off">;

export interface PingReading {
  readonly outcome: PingOutcome;
  /** Tokens that the answer says it used. */
  readonly tokens: number;
  /** Set when message pings must stop for this login: why. */
  readonly stopMessages: PingStop | null;
}

// ---- the whole of it -------------------------------------------------------------------------------------------------

export interface Provider {
  /** The name under which a credential file holds its logins. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** The command with which a person signs in again. */
  readonly signInHint: string;
  /** What that command needs first, for who has no login yet: whole sentences; null = nothing. */
  readonly signInNote: string | null;
  /** The same for who had a login before: one short line. */
  readonly signInNeeds: string | null;
  /** What its terms say of programs like this one, for the notice of the first run: whole sentences; null = nothing. */
  readonly termsNote: string | null;
  refreshRequest(refreshToken: string): PlannedRequest;
  /**
   * It never throws: an answer that is not read is lost.
   * @param sent the refresh token that was sent.
   * @param now wall time, ms, to read a Retry-After date.
   */
  readRefresh(answer: HttpAnswer, sent: string, now: number): Meaning;
  /**
   * What a message ping asks at present, as people know it: a model, say. A stop of message pings (`stopMessages`) holds
   * until this is another.
   */
  pingTarget(): string;
  /** null when this provider has no such ping. */
  pingRequest(mode: SentPingMode, accessToken: string): PlannedRequest | null;
  readPing(mode: SentPingMode, answer: HttpAnswer): PingReading;
}

/** Providers by the id under which a credential file names them. No entry = unmanaged. */
export type Providers = ReadonlyMap<string, Provider>;
