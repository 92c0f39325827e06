import type { LookupFunction } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { setbackWords } from "../../shared/words/setback.ts";
import { bareServer, closedPort, selfSigned } from "../testing/servers.ts";
import { isLoopbackAddress } from "./connect.ts";
import { createHttp } from "./http.ts";

const http = createHttp({ userAgent: "pilot-light/1.2.3" });
const ok = (body: string, headers = "") =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;

describe("no connection", () => {
  const refused = async (url: string, client = http, change: { timeoutMs?: number; signal?: AbortSignal } = {}) => {
    const result = await client.connect(url, { timeoutMs: 10_000, ...change });
    if (result.kind === "connected") result.close();
    return result.kind === "notSent" ? setbackWords(result.problem) : result.kind;
  };

  it("comes of a port where nobody listens", async () => {
    expect(await refused(`http://127.0.0.1:${await closedPort()}/`)).toBe("the connection to 127.0.0.1 was refused");
  });

  it("comes of a name that nobody knows", async () => {
    for (const code of ["ENOTFOUND", "EAI_AGAIN"]) {
      const client = createHttp({
        userAgent: "x",
        lookup: (_host, _options, done) => done(Object.assign(new Error("planted"), { code }), []),
      });
      expect(await refused("https://platform.claude.invalid/v1", client)).toBe(
        "the name platform.claude.invalid could not be resolved",
      );
    }
  });

  it("comes of a lookup or a handshake that never ends, and of a stop", async () => {
    const deaf = createHttp({ userAgent: "x", lookup: () => undefined });
    expect(await refused("https://a.invalid/", deaf, { timeoutMs: 30 })).toBe("a.invalid did not answer in time");
    const server = await bareServer({});
    expect(await refused(`https://127.0.0.1:${server.port}/`, http, { timeoutMs: 60 })).toBe(
      "127.0.0.1 did not answer in time",
    );
    const stop = new AbortController();
    const waiting = refused("https://a.invalid/", deaf, { signal: stop.signal });
    stop.abort();
    expect(await waiting).toBe("it was stopped");
    expect(await refused(server.url, http, { signal: stop.signal })).toBe("it was stopped");
    expect(server.requests).toEqual([]);
  });

  it("comes of a server that nobody vouches for, whatever the environment allows", async () => {
    const server = await bareServer({ tls: selfSigned(), onRequest: (socket) => socket.write(ok("{}")) });
    expect(await refused(server.url)).toMatch(/^could not connect securely to localhost \(\w*SELF_SIGNED\w*\)$/);
    const other = createHttp({ userAgent: "x", ca: selfSigned().cert });
    expect(await refused(server.url, other)).toMatch(/^could not connect securely to localhost/);
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    expect(await refused(server.url)).toMatch(/^could not connect securely to localhost/);
    expect(server.received()).toBe("");
  });

  it("comes of a certificate for another name, and of a server that speaks no TLS or hangs up", async () => {
    const tls = selfSigned();
    const server = await bareServer({ tls });
    const client = createHttp({
      userAgent: "x",
      ca: tls.cert,
      lookup: (_host, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }]),
    });
    expect(await refused(`https://other.invalid:${server.port}/`, client)).toBe(
      "could not connect securely to other.invalid (ERR_TLS_CERT_ALTNAME_INVALID)",
    );
    const plain = await bareServer({ onConnection: (socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n") });
    expect(await refused(`https://127.0.0.1:${plain.port}/`)).toMatch(/^could not connect securely to 127\.0\.0\.1/);
    const rude = await bareServer({ onConnection: (socket) => socket.end() });
    expect(await refused(`https://127.0.0.1:${rude.port}/`)).toBe(
      "127.0.0.1 closed the connection before it was secure",
    );
  });

  it.each([
    ["http://example.invalid/", "the address is not https"],
    ["http://127.0.0.1.example.invalid/", "the address is not https"],
    ["ftp://127.0.0.1/", "the address is neither https nor http"],
    ["https://user:planted@127.0.0.1/", "the address is not a usable URL"],
    ["planted", "the address is not a usable URL"],
    ["", "the address is not a usable URL"],
  ])("is made to %j", async (url, reason) => {
    expect(await refused(url)).toBe(reason);
  });

  it("is made in plain http unless name and address are those of this machine", async () => {
    const server = await bareServer({});
    const url = `http://pilot.localhost:${server.port}/`;
    const lookup: LookupFunction = (_host, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }]);
    const client = createHttp({ userAgent: "x", lookup });
    expect(await refused(url, client)).toBe("connected");
    expect(server.received()).toBe("");
    for (const address of ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
      expect(isLoopbackAddress(address)).toBe(true);
    for (const address of ["", "192.0.2.7", "127.0.0.1.x", "10.127.0.0", "::ffff:10.0.0.1", "fe80::1", "::"]) {
      expect(isLoopbackAddress(address)).toBe(false);
    }
  });

  it("is missed when only the first of two addresses is dead", async () => {
    const server = await bareServer({ onRequest: (socket) => socket.write(ok("{}")) });
    const client = createHttp({
      userAgent: "x",
      lookup: (_host, _options, done) =>
        done(null, [
          { address: "::1", family: 6 },
          { address: "127.0.0.1", family: 4 },
        ]),
    });
    expect(await refused(`http://localhost:${server.port}/`, client)).toBe("connected");
  });
});
