import { getEventListeners } from "node:events";
import { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type Connection, type HttpAnswer, type HttpRequest } from "../../ports/http.ts";
import { setbackWords } from "../../shared/words/setback.ts";
import { bareServer, closedPort, selfSigned } from "../testing/servers.ts";
import { createHttp } from "./http.ts";

const http = createHttp({ userAgent: "pilot-light/1.2.3" });
const SECRET = "sk-ant-ort01-planted";

async function connect(url: string, client = http): Promise<Connection> {
  const result = await client.connect(url, { timeoutMs: 10_000 });
  if (result.kind === "notSent") throw new Error(result.problem.kind);
  onTestFinished(() => result.close());
  return result;
}

function post(url: string, change: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: "POST",
    url: `${url}/v1/oauth/token`,
    headers: { "content-type": "application/json", authorization: `Bearer ${SECRET}` },
    body: JSON.stringify({ refresh_token: SECRET, text: "größe" }),
    timeoutMs: 10_000,
    maxBytes: 1024 * 1024,
    ...change,
  };
}

/** One whole exchange with a server that answers with these bytes. */
async function answerOf(bytes: string | Uint8Array, change: Partial<HttpRequest> = {}, close = false) {
  const server = await bareServer({ onRequest: (socket) => (close ? socket.end(bytes) : socket.write(bytes)) });
  const answer = await (await connect(server.url)).send(post(server.url, change));
  expect(server.requests).toHaveLength(1);
  expect(server.connections).toHaveLength(1);
  return answer;
}

const ok = (body: string, headers = "") =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;

function expectUnknown(answer: HttpAnswer, words: RegExp): void {
  expect(answer.kind === "unknown" ? setbackWords(answer.problem) : answer).toMatch(words);
  expect(JSON.stringify(answer)).not.toContain("planted");
}

describe("a request", () => {
  it("goes out once, as given, under our own name", async () => {
    const server = await bareServer({ onRequest: (socket) => socket.write(ok("{}")) });
    const answer = await (await connect(server.url)).send(post(server.url));
    expect(answer).toEqual({ kind: "answered", status: 200, headers: { "content-length": "2" }, body: "{}" });
    expect(server.requests).toHaveLength(1);
    const [head = "", body = ""] = (server.requests[0] ?? "").split("\r\n\r\n");
    const lines = head.toLowerCase().split("\r\n").sort();
    expect(lines).toEqual([
      "accept-encoding: identity",
      "accept: application/json",
      `authorization: bearer ${SECRET}`,
      "connection: close",
      `content-length: ${Buffer.byteLength(post(server.url).body ?? "")}`,
      "content-type: application/json",
      `host: 127.0.0.1:${server.port}`,
      "post /v1/oauth/token http/1.1",
      "user-agent: pilot-light/1.2.3",
    ]);
    expect(Buffer.from(body, "latin1").toString("utf8")).toBe(post(server.url).body);
  });

  it("may name its own accept and agent headers, and have no body", async () => {
    const server = await bareServer({ onRequest: (socket) => socket.write(ok("{}")) });
    const { body, ...rest } = post(server.url, {
      method: "GET",
      headers: { Accept: "text/x", "Accept-Encoding": "gzip", "X-A": "b" },
    });
    expect(body).toBeDefined();
    await (await connect(server.url)).send(rest);
    expect(server.requests[0]).toMatch(/^GET \/v1\/oauth\/token HTTP\/1\.1\r\n/);
    expect(server.requests[0]?.toLowerCase()).toContain("accept: text/x\r\n");
    expect(server.requests[0]?.toLowerCase()).toContain("x-a: b\r\n");
    expect(server.requests[0]?.toLowerCase()).not.toMatch(/gzip|content-length|content-type/);
  });

  it("leaves no byte before it is sent, and all of them in the turn in which it is", async () => {
    const server = await bareServer({ onRequest: (socket) => socket.write(ok("{}")) });
    const writes = vi.spyOn(Socket.prototype, "write");
    onTestFinished(() => {
      writes.mockRestore();
    });
    const connection = await connect(server.url);
    // A whole exchange over another connection: time enough for any stray byte.
    await (await connect(server.url)).send(post(server.url, { body: "other" }));
    expect(server.connections).toHaveLength(2);
    expect(server.requests).toHaveLength(1);
    expect(server.received()).toBe(server.requests[0]);
    writes.mockClear();
    const answer = connection.send(post(server.url));
    await new Promise((resolve) => setImmediate(resolve));
    expect(writes.mock.calls.map(([data]) => String(data)).join("")).toContain("POST /v1/oauth/token");
    expect((await answer).kind).toBe("answered");
    expect(server.requests).toHaveLength(2);
  });

  it("uses no proxy that the environment names", async () => {
    const port = await closedPort();
    for (const name of ["HTTP_PROXY", "http_proxy", "ALL_PROXY"]) vi.stubEnv(name, `http://127.0.0.1:${port}`);
    vi.stubEnv("NO_PROXY", "");
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    expect((await answerOf(ok("{}"))).kind).toBe("answered");
  });

  it("goes over TLS to a server that is vouched for", async () => {
    const tls = selfSigned();
    const server = await bareServer({ tls, onRequest: (socket) => socket.write(ok('{"a":1}')) });
    const client = createHttp({ userAgent: "pilot-light/1.2.3", ca: tls.cert });
    const answer = await (await connect(server.url, client)).send(post(server.url));
    expect(answer).toMatchObject({ kind: "answered", status: 200, body: '{"a":1}' });
    const byAddress = `https://127.0.0.1:${server.port}`;
    expect((await (await connect(byAddress, client)).send(post(byAddress))).kind).toBe("answered");
  });
});

