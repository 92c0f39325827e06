import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A request that came whole. */
export interface LoopbackRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Names in lower case; of a name that came several times, the first value or all of them with commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is sent back; always as JSON. */
export interface LoopbackAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server that only this machine can reach. */
export interface LoopbackServer {
  /** Such as `http://127.0.0.1:41234`. */
  readonly origin: string;
  /** Takes no more, cuts what is open. Never rejects; a second call is the first one's. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const MAX_BODY_BYTES = 64 * 1024;
const REQUEST_MS = 10_000;
const IDLE_MS = 5_000;

/**
 * Listens on 127.0.0.1, on a port that the system chooses. A request whose Host is not this very address is refused before
 * anyone looks at it (421), so a page that calls us by a name of its own learns nothing; a body above 64 KiB, too (413).
 * @param answer asked once for each whole request; when it throws, the answer is an empty 500.
 * @throws with a POSIX `code` when nothing can be listened on.
 */
export async function startLoopbackServer(
  answer: (request: LoopbackRequest) => LoopbackAnswer | Promise<LoopbackAnswer>,
): Promise<LoopbackServer> {
  let host = "";
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.headers.host !== host) return refuse(response, 421);
    const body = await bodyOf(request);
    if (body === null) return refuse(response, 413);
    const { status, headers, body: text } = await answer(toRequest(request, body));
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers });
    response.end(text);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => (response.headersSent ? response.destroy() : refuse(response, 500)));
  });
  server.requestTimeout = REQUEST_MS;
  server.headersTimeout = REQUEST_MS;
  server.keepAliveTimeout = IDLE_MS;

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, HOST, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a server on a port has no port");
  host = `${HOST}:${address.port}`;

  const end = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  let closing: Promise<void> | null = null;
  return {
    origin: `http://${host}`,
    close: () => (closing ??= end()),
  };
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end("{}");
}

/** @returns null when it is too long; what is left of it is not waited for. It rejects when the request is cut off. */
function bodyOf(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) resolve(null);
      else chunks.push(chunk);
    });
    request.once("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.once("error", reject);
  });
}

function toRequest(request: IncomingMessage, body: string): LoopbackRequest {
  const given = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === "string" ? value : value.join(", ")] as const],
  );
  const headers = Object.fromEntries(given);
  const [path = ""] = (request.url ?? "").split("?");
  return { method: request.method ?? "", path, headers, body };
}
