import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  type Answer,
  answerMessage,
  answerProfile,
  answerToken,
  type Endpoint,
  type SeenRequest,
} from "./token-answers.ts";
import { defaultRules, type IssuedPair, TokenAuthority, type TokenRules } from "./token-authority.ts";
import type { Behaviour } from "./token-script.ts";

export type { Endpoint, SeenRequest } from "./token-answers.ts";

/** A scripted provider on loopback: the same to a test whether it runs in this process or in one of its own. */
export interface TokenServer {
  /** A whole endpoint, as `--token-url` takes it. */
  readonly tokenUrl: string;
  /** A base, as `--api-url` takes it. */
  readonly apiUrl: string;
  /** A new login. `endsIn` seconds from now, null: never. */
  issue(options?: { readonly accountUuid?: string; readonly endsIn?: number | null }): Promise<IssuedPair>;
  /** What the next requests to this endpoint get, one after the other; after the last all is ordinary again. */
  script(endpoint: Endpoint, ...behaviours: readonly Behaviour[]): Promise<void>;
  /** Forgets what is scripted for requests that have not come. */
  unscript(endpoint: Endpoint): Promise<void>;
  /** Lets everyone pass who waits, or will wait, at the gate of this name. */
  release(gate: string): Promise<void>;
  /** Ends a login, as a sign-out elsewhere does. */
  revoke(refresh: string): Promise<void>;
  /** All requests so far, oldest first; recorded when the body is complete, before any gate. */
  requests(endpoint?: Endpoint): Promise<readonly SeenRequest[]>;
  /** Resolves as soon as so many requests to this endpoint have come. */
  seen(endpoint: Endpoint, count: number): Promise<void>;
  /** How often this refresh token was sent. */
  redemptions(refresh: string): Promise<number>;
  /** What became of the login to which this refresh token belongs. */
  standing(
    refresh: string,
  ): Promise<{ readonly current: boolean; readonly newest: string | null; readonly revoked: boolean }>;
  close(): Promise<void>;
}

/** What only a provider in this process can be given. */
export interface Inside {
  /** Its clock, in ms since the epoch. */
  readonly now?: () => number;
  /** How long the next access token of an account lives, in seconds, in place of what the rules say. */
  readonly expiresIn?: (accountUuid: string) => number;
}

/** Starts a provider in this process. */
export async function startTokenServer(
  rules: Partial<TokenRules> = {},
  inside: Inside = {},
): Promise<TokenServer & { readonly authority: TokenAuthority }> {
  const provider = new Provider({ ...defaultRules, ...rules }, inside);
  await provider.listen();
  return provider;
}

class Provider implements TokenServer {
  tokenUrl = "";
  apiUrl = "";
  readonly #rules: TokenRules;
  readonly authority: TokenAuthority;
  readonly #now: () => number;
  readonly #server: Server;
  readonly #scripts: Record<Endpoint, Behaviour[]> = { token: [], message: [], profile: [] };
  readonly #gates = new Map<string, { open: () => void; opened: Promise<void> }>();
  readonly #seen: SeenRequest[] = [];
  #watchers: { endpoint: Endpoint; count: number; resolve: () => void }[] = [];