describe("an answer", () => {
  it("is taken as it is, whatever its status", async () => {
    for (const status of [200, 201, 400, 401, 403, 404, 408, 429, 500, 503, 529]) {
      const answer = await answerOf(`HTTP/1.1 ${status} X\r\ncontent-length: 4\r\nRetry-After: 7\r\n\r\nbody`);
      expect(answer).toMatchObject({ kind: "answered", status, body: "body", headers: { "retry-after": "7" } });
    }
  });

  it("is never followed elsewhere", async () => {
    const other = await bareServer({ onRequest: (socket) => socket.write(ok("{}")) });
    for (const status of [301, 302, 303, 307, 308]) {
      const answer = await answerOf(`HTTP/1.1 ${status} X\r\nlocation: ${other.url}/x\r\ncontent-length: 0\r\n\r\n`);
      expect(answer).toMatchObject({ kind: "answered", status });
    }
    expect(other.connections).toHaveLength(0);
  });

  it("may be a page, be empty, come in chunks or after interim answers", async () => {
    expect(await answerOf(ok("<html>blocked</html>", "content-type: text/html\r\n"))).toMatchObject({
      body: "<html>blocked</html>",
    });
    expect(await answerOf("HTTP/1.1 204 No Content\r\n\r\n")).toMatchObject({
      kind: "answered",
      status: 204,
      body: "",
    });
    expect(await answerOf("HTTP/1.1 304 X\r\ncontent-length: 9\r\n\r\n")).toMatchObject({
      kind: "answered",
      status: 304,
    });
    const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n';
    expect(await answerOf(chunked)).toMatchObject({ kind: "answered", body: '{"a":1}' });
    const interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n";
    expect(await answerOf(interim + ok("{}"))).toMatchObject({ kind: "answered", status: 200, body: "{}" });
    expect(await answerOf('HTTP/1.0 200 OK\r\n\r\n{"a":1}', {}, true)).toMatchObject({
      kind: "answered",
      body: '{"a":1}',
    });
  });

  it("is read as UTF-8, also when cut between two bytes of a letter, and its repeated headers are joined", async () => {
    const bytes = Buffer.from(ok('{"n":"größe"}', "set-cookie: a=1\r\nset-cookie: b=2\r\nX-A: 1\r\nx-a: 2\r\n"));
    const cut = bytes.indexOf(Buffer.from("ö")) + 1;
    const server = await bareServer({
      onRequest: (socket) => {
        socket.setNoDelay(true);
        socket.write(bytes.subarray(0, cut), () => setImmediate(() => socket.write(bytes.subarray(cut))));
      },
    });
    const answer = await (await connect(server.url)).send(post(server.url));
    expect(answer).toMatchObject({
      kind: "answered",
      body: '{"n":"größe"}',
      headers: { "set-cookie": "a=1, b=2", "x-a": "1, 2" },
    });
  });

  it("is unpacked when the server packs it unasked, and unknown when that cannot be", async () => {
    const packed = (data: Uint8Array, how: string) =>
      Buffer.concat([
        Buffer.from(`HTTP/1.1 200 OK\r\ncontent-encoding: ${how}\r\ncontent-length: ${data.length}\r\n\r\n`),
        data,
      ]);
    const data = gzipSync('{"a":1}');
    expect(await answerOf(packed(data, "gzip"))).toMatchObject({ kind: "answered", body: '{"a":1}' });
    expectUnknown(await answerOf(packed(data, "zstd, gzip")), /compressed in a way/);
    expectUnknown(await answerOf(packed(data, "constructor")), /compressed in a way/);
    expectUnknown(await answerOf(packed(data.subarray(0, 12), "gzip")), /could not be decompressed/);
    expectUnknown(
      await answerOf(packed(gzipSync("a".repeat(5_000)), "gzip"), { maxBytes: 4_000 }),
      /could not be decompressed/,
    );
  });

  it("may have exactly as many bytes as allowed, and not one more", async () => {
    expect((await answerOf(ok("12345"), { maxBytes: 5 })).kind).toBe("answered");
    expectUnknown(await answerOf(ok("123456"), { maxBytes: 5 }), /bigger than 5 bytes/);
  });
});

describe("thirty requests with one signal", () => {
  const count = 30;
  const listening = ({ signal }: AbortController) => getEventListeners(signal, "abort").length;

  it("listen to it once, and leave nothing on it", async () => {
    const stop = new AbortController();
    const server = await bareServer({ onRequest: (socket) => socket.write(ok("{}")) });
    const connecting = Array.from({ length: count }, () =>
      http.connect(server.url, { timeoutMs: 10_000, signal: stop.signal }),
    );
    expect(listening(stop)).toBe(1);
    const connections = (await Promise.all(connecting)).flatMap((each) => (each.kind === "connected" ? [each] : []));
    expect(listening(stop)).toBe(0);
    const sending = connections.map((each) => each.send(post(server.url, { signal: stop.signal })));
    expect(listening(stop)).toBe(1);
    const answers = await Promise.all(sending);
    expect(answers.filter(({ kind }) => kind === "answered")).toHaveLength(count);
    expect(listening(stop)).toBe(0);
    await http.connect(`http://127.0.0.1:${await closedPort()}`, { timeoutMs: 10_000, signal: stop.signal });
    expect(listening(stop)).toBe(0);
  });

  it("are all stopped by it", async () => {
    const stop = new AbortController();
    const server = await bareServer({});
    const connections = await Promise.all(Array.from({ length: count }, () => connect(server.url)));
    const sending = connections.map((each) => each.send(post(server.url, { signal: stop.signal })));
    stop.abort();
    for (const answer of await Promise.all(sending)) expectUnknown(answer, /it was stopped/);
    expect(listening(stop)).toBe(0);
  });
});
