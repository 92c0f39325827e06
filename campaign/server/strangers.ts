/** Servers to which no token may ever go: their certificates are not good, or they do not get as far as that. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { TlsOptions } from "node:tls";
import { createAuthority } from "../support/certificates.ts";
import { type RawServer, startRawServer } from "../support/raw-server.ts";
import { notAs } from "./judge.ts";
import type { Job } from "./rude.ts";
import { attack, type Stage } from "./stage.ts";

const HERE = "DNS:localhost,IP:127.0.0.1";

export interface Stranger {
  readonly name: string;
  readonly server: RawServer;
  readonly env?: Readonly<Record<string, string>>;
}

/** A relay in front of a server: it keeps every byte that came, before anything was made of it. */
interface Relay {
  readonly port: number;
  connections(): number;
  received(): Buffer;
  close(): Promise<void>;
}

async function startRelay(to: number): Promise<Relay> {
  const pieces: Buffer[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    const beyond = connect(to, "127.0.0.1");
    for (const each of [socket, beyond]) {
      sockets.add(each);
      each.on("error", () => undefined);
    }
    socket.on("data", (piece: Buffer) => pieces.push(piece));
    socket.pipe(beyond).pipe(socket);
    socket.on("close", () => beyond.destroy());
    beyond.on("close", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    connections: () => connections,
    received: () => Buffer.concat(pieces),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** They would all answer with a good pair, were they asked. */
async function strangers({ certificates }: Stage): Promise<readonly Stranger[]> {
  const other = await createAuthority();
  const good = await certificates.issue({ names: HERE, from: -2, to: 30 });
  const tls = async (name: string, options: TlsOptions, more: Partial<Stranger> = {}): Promise<Stranger> => ({
    name,
    server: await startRawServer({ tls: options, onRequest: (line) => line.end() }),
    ...more,
  });
  const plain = async (
    name: string,
    onConnection: Parameters<typeof startRawServer>[0]["onConnection"],
  ): Promise<Stranger> => ({
    name,
    server: await startRawServer(onConnection === undefined ? {} : { onConnection }),
  });
  const selfSigned = await certificates.selfSigned(HERE);
  const all = [
    await tls("expired", await certificates.issue({ names: HERE, from: -30, to: -1 })),
    await tls("not valid yet", await certificates.issue({ names: HERE, from: 1, to: 30 })),
    await tls("for another name", await certificates.issue({ names: "DNS:example.invalid", from: -2, to: 30 })),
    await tls("for the name, not the address", await certificates.issue({ names: "DNS:localhost", from: -2, to: 30 })),
    await tls("self-signed", selfSigned),
    await tls("self-signed, and the environment says never mind", selfSigned, {
      env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
    }),
    await tls("of another authority", await other.issue({ names: HERE, from: -2, to: 30 })),
    await tls("TLS 1.0 only", { ...good, minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" }),
    await tls("TLS 1.1 only", {
      ...good,
      minVersion: "TLSv1.1",
      maxVersion: "TLSv1.1",
      ciphers: "DEFAULT:@SECLEVEL=0",
    }),
    await plain("closes at once", (line) => line.end()),
    await plain("resets at once", (line) => line.reset()),
    await plain("speaks plain http", (line) => void line.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")),
    await plain("speaks noise", (line) => void line.write(Buffer.alloc(2_000, 0x16))),
  ];
  await other.remove();
  return all;
}

export interface Strangers {
  readonly jobs: readonly Job[];
  close(): Promise<void>;
}

/** Short: a third of them, and always one whose time is over. */
export async function strangersOf(stage: Stage): Promise<Strangers> {
  const all = await strangers(stage);
  const third = stage.chance.whole(0, 2);
  const met = stage.plan.form === "short" ? all.filter((_, at) => at === 0 || at % 3 === third) : all;
  return {
    jobs: met.map((stranger) => () => meet(stage, stranger)),
    close: async () => void (await Promise.all(all.map(({ server }) => server.close()))),
  };
}

/** Gives a login to this server: finds whatever is wrong with that. */
export async function meet(stage: Stage, { name, server, env = {} }: Stranger): Promise<void> {
  const relay = await startRelay(server.port);
  try {
    await attack(
      stage,
      {
        name: `TLS: ${name}`,
        over: "https",
        answer: () => undefined,
        tokenUrl: `https://127.0.0.1:${relay.port}/token`,
        env,
      },
      (outcome) => {
        const raw = relay.received();
        if (relay.connections() === 0) return "nobody came";
        if (raw.includes("planted") || raw.includes("refresh_token")) return "a token left in plain text";
        // A server that speaks plainly reads the greeting of TLS, and nothing else.
        if (server.requests.length > 0 || /planted|refresh_token|HTTP/.test(server.received()))
          return "a token was sent";
        return notAs("retrying", stage, outcome);
      },
    );
  } finally {
    await relay.close();
  }
}
