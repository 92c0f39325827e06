/** A token server with single-use rotation and reuse detection, in memory, with everything that can go wrong on the way. */
import {
  type Answered,
  type Connection,
  type Http,
  type HttpAnswer,
  type HttpRequest,
  type NotSent,
  type UnknownOutcome,
} from "../../app/ports/http.ts";
import type { Actor, SimTime } from "./time.ts";

export type ServerMode =
  | "well"
  | "offline"
  /** The connection is made, and gone before the request leaves. */
  | "hungUp"
  | "lostAnswer"
  | "lostRequest"
  | "late"
  | "tooLate"
  | "rateLimited"
  | "overloaded"
  | "error500"
  | "acted500"
  | "html"
  | "invalidClient"
  | "noRotation"
  | "sameToken"
  | "oddLifetime";

export interface Sending {
  readonly token: string;
  readonly actor: Actor;
  readonly at: number;
  /** What the sender was told; null while it waits. */
  told: "success" | "unrotated" | "refused" | "ended" | "unknown" | null;
  toldAt: number;
  /** The new refresh token in the answer that it was told. */
  issued: string | null;
}

interface Token {
  readonly family: string;
  spent: boolean;
}

export class SimServer {
  mode: ServerMode = "well";
  lifetimeMs = 8 * 3_600_000;
  readonly tokens = new Map<string, Token>();
  readonly dead = new Set<string>();
  readonly sendings: Sending[] = [];
  pings = 0;
  connections = 0;
  #serial = 0;
  readonly #time: SimTime;
  readonly #fraction: () => number;
  onSend: (sending: Sending) => void = () => undefined;

  constructor(time: SimTime, fraction: () => number) {
    this.#time = time;
    this.#fraction = fraction;
  }

  /** A new login. */
  signIn(family: string): { access: string; refresh: string; expires: number } {
    return this.#issue(family);
  }

  /** The one token of this family that the server would accept now; null once the family is dead. */
  live(family: string): string | null {
    if (this.dead.has(family)) return null;
    return [...this.tokens].find(([, token]) => token.family === family && !token.spent)?.[0] ?? null;
  }

  /** Redeems as another program does: at once. null = refused. */
  redeem(refresh: string): { access: string; refresh: string; expires: number } | null {
    const token = this.tokens.get(refresh);
    if (token === undefined || this.dead.has(token.family)) return null;
    if (token.spent) {
      this.dead.add(token.family);
      return null;
    }
    token.spent = true;
    return this.#issue(token.family);
  }

  #issue(family: string): { access: string; refresh: string; expires: number } {
    const n = ++this.#serial;
    const refresh = `SECRET-refresh-${family}-${n}`;
    this.tokens.set(refresh, { family, spent: false });
    return { access: `SECRET-access-${family}-${n}`, refresh, expires: Math.round(this.#time.now()) + this.lifetimeMs };
  }

  httpOf(actor: Actor): Http {
    return {
      connect: async () => {
        await this.#time.turn(actor);
        this.connections += 1;
        if (this.mode === "offline")
          return { kind: "notSent", problem: { kind: "noNetworkPath", host: "a.invalid" } } satisfies NotSent;
        return {
          kind: "connected",
          send: (request) => this.#send(actor, request),
          close: () => undefined,
        } satisfies Connection;
      },
    };
  }

  #send(actor: Actor, request: HttpRequest): Promise<HttpAnswer> {
    if (this.mode === "hungUp") return Promise.resolve({ kind: "notSent", problem: { kind: "closedMeanwhile" } });
    if (request.method === "GET") {
      this.pings += 1;
      return Promise.resolve({ kind: "answered", status: 200, headers: {}, body: "{}" });
    }
    const sent: unknown = JSON.parse(request.body ?? "{}");
    const token =
      typeof sent === "object" && sent !== null && "refresh_token" in sent ? String(sent.refresh_token) : "";
    const sending: Sending = { token, actor, at: this.#time.monotonic, told: null, toldAt: 0, issued: null };
    this.onSend(sending);
    this.sendings.push(sending);
    const mode = this.mode;
    const delay =
      mode === "late" ? 5_000 + this.#fraction() * 20_000 : mode === "tooLate" ? 40_000 : this.#fraction() * 400;
    // The server acts, whether or not the sender still lives.
    const bystander: Actor = { name: "network", alive: true, stoppedUntil: 0 };
    return new Promise((resolve) => {
      let answered = false;
      const tell = (told: Sending["told"], answer: Answered | UnknownOutcome) => {
        if (answered) return;
        answered = true;
        sending.told = told;
        sending.toldAt = this.#time.monotonic;
        resolve(answer);
      };
      this.#time.at(delay / 2, bystander, () => {
        const reply = this.#act(mode, token, sending);
        this.#time.at(delay / 2, actor, () => tell(...reply));
      });
      this.#time.at(request.timeoutMs, actor, () =>
        tell("unknown", { kind: "unknown", problem: { kind: "answerLate" } }),
      );
    });
  }

  #act(mode: ServerMode, token: string, sending: Sending): [Sending["told"], Answered | UnknownOutcome] {
    const json = (status: number, body: object, headers: Record<string, string> = {}): Answered => ({
      kind: "answered",
      status,
      headers,
      body: JSON.stringify(body),
    });
    switch (mode) {
      case "lostRequest":
        return ["unknown", { kind: "unknown", problem: { kind: "brokenOff" } }];
      case "rateLimited":
        return ["refused", json(429, {}, { "retry-after": "120" })];
      case "overloaded":
        return ["refused", json(529, {})];
      case "error500":
        return ["unknown", json(500, {})];
      case "invalidClient":
        return ["refused", json(401, { error: "invalid_client" })];
      case "html":
        return ["unknown", { kind: "answered", status: 200, headers: {}, body: "<html>please log in</html>" }];
      case "noRotation":
      case "sameToken": {
        const known = this.tokens.get(token);
        if (known === undefined || known.spent || this.dead.has(known.family))
          return ["ended", json(400, { error: "invalid_grant" })];
        const body = { access_token: `SECRET-access-${known.family}-${++this.#serial}`, expires_in: 28_800 };
        return ["unrotated", json(200, mode === "sameToken" ? { ...body, refresh_token: token } : body)];
      }
      default: {
        const pair = this.redeem(token);
        if (pair === null) return ["ended", json(400, { error: "invalid_grant" })];
        if (mode === "lostAnswer") return ["unknown", { kind: "unknown", problem: { kind: "brokenOff" } }];
        if (mode === "acted500") return ["unknown", json(502, {})];
        sending.issued = pair.refresh;
        const lifetime = mode === "oddLifetime" ? -5 : this.lifetimeMs / 1000;
        return ["success", json(200, { access_token: pair.access, refresh_token: pair.refresh, expires_in: lifetime })];
      }
    }
  }
}
