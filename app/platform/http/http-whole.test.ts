import type { Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { readRefresh } from "../../providers/oauth.ts";
import { bareServer } from "../testing/servers.ts";
import { createHttp } from "./http.ts";

const http = createHttp({ userAgent: "pilot-light/1.2.3" });
const BODY = JSON.stringify({ access_token: "planted-a", nested: { more: "}" }, refresh_token: "planted-r" });
const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n${BODY.length.toString(16)}\r\n${BODY}\r\n`;

/** What one exchange gives with a server that does this when it is asked. */
async function answerTo(act: (socket: Socket) => void, onLook: () => void = () => undefined): Promise<string> {
  const server = await bareServer({ onRequest: act });
  const connection = await http.connect(server.url, { timeoutMs: 10_000 });
  if (connection.kind === "notSent") throw new Error(connection.problem.kind);
  onTestFinished(() => connection.close());
  const answer = await connection.send({
    method: "POST",
    url: server.url,
    headers: {},
    body: "{}",
    timeoutMs: 600,
    maxBytes: 1_000_000,
    isWhole: (status, body) => {
      onLook();
      return readRefresh({ kind: "answered", status, headers: {}, body }, "sent", 0).kind === "success";
    },
  });
  return answer.kind === "answered" ? answer.body : answer.kind;
}

describe("a whole pair in an unfinished frame is an answer", () => {
  it("when the last chunk is missing, and the connection ends, breaks or stays", async () => {
    expect(await answerTo((socket) => socket.end(CHUNKED))).toBe(BODY);
    expect(await answerTo((socket) => socket.write(CHUNKED, () => socket.resetAndDestroy()))).toBe(BODY);
    expect(await answerTo((socket) => socket.write(CHUNKED))).toBe(BODY);
    expect(await answerTo((socket) => socket.write(`${CHUNKED}zz\r\n`))).toBe(BODY);
  });

  it("when the length that was announced is too large", async () => {
    const text = `${HEAD}content-length: ${BODY.length + 50}\r\n\r\n${BODY}`;
    expect(await answerTo((socket) => socket.end(text))).toBe(BODY);
    expect(await answerTo((socket) => socket.write(text, () => socket.resetAndDestroy()))).toBe(BODY);
    expect(await answerTo((socket) => socket.write(text))).toBe(BODY);
  });

  it("when white space follows it, however much", async () => {
    const text = `${HEAD}content-length: ${BODY.length + 50}\r\n\r\n${BODY}${"\r\n\t ".repeat(10)}`;
    const spaced = await answerTo((socket) => socket.write(text, () => socket.resetAndDestroy()));
    expect(spaced.trimEnd()).toBe(BODY);
  });

  it("when a reset follows right behind it", async () => {
    for (const text of [`${HEAD}\r\n${BODY}`, `${HEAD}content-length: ${BODY.length}\r\n\r\n${BODY}`]) {
      expect(await answerTo((socket) => socket.write(text, () => socket.resetAndDestroy()))).toBe(BODY);
    }
  });

  it("as soon as its last byte is there, and not before", { timeout: 60_000 }, async () => {
    const text = `${HEAD}transfer-encoding: chunked\r\n\r\n${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
    const whole = text.indexOf(BODY) + BODY.length;
    for (let at = 0; at <= text.length; at += 1) {
      expect([at, await answerTo((socket) => socket.end(text.slice(0, at)))]).toEqual([
        at,
        at >= whole ? BODY : "unknown",
      ]);
    }
  });
});

describe("a body in chunks of a byte each", () => {
  const inDrops = (body: string) =>
    `${HEAD}transfer-encoding: chunked\r\n\r\n${Array.from(body)
      .map((each) => `1\r\n${each}\r\n`)
      .join("")}`;

  it.each([
    ["has braces in its texts only", `{"access_token":"${"}".repeat(5_000)}","b":"\\"}{\\\\"}`, 1],
    ["has many objects inside", `{"access_token":"a","list":[${Array(1_000).fill("{}").join(",")}]}`, 1],
    ["never ends", `{"access_token":"${"}".repeat(5_000)}`, 0],
    ["is many objects in a row", "{}".repeat(5_000), 1],
  ])("is read as a whole once at most, when it %s", async (_, body, looks) => {
    let looked = 0;
    await answerTo(
      (socket) => socket.end(inDrops(body)),
      () => {
        looked += 1;
      },
    );
    expect(looked).toBe(looks);
  });
});

describe("no answer", () => {
  it("is a part of a pair, another object, or a pair of another status", async () => {
    const framed = (body: string, head = HEAD) => `${head}content-length: ${body.length + 9}\r\n\r\n${body}`;
    for (const body of ['{"access_token":"planted"', '{"error":"invalid_grant"}', "{}", `${BODY}}`])
      expect(await answerTo((socket) => socket.end(framed(body)))).toBe("unknown");
    expect(await answerTo((socket) => socket.end(framed(BODY, "HTTP/1.1 500 Oh\r\n")))).toBe("unknown");
  });
});
