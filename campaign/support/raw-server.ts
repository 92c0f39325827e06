/** A server that speaks whatever bytes a campaign wants, plain or over TLS, and cuts a connection in every way there is. */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";

/** One whole request. It holds a token: never print it. */
export interface RawRequest {
  /** Ms since the epoch. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** The refresh token in its body, JSON or form. */
  readonly token: string | null;
}

/** One connection, seen from the server. What cuts it leaves nothing unsent behind. */
export interface Line {
  /** Resolves when the system has taken it. */
  write(bytes: Uint8Array | string): Promise<void>;
  /** The orderly end: FIN, over TLS with its farewell. */
  end(): void;
  /** FIN, over TLS without a farewell. */
  drop(): void;
  /** RST. */
  reset(): void;
  /** Resolves when the other side has gone, too. */
  readonly closed: Promise<void>;
}

export interface RawServer {
  /** `http://127.0.0.1:PORT`, or https. */
  readonly url: string;
  readonly port: number;
  /** Every whole request, in order. */
  readonly requests: readonly RawRequest[];
  /** How many connections were made. */
  connections(): number;
  /** All that came in, on all connections, as the server reads it. */
  received(): string;
  close(): Promise<void>;
}

export interface RawOptions {
  readonly tls?: TlsOptions;
  /** A connection stands, and nothing came yet. */
  readonly onConnection?: (line: Line) => void;
  readonly onRequest?: (line: Line, request: RawRequest) => Promise<void> | void;
}

export async function startRawServer(options: RawOptions): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const raws = new Map<number, Socket>();
  let connections = 0;
  let received = "";
  const keep = (raw: Socket): void => {
    connections += 1;
    const { remotePort } = raw;
    if (remotePort === undefined) return;
    raws.set(remotePort, raw);
    raw.on("error", () => undefined);
    raw.on("close", () => raws.delete(remotePort));
  };
  const serve = (socket: Socket): void => {
    socket.on("error", () => undefined);
    const line = lineOver(socket, raws.get(socket.remotePort ?? 0) ?? socket);
    let text = "";
    socket.on("data", (piece: Buffer) => {
      text += piece.toString("latin1");
      received += piece.toString("latin1");
      const whole = wholeRequest(text);
      if (whole === null) return;
      text = text.slice(whole.length);
      const request = readRequest(whole);
      requests.push(request);
      // Whoever is cut off while being written to is what this is for.
      void Promise.resolve(options.onRequest?.(line, request)).catch(() => socket.destroy());
    });
    options.onConnection?.(line);
  };
  const server = options.tls === undefined ? createServer() : createTlsServer(options.tls, serve);
  server.prependListener("connection", (raw: Socket) => {
    keep(raw);
    if (options.tls === undefined) serve(raw);
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const { port } = address;
  return {
    url: `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    port,
    requests,
    connections: () => connections,
    received: () => received,
    async close() {
      for (const raw of raws.values()) raw.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function lineOver(socket: Socket, raw: Socket): Line {
  return {
    write: (bytes) => {
      const written = new Promise<void>((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()));
      });
      // Not everyone asks what became of it.
      written.catch(() => undefined);
      return written;
    },
    end: () => void socket.end(),
    drop: () => void raw.destroy(),
    reset: () => void raw.resetAndDestroy(),
    closed: new Promise((resolve) => {
      raw.once("close", () => resolve());
    }),
  };
}

function wholeRequest(text: string): string | null {
  const head = text.indexOf("\r\n\r\n");
  if (head === -1) return null;
  const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, head))?.[1] ?? "0");
  return text.length >= head + 4 + length ? text.slice(0, head + 4 + length) : null;
}

function readRequest(whole: string): RawRequest {
  const [, method = "", path = ""] = /^(\S+) (\S+)/.exec(whole) ?? [];
  const token = /"refresh_token" *: *"([^"]+)"|(?:^|[&\n])refresh_token=([^&]+)/.exec(whole);
  return { at: Date.now(), method, path, token: token?.[1] ?? token?.[2] ?? null };
}
