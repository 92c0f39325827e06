import { Agent as HttpAgent, IncomingMessage } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { LookupFunction, Socket } from "node:net";
import axios, { type AxiosRequestConfig } from "axios";
import { type Answered, type Connection, type Http, type HttpRequest, type UnknownOutcome } from "../../ports/http.ts";
import type { TransportProblem } from "../../shared/login/setback.ts";
import { createAborts, type OnAbort } from "../aborts.ts";
import { readBody } from "./body.ts";
import { openSocket } from "./connect.ts";
import { startPatience } from "./patience.ts";
import { answerProblem } from "./problems.ts";

export interface HttpOptions {
  /** `pilot-light/<version>`; we name ourselves and imitate no other program. */
  readonly userAgent: string;
  /** For tests: instead of the system's name lookup. */
  readonly lookup?: LookupFunction;
  /** For tests: certificates to trust instead of the well-known ones (PEM). */
  readonly ca?: string;
}

/**
 * @returns the real network: each connection is fresh, carries one request and is closed after it. No proxy, no redirect,
 * no retry, no shared agent. Problems are kinds; no error of the HTTP library, which would carry headers and body,
 * gets out of here.
 */
export function createHttp(options: HttpOptions): Http {
  const onAbort = createAborts();
  return {
    connect: async (text, { timeoutMs, signal }) => {
      const url = parseUrl(text);
      if (url === null) return { kind: "notSent", problem: { kind: "addressUnusable" } };
      const { lookup, ca } = options;
      const socket = await openSocket(url, { timeoutMs, signal, onAbort, lookup, ca });
      return "kind" in socket ? socket : toConnection(socket, url.origin, options.userAgent, onAbort);
    },
  };
}

/** A user name in an address would become a header of its own. */
function parseUrl(text: string): URL | null {
  try {
    const url = new URL(text);
    return url.username === "" && url.password === "" ? url : null;
  } catch {
    return null;
  }
}

function toConnection(socket: Socket, origin: string, userAgent: string, onAbort: OnAbort): Connection {
  let used = false;
  return {
    kind: "connected",
    send: (request) => {
      const obstacle = used ? ({ kind: "connectionUsed" } as const) : obstacleTo(socket, origin, request);
      used = true;
      if (obstacle === null) return send(socket, request, userAgent, onAbort);
      socket.destroy();
      return Promise.resolve({ kind: "notSent", problem: obstacle });
    },
    close: () => socket.destroy(),
  };
}

function obstacleTo(socket: Socket, origin: string, request: HttpRequest): TransportProblem | null {
  if (parseUrl(request.url)?.origin !== origin) return { kind: "otherServer" };
  if (request.signal?.aborted === true) return { kind: "stopped" };
  if (socket.destroyed || !socket.writable || socket.readableEnded) return { kind: "closedMeanwhile" };
  // What came unasked could pass for the answer.
  if (socket.readableLength > 0) return { kind: "spokeUnasked" };
  for (const [name, value] of Object.entries(request.headers)) {
    // The library would mend such a header in silence, and send another token than we were given.
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\t\x20-\x7e]*$/.test(value)) return { kind: "headerUnsendable" };
  }
  return null;
}

function send(
  socket: Socket,
  request: HttpRequest,
  userAgent: string,
  onAbort: OnAbort,
): Promise<Answered | UnknownOutcome> {
  return new Promise((resolve) => {
    const end = (answer: Answered | UnknownOutcome) => {
      endPatience();
      unheard?.();
      socket.destroy();
      resolve(answer);
    };
    const sentBefore = socket.bytesWritten;
    // One deadline for all of it: a server that sends a byte now and then gains nothing.
    const endPatience = startPatience({
      ms: request.timeoutMs,
      hasLeft: () => socket.bytesWritten > sentBefore && socket.writableLength === 0,
      received: () => socket.bytesRead,
      onOver: () => end(unknown({ kind: "answerLate" })),
    });
    const onStop = () => end(unknown({ kind: "stoppedWaiting" }));
    const unheard = request.signal === undefined ? null : onAbort(request.signal, onStop);
    exchange(socket, request, userAgent).then(end, (error: unknown) => end(unknown(answerProblem(error))));
  });
}

async function exchange(socket: Socket, request: HttpRequest, userAgent: string): Promise<Answered | UnknownOutcome> {
  let failure: unknown = null;
  socket.once("error", (error) => {
    failure = error;
  });
  const answering = axios.request<unknown>(toConfig(socket, request, userAgent));
  const response = await Promise.race([answering, closing(socket)]);
  if (response === null) return unknown(answerProblem({ code: "ECONNRESET" }));
  const message = response.data;
  if (!(message instanceof IncomingMessage)) return unknown({ kind: "answerUnreadable" });
  const isWhole = (text: string) => request.isWhole?.(response.status, text) === true;
  const body = await readBody(message, { maxBytes: request.maxBytes, failure: () => failure, isWhole });
  if (body.kind === "broken") return unknown(answerProblem(body.error ?? { code: "ECONNRESET" }));
  if (body.kind === "unusable") return unknown(body.problem);
  return { kind: "answered", status: response.status, headers: flat(message), body: body.text };
}

/** Node tells no one when it closes a connection for an odd answer (101). Errors and answers are a turn ahead of this. */
function closing(socket: Socket): Promise<null> {
  return new Promise((resolve) => {
    socket.once("close", () => setImmediate(() => resolve(null)));
  });
}

function toConfig(socket: Socket, request: HttpRequest, userAgent: string): AxiosRequestConfig {
  const { method, headers, body } = request;
  const url = new URL(request.url).href;
  return {
    adapter: "http",
    method,
    url,
    headers: {
      accept: "application/json",
      "user-agent": userAgent,
      // Not what the caller says: a packed body would have to be unpacked within bounds.
      ...withoutEncoding(headers),
      "accept-encoding": "identity",
    },
    // As bytes, and with no transformer, so that the library leaves them alone.
    ...(body === undefined ? {} : { data: Buffer.from(body, "utf8") }),
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
    ...agentFor(socket, url),
    responseType: "stream",
    decompress: false,
    maxRedirects: 0,
    maxBodyLength: Number.POSITIVE_INFINITY,
    proxy: false,
    validateStatus: () => true,
    // Should one of its errors ever be printed after all.
    redact: ["authorization", "x-api-key", "data", "cookie", "set-cookie"],
  };
}

function withoutEncoding(headers: HttpRequest["headers"]): HttpRequest["headers"] {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(lower.filter(([name]) => name !== "accept-encoding"));
}

/** An agent that has this one socket to give, once. */
function agentFor(socket: Socket, url: string): Pick<AxiosRequestConfig, "httpAgent" | "httpsAgent"> {
  let given = false;
  const give = () => {
    if (given) throw new Error("one connection carries one request");
    given = true;
    return socket;
  };
  if (url.startsWith("https:")) {
    const httpsAgent = new HttpsAgent({ keepAlive: false });
    httpsAgent.createConnection = give;
    return { httpsAgent };
  }
  const httpAgent = new HttpAgent({ keepAlive: false });
  httpAgent.createConnection = give;
  return { httpAgent };
}

function flat(message: IncomingMessage): Answered["headers"] {
  const entries = Object.entries(message.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value] as const],
  );
  return Object.fromEntries(entries);
}

function unknown(problem: TransportProblem): UnknownOutcome {
  return { kind: "unknown", problem };
}
