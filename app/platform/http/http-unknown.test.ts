import { once } from "node:events";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Connection, type HttpRequest } from "../../ports/http.ts";
import { setbackWords } from "../../shared/words/setback.ts";
import { bareServer } from "../testing/servers.ts";
import { bundleChild, startChild, temporaryFolder } from "../testing/support.ts";
import { createHttp } from "./http.ts";

const http = createHttp({ userAgent: "pilot-light/1.2.3" });
const HEAD = "HTTP/1.1 200 OK\r\n";

async function connect(url: string): Promise<Connection> {
  const result = await http.connect(url, { timeoutMs: 10_000 });
  if (result.kind === "notSent") throw new Error(setbackWords(result.problem));
  onTestFinished(() => result.close());
  return result;
}

function request(url: string, change: Partial<HttpRequest> = {}): HttpRequest {
  const headers = { "content-type": "application/json", authorization: "Bearer planted" };
  return {
    method: "POST",
    url: `${url}/token`,
    headers,
    body: '{"refresh_token":"planted"}',
    timeoutMs: 10_000,
    maxBytes: 1_000_000,
    ...change,
  };
}

/** Some turns of the event loop later, in which the other end, which lives in it too, has read what came. */
function inTurns(count: number, action: () => void): void {
  setImmediate(() => (count === 0 ? action() : inTurns(count - 1, action)));
}

/** The reason of one exchange with a server that behaves like this; the server saw exactly one request, on one connection. */
async function reasonOf(onRequest: (socket: Socket) => void, change: Partial<HttpRequest> = {}): Promise<string> {
  const server = await bareServer({ onRequest });
  const answer = await (await connect(server.url)).send(request(server.url, change));
  expect(server.requests).toHaveLength(1);
  expect(server.connections).toHaveLength(1);
  if (answer.kind === "answered") return `answered ${answer.status}`;
  expect(JSON.stringify(answer)).not.toContain("planted");
  return setbackWords(answer.problem);
}

