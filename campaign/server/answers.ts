/** Answers of a token endpoint, as bytes. */
import { gzipSync } from "node:zlib";

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

export type Framing = "length" | "chunked" | "close" | "tooLong";
export const FRAMINGS: readonly Framing[] = ["length", "chunked", "close", "tooLong"];

/** An answer, and how many of its bytes make its content whole. */
export interface Framed {
  readonly bytes: Buffer;
  readonly wholeAt: number;
}

export function pairBody({ access, refresh }: Tokens, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ access_token: access, refresh_token: refresh, expires_in: 28_800, ...more });
}

/** @param cuts where its content is cut into chunks. */
export function framed(framing: Framing, body: string | Buffer, cuts: readonly number[] = []): Framed {
  const content = Buffer.from(body);
  const head = (extra: string): Buffer =>
    Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${extra}\r\n`);
  if (framing !== "chunked") {
    const length = content.length + (framing === "tooLong" ? 17 : 0);
    const start = head(framing === "close" ? "Connection: close\r\n" : `Content-Length: ${length}\r\n`);
    const bytes = Buffer.concat([start, content]);
    return { bytes, wholeAt: bytes.length };
  }
  const parts: Buffer[] = [head("Transfer-Encoding: chunked\r\n")];
  const borders = [0, ...cuts.filter((cut) => cut > 0 && cut < content.length), content.length];
  for (const [index, border] of borders.slice(1).entries()) {
    const piece = content.subarray(borders[index], border);
    parts.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n"));
  }
  const body_ = Buffer.concat(parts);
  return { bytes: Buffer.concat([body_, Buffer.from("0\r\n\r\n")]), wholeAt: body_.length - 2 };
}

/** A whole answer with any status and headers. */
export function answer(status: number, headers: Readonly<Record<string, string>>, body: string | Buffer): Buffer {
  const content = Buffer.from(body);
  const lines = Object.entries({ ...headers, "Content-Length": String(content.length) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Scripted\r\n${head}\r\n`), content]);
}

/** What a body says to someone who reads it by the table: its top level counts, and nothing else. */
export type Says = "pair" | "grant" | "client" | "nothing";

export interface Body {
  readonly name: string;
  readonly says: Says;
  readonly headers: Readonly<Record<string, string>>;
  bytes(tokens: Tokens): Buffer;
}

const JSON_TYPE = { "Content-Type": "application/json" };
const HTML = { "Content-Type": "text/html; charset=utf-8" };
const body = (
  name: string,
  says: Says,
  make: (tokens: Tokens) => string | Buffer,
  headers: Readonly<Record<string, string>> = JSON_TYPE,
): Body => ({ name, says, headers, bytes: (tokens) => Buffer.from(make(tokens)) });
const always = (name: string, says: Says, text: string | Buffer, headers = JSON_TYPE): Body =>
  body(name, says, () => text, headers);

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

export const BODIES: readonly Body[] = [
  body("a pair", "pair", (tokens) => pairBody(tokens)),
  body("a pair as HTML", "pair", (tokens) => pairBody(tokens), HTML),
  body("a pair of no type", "pair", (tokens) => pairBody(tokens), {}),
  body("a pair as an image", "pair", (tokens) => pairBody(tokens), { "Content-Type": "image/png" }),
  body("a pair of a broken type", "pair", (tokens) => pairBody(tokens), { "Content-Type": ";;charset=utf-16," }),
  body("a pair behind a BOM", "pair", (tokens) => Buffer.concat([BOM, Buffer.from(pairBody(tokens))])),
  body("a pair in much space", "pair", (tokens) => `\r\n\t${" ".repeat(5_000)}${pairBody(tokens)}\n\n`),
  body("a pair of 900 KiB", "pair", (tokens) => pairBody(tokens, { padding: "p".repeat(900 * 1024) })),
  body("a pair that is packed", "pair", (tokens) => gzipSync(pairBody(tokens)), {
    ...JSON_TYPE,
    "Content-Encoding": "gzip",
  }),
  body("a pair beside bytes that are no UTF-8", "pair", (tokens) => {
    const text = Buffer.from(pairBody(tokens, { scope: "XX" }));
    text.writeUInt16BE(0xfffe, text.lastIndexOf("XX"));
    return text;
  }),
  body("a pair with odd members", "pair", (tokens) =>
    pairBody(tokens, {
      expires_in: "soon",
      account: null,
      toString: 1,
      constructor: null,
      refresh_token_expires_in: -1,
    }),
  ),
  body("a pair and an error", "pair", (tokens) => pairBody(tokens, { error: "invalid_grant" })),
  body("a pair in an array", "nothing", (tokens) => `[${pairBody(tokens)}]`),
  body("a pair one level down", "nothing", (tokens) => `{"data":${pairBody(tokens)}}`),
  body("a pair in __proto__", "nothing", (tokens) => `{"__proto__":${pairBody(tokens)}}`),
  body("a number for a token", "nothing", ({ refresh }) => `{"access_token":7,"refresh_token":"${refresh}"}`),
  body("an empty token", "nothing", ({ refresh }) => `{"access_token":"","refresh_token":"${refresh}"}`),
  always("invalid_grant", "grant", '{"error":"invalid_grant","error_description":"gone"}'),
  always("invalid_grant as HTML", "grant", '{"error":"invalid_grant"}', HTML),
  always("invalid_client", "client", '{"error":"invalid_client"}'),
  always("another error", "nothing", '{"error":"invalid_request"}'),
  always("invalid_grant further inside", "nothing", '{"type":"error","error":{"type":"invalid_grant"}}'),
  always("invalid_grant in an array", "nothing", '[{"error":"invalid_grant"}]'),
  always("invalid_grant in __proto__", "nothing", '{"__proto__":{"error":"invalid_grant"}}'),
  always("invalid_grant cut off", "nothing", '{"error":"invalid_grant"'),
  always("invalid_grant as a word", "nothing", '"invalid_grant"'),
  always("a page that says invalid_grant", "nothing", '<!doctype html><p>{"error":"invalid_grant"}</p>', HTML),
  always("nothing", "nothing", ""),
  always("null", "nothing", "null"),
  always("a number", "nothing", "42"),
  always("brackets without end", "nothing", "[".repeat(200_000)),
  always("noise", "nothing", Buffer.from(Array.from({ length: 999 }, (_, at) => (at * 151) % 256))),
];