  constructor(rules: TokenRules, { now = Date.now, expiresIn }: Inside) {
    this.#rules = rules;
    this.#now = now;
    this.authority = new TokenAuthority(rules, now, expiresIn);
    this.#server = createServer((request, response) => {
      // A client that goes away in the middle is what many tests are about.
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", resolve);
    });
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    this.apiUrl = `http://127.0.0.1:${address.port}`;
    this.tokenUrl = `${this.apiUrl}/v1/oauth/token`;
  }

  async issue(options: { readonly accountUuid?: string; readonly endsIn?: number | null } = {}): Promise<IssuedPair> {
    return this.authority.issue(options.accountUuid, options.endsIn);
  }

  async script(endpoint: Endpoint, ...behaviours: readonly Behaviour[]): Promise<void> {
    this.#scripts[endpoint].push(...behaviours);
  }

  async unscript(endpoint: Endpoint): Promise<void> {
    this.#scripts[endpoint] = [];
  }

  async release(gate: string): Promise<void> {
    this.#gate(gate).open();
  }

  async revoke(refresh: string): Promise<void> {
    this.authority.revoke(refresh);
  }

  async requests(endpoint?: Endpoint): Promise<readonly SeenRequest[]> {
    return this.#seen.filter((request) => endpoint === undefined || request.endpoint === endpoint);
  }

  seen(endpoint: Endpoint, count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#watchers.push({ endpoint, count, resolve });
      this.#tellWatchers();
    });
  }

  async redemptions(refresh: string): Promise<number> {
    return this.authority.redemptions(refresh);
  }

  async standing(refresh: string): Promise<{ current: boolean; newest: string | null; revoked: boolean }> {
    const { authority } = this;
    return {
      current: authority.isCurrent(refresh),
      newest: authority.newestOf(refresh),
      revoked: authority.isRevoked(refresh),
    };
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const endpoint = endpointOf(request);
    if (endpoint === null) {
      send(response, { status: 404, body: { error: "not_found" } });
      return;
    }
    const behaviour = this.#scripts[endpoint].shift() ?? { kind: "ordinary" };
    const { seen, act } = this.#plan(endpoint, request, body, behaviour);
    this.#seen.push(seen);
    this.#tellWatchers();
    if (behaviour.gateBefore !== undefined) await this.#gate(behaviour.gateBefore).opened;
    const happens = !(
      behaviour.kind === "answer" ||
      behaviour.kind === "cutBefore" ||
      (behaviour.kind === "hang" && !behaviour.after)
    );
    const answer = happens ? act() : { status: 500, body: {} };
    if (behaviour.gateAfter !== undefined) await this.#gate(behaviour.gateAfter).opened;
    reply(response, behaviour, answer);
  }

  #plan(
    endpoint: Endpoint,
    request: IncomingMessage,
    body: string,
    behaviour: Behaviour,
  ): { seen: SeenRequest; act: () => Answer } {
    const { authority } = this;
    const context = { authority, rules: this.#rules, now: this.#now(), headers: request.headers, body };
    if (endpoint === "token") return answerToken(context, behaviour);
    return endpoint === "message" ? answerMessage(context) : answerProfile(context);
  }

  #gate(name: string): { open: () => void; opened: Promise<void> } {
    const known = this.#gates.get(name);
    if (known !== undefined) return known;
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const gate = { open, opened };
    this.#gates.set(name, gate);
    return gate;
  }

  #tellWatchers(): void {
    this.#watchers = this.#watchers.filter(({ endpoint, count, resolve }) => {
      if (this.#seen.filter((request) => request.endpoint === endpoint).length < count) return true;
      resolve();
      return false;
    });
  }
}

function endpointOf(request: IncomingMessage): Endpoint | null {
  const path = (request.url ?? "").split("?")[0];
  if (request.method === "POST" && path === "/v1/oauth/token") return "token";
  if (request.method === "POST" && path === "/v1/messages") return "message";
  return request.method === "GET" && path === "/api/oauth/profile" ? "profile" : null;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  request.setEncoding("utf8");
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

function reply(response: ServerResponse, behaviour: Behaviour, answer: Answer): void {
  switch (behaviour.kind) {
    case "hang":
      return;
    case "cutBefore":
    case "cutAfter":
      response.socket?.destroy();
      return;
    case "cutInside": {
      const text = JSON.stringify(answer.body);
      response.writeHead(answer.status, { "content-type": "application/json", "content-length": text.length });
      response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
      return;
    }
    case "answer":
      response.writeHead(behaviour.status, { "content-type": "application/json", ...behaviour.headers });
      response.end(behaviour.body ?? "");
      return;
    case "disguised":
      response.writeHead(behaviour.status, { "content-type": behaviour.contentType });
      response.end(behaviour.body);
      return;
    case "patched": {
      const kept = Object.entries({ ...answer.body, ...behaviour.members });
      const removed = behaviour.remove ?? [];
      send(response, { ...answer, body: Object.fromEntries(kept.filter(([name]) => !removed.includes(name))) });
      return;
    }
    default:
      send(response, answer);
  }
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { "content-type": "application/json" });
  response.end(JSON.stringify(answer.body));
}