describe("the outcome is unknown", () => {
  const late = "no complete answer came in time";
  const broken = "the connection broke before the answer was complete";

  it("when the server says nothing, or stops in the middle", async () => {
    expect(await reasonOf(() => undefined, { timeoutMs: 400 })).toBe(late);
    expect(await reasonOf((socket) => socket.write("HTTP/1.1 200 O"), { timeoutMs: 400 })).toBe(late);
    expect(await reasonOf((socket) => socket.write(`${HEAD}content-length: 9\r\n\r\n{"a":1`), { timeoutMs: 400 })).toBe(
      late,
    );
    const chunk = `${HEAD}transfer-encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n`;
    expect(await reasonOf((socket) => socket.write(chunk), { timeoutMs: 400 })).toBe(late);
  });

  it("when the answer drips: the deadline is one for all of it", async () => {
    const start = performance.now();
    const drip = (socket: Socket) => {
      socket.write(`${HEAD}content-length: 1000\r\n\r\n`);
      const timer = setInterval(() => socket.write("x"), 10);
      socket.once("close", () => clearInterval(timer));
    };
    expect(await reasonOf(drip, { timeoutMs: 300 })).toBe(late);
    expect(performance.now() - start).toBeLessThan(5_000);
    const interim = (socket: Socket) => {
      const timer = setInterval(() => socket.write("HTTP/1.1 102 Processing\r\n\r\n"), 10);
      socket.once("close", () => clearInterval(timer));
    };
    expect(await reasonOf(interim, { timeoutMs: 300 })).toBe(late);
  });

  it("when the connection ends before the answer is whole", async () => {
    expect(await reasonOf((socket) => socket.end())).toBe(broken);
    expect(await reasonOf((socket) => socket.resetAndDestroy())).toBe(broken);
    expect(await reasonOf((socket) => socket.end("HTTP/1.1 200 O"))).toBe(broken);
    expect(await reasonOf((socket) => socket.end(`${HEAD}content-length: 9\r\n\r\n{"a":1}`))).toBe(broken);
    expect(await reasonOf((socket) => socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n`))).toBe(
      broken,
    );
  });

  it("when a body without a length ends in a reset", async () => {
    // Closing while words of the other side lie unread resets the connection. (A reset that comes in one with the last
    // bytes, the system's library shows as an orderly end: then only the content tells.)
    const server = await bareServer({
      onConnection: (socket) => {
        socket.once("data", () => {
          socket.pause();
          socket.write(`${HEAD}\r\n{"a":1}`, () => inTurns(5, () => socket.destroy()));
        });
      },
    });
    const answer = await (await connect(server.url)).send(request(server.url, { body: "x".repeat(8_000_000) }));
    expect(answer).toEqual({ kind: "unknown", problem: { kind: "brokenOff" } });
  });

  it("when what comes is no proper HTTP", async () => {
    const improper = /^the answer was not proper HTTP \(HPE_\w+\)$/;
    expect(await reasonOf((socket) => socket.write("planted planted planted\r\n\r\n"))).toMatch(improper);
    expect(
      await reasonOf((socket) => socket.write(`${HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\n{} `)),
    ).toMatch(improper);
    const both = `${HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`;
    expect(await reasonOf((socket) => socket.write(both))).toMatch(improper);
    const chunk = `${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n`;
    expect(await reasonOf((socket) => socket.write(chunk))).toMatch(/not proper HTTP|broke/);
    expect(
      await reasonOf((socket) => socket.write("HTTP/1.1 101 X\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n")),
    ).toBe(broken);
    const flood = (socket: Socket) => {
      let n = 0;
      const more = () => {
        while (!socket.destroyed && socket.write(`x-${(n += 1)}: ${"y".repeat(1_000)}\r\n`));
        if (!socket.destroyed) socket.once("drain", more);
      };
      socket.write(HEAD);
      more();
    };
    expect(await reasonOf(flood)).toBe("the headers of the answer were too big");
  });

  it("when it is stopped, or closed from our side", async () => {
    const stop = new AbortController();
    expect(await reasonOf(() => stop.abort(), { signal: stop.signal })).toBe("it was stopped before the answer came");
    const server = await bareServer({ onRequest: () => connection.close() });
    const connection = await connect(server.url);
    expect((await connection.send(request(server.url))).kind).toBe("unknown");
  });
});

describe("nothing is sent", () => {
  it.each([
    ["a second time over the same connection", {}, "connectionUsed", true],
    ["to another server", { url: "http://127.0.0.1:1/x" }, "otherServer", false],
    [
      "with a header that would have to be mended",
      { headers: { authorization: "Bearer plan\r\nted" } },
      "headerUnsendable",
      false,
    ],
  ])("%s", async (_, change, kind, again) => {
    const server = await bareServer({ onRequest: (socket) => socket.write(`${HEAD}content-length: 0\r\n\r\n`) });
    const connection = await connect(server.url);
    if (again) expect((await connection.send(request(server.url))).kind).toBe("answered");
    expect(await connection.send(request(server.url, change))).toEqual({ kind: "notSent", problem: { kind } });
    expect(server.requests).toHaveLength(again ? 1 : 0);
  });

  it("after a stop, or after our own close", async () => {
    const server = await bareServer({});
    const stop = new AbortController();
    stop.abort();
    const stopped = await (await connect(server.url)).send(request(server.url, { signal: stop.signal }));
    expect(stopped).toEqual({ kind: "notSent", problem: { kind: "stopped" } });
    const closed = await connect(server.url);
    closed.close();
    expect(await closed.send(request(server.url))).toEqual({ kind: "notSent", problem: { kind: "closedMeanwhile" } });
    expect(server.received()).toBe("");
  });

  it("to a server that hung up, reset, or spoke unasked in the meantime, and no such thing ends the process", async () => {
    const server = await bareServer({});
    const spoken = await connect(server.url);
    const ended = await connect(server.url);
    const reset = await connect(server.url);
    await server.connected(3);
    server.connections[0]?.write("HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n");
    server.connections[1]?.end();
    server.connections[2]?.resetAndDestroy();
    // The end of our side tells that the other side's words have come.
    if (server.connections[1] !== undefined) await once(server.connections[1], "close");
    const [first, second, third] = await Promise.all(
      [spoken, ended, reset].map((one) => one.send(request(server.url))),
    );
    expect(first).toEqual({ kind: "notSent", problem: { kind: "spokeUnasked" } });
    expect(second).toEqual({ kind: "notSent", problem: { kind: "closedMeanwhile" } });
    expect(third).toEqual({ kind: "notSent", problem: { kind: "closedMeanwhile" } });
    expect(server.received()).toBe("");
  });
});

describe("the memory that a hostile answer takes", () => {
  /** Written as fast as it is taken. */
  const pour = (socket: Socket, head: string, bytes: number) => {
    const block = Buffer.alloc(256 * 1024, "x");
    let left = bytes;
    const more = () => {
      while (left > 0 && !socket.destroyed) {
        left -= block.length;
        if (!socket.write(block)) return void socket.once("drain", more);
      }
    };
    socket.write(head);
    more();
  };

  it("stays below 50 MiB for 200 MB of body and for a packed bomb", { timeout: 120_000 }, async () => {
    const folder = temporaryFolder();
    const script = await bundleChild(new URL("../testing/http-child.ts", import.meta.url), folder);
    const bomb = gzipSync(Buffer.alloc(400_000_000), { level: 9 });
    const small = await bareServer({ onRequest: (socket) => socket.write(`${HEAD}content-length: 2\r\n\r\n{}`) });
    const big = await bareServer({
      onRequest: (socket) => pour(socket, `${HEAD}content-length: 200000000\r\n\r\n`, 200_000_000),
    });
    const endless = await bareServer({ onRequest: (socket) => pour(socket, `${HEAD}\r\n`, 200_000_000) });
    const packed = await bareServer({
      onRequest: (socket) => {
        socket.write(`${HEAD}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
        socket.write(bomb);
      },
    });
    expect(bomb.length).toBeLessThan(1024 * 1024);
    for (const [server, kind] of [
      [big, "answerTooBig"],
      [endless, "answerTooBig"],
      [packed, "answerNotUnpacked"],
    ] as const) {
      const child = startChild(script, [small.url, server.url]);
      const result = JSON.parse((await child.line()) ?? "") as { answer: string; grown: number };
      expect(result.answer).toBe(kind);
      expect(result.grown).toBeLessThan(50);
    }
  });
});
