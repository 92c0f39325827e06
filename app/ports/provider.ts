import type { PingMode, PingOutcome } from "../shared/snapshot.ts";
import type { HttpAnswer } from "./http.ts";

export interface PlannedRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface PingReading {
  readonly outcome: PingOutcome;
  /** Tokens that the answer says it used. */
  readonly tokens: number;
  /** Set when message pings must stop for this login: why, one sentence. */
  readonly stopMessages: string | null;
}

export interface Provider {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** The command with which a person signs in again. */
  readonly signInHint: string;
  refreshRequest(refreshToken: string): PlannedRequest;
  /** null when this provider has no such ping. */
  pingRequest(mode: Exclude<PingMode, "off">, accessToken: string): PlannedRequest | null;
  readPing(mode: Exclude<PingMode, "off">, answer: HttpAnswer): PingReading;
}

/** Providers by the id under which a credential file names them. No entry = unmanaged. */
export type Providers = ReadonlyMap<string, Provider>;
