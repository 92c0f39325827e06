/** Servers on the loopback that do what no server should. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./support.ts";

export interface TestServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** Each request that came in whole, as text. */
  readonly requests: string[];
  /** All bytes that came in, on all connections. */
  received(): string;
  readonly connections: Socket[];
  /** Ends when that many connections were made. */
  connected(count: number): Promise<void>;
}

export interface ServerOptions {
  /** Called once per whole request. */
  readonly onRequest?: (socket: Socket, request: string) => void;
  /** Called at once, before anything came. */
  readonly onConnection?: (socket: Socket) => void;
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A bare server: it speaks whatever bytes the test wants. It is gone after the test. */
export async function bareServer(options: ServerOptions): Promise<TestServer> {
  const requests: string[] = [];
  const connections: Socket[] = [];
  let received = "";
  const serve = (socket: Socket) => {
    connections.push(socket);
    server.emit("counted");
    let text = "";
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      received += chunk.toString("latin1");
      const request = wholeRequest(text);
      if (request === null) return;
      text = text.slice(request.length);
      requests.push(request);
      options.onRequest?.(socket, request);
    });
    options.onConnection?.(socket);
  };
  const server: Server = options.tls === undefined ? createServer(serve) : createTlsServer(options.tls, serve);
  server.on("tlsClientError", () => undefined);
  const raw = new Set<Socket>();
  server.on("connection", (socket: Socket) => raw.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of raw) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls === undefined ? "http://127.0.0.1" : "https://localhost"}:${port}`,
    port,
    requests,
    received: () => received,
    connections,
    connected: async (count) => {
      while (connections.length < count) await once(server, "counted");
    },
  };
}

function wholeRequest(text: string): string | null {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return null;
  const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1] ?? "0");
  return text.length >= end + 4 + length ? text.slice(0, end + 4 + length) : null;
}

/** @returns a port of the loopback on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** @returns key and certificate of a `localhost` that nobody vouches for, made by the `openssl` of this machine. */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync("openssl", ["req", "-x509", ...curve, "-days", "2", ...subject, "-keyout", key, "-out", cert], {
    stdio: "ignore",
  });
  return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}
