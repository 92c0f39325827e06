/** The network, as the engine needs it: one request over one fresh connection, and an honest word on what became of it. */
import type { TransportProblem } from "../shared/login/setback.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** In ms in which this process ran, from the moment that the request left. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /**
   * Is this body, as far as it has come, a whole answer? Then it is one, whatever becomes of the rest of its frame: a length
   * that is too large, a last chunk that is missing, a reset. Asked whenever what came ends like a JSON object.
   */
  readonly isWhole?: (status: number, body: string) => boolean;
  readonly signal?: AbortSignal;
}

/** Not a byte of the request left: there was no connection, or it closed first. The server cannot have acted. */
export interface NotSent {
  readonly kind: "notSent";
  readonly problem: TransportProblem;
}
export interface Answered {
  readonly kind: "answered";
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
/** The request left, or may have, and no complete answer came of it: the server may have acted. */
export interface UnknownOutcome {
  readonly kind: "unknown";
  readonly problem: TransportProblem;
}
export type HttpAnswer = NotSent | Answered | UnknownOutcome;

export interface Connection {
  readonly kind: "connected";
  /**
   * Sends one request over this connection: the first byte leaves before it returns its promise, or none ever does. No
   * redirect is followed, no retry made, and neither timeout nor size is ever exceeded. It never rejects.
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

export interface Http {
  /** A fresh connection (TLS included) to the origin of `url`. It never rejects. */
  connect(url: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<Connection | NotSent>;
}
