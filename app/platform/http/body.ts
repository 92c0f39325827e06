import type { IncomingMessage } from "node:http";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { type ById, lookUp } from "../../shared/data/by-id.ts";
import type { TransportProblem } from "../../shared/login/setback.ts";

export type BodyResult =
  | { readonly kind: "whole"; readonly text: string }
  | { readonly kind: "broken"; readonly error: unknown }
  | { readonly kind: "unusable"; readonly problem: TransportProblem };

export interface BodyOptions {
  readonly maxBytes: number;
  /** The error of the connection, if it had one: Node takes also a reset for the end of a body without a length. */
  readonly failure: () => unknown;
  /** Is this text, which ends like a JSON object, all that is waited for? What the frame says of more is then no matter. */
  readonly isWhole: (text: string) => boolean;
}

/**
 * Reads a body to its end, at most `maxBytes` of it, as sent and as unpacked. "broken" when the connection ended before the
 * length that was announced or the last chunk. A body without either ends, as HTTP says, with the orderly end of the
 * connection; whether it is whole then shows in its content. It never rejects.
 */
export async function readBody(message: IncomingMessage, options: BodyOptions): Promise<BodyResult> {
  const { maxBytes, failure } = options;
  const raw = await collect(message, options);
  if (!(raw instanceof Uint8Array)) return raw;
  const { "content-length": length, "transfer-encoding": transfer, "content-encoding": packing } = message.headers;
  const error = failure();
  if (length === undefined && transfer === undefined && error !== null) return { kind: "broken", error };
  const encoding = (packing ?? "").trim().toLowerCase();
  if (encoding === "" || encoding === "identity" || raw.length === 0) return whole(raw);
  const unpack = lookUp(UNPACKERS, encoding);
  if (unpack === undefined) return { kind: "unusable", problem: { kind: "answerPacked" } };
  return new Promise((resolve) => {
    unpack(raw, { maxOutputLength: maxBytes }, (failed, data) => {
      resolve(failed === null ? whole(data) : { kind: "unusable", problem: { kind: "answerNotUnpacked", maxBytes } });
    });
  });
}

type Unpacker = (
  data: Uint8Array,
  options: { readonly maxOutputLength: number },
  done: (error: Error | null, result: Uint8Array) => void,
) => void;

/** We ask for none of these, but some servers and proxies do not listen. */
const UNPACKERS: ById<Unpacker> = {
  gzip: gunzip,
  "x-gzip": gunzip,
  deflate: inflate,
  br: brotliDecompress,
};

const [OPENING_BRACE, CLOSING_BRACE, QUOTE, BACKSLASH] = [0x7b, 0x7d, 0x22, 0x5c];
/** https://www.rfc-editor.org/rfc/rfc8259#section-2 */
const JSON_SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * @returns what is given each chunk of a body, and tells whether the first object in it is over with this one and only white
 * space follows. It looks at each byte once: a body that comes in drops must not be read anew at each of them.
 */
function objectEnds(): (chunk: Uint8Array) => boolean {
  let depth = 0;
  let inText = false;
  let isEscaped = false;
  let isOver = false;
  return (chunk) => {
    const wasOver = isOver;
    for (const byte of chunk) {
      if (isOver) {
        if (!JSON_SPACE.has(byte)) return false;
      } else if (isEscaped) isEscaped = false;
      else if (byte === QUOTE) inText = !inText;
      else if (inText) isEscaped = byte === BACKSLASH;
      else if (byte === OPENING_BRACE) depth += 1;
      else if (byte === CLOSING_BRACE) {
        depth -= 1;
        isOver = depth <= 0;
      }
    }
    return isOver && !wasOver;
  };
}

function whole(data: Uint8Array): Extract<BodyResult, { kind: "whole" }> {
  return { kind: "whole", text: new TextDecoder("utf-8").decode(data) };
}

function collect(message: IncomingMessage, { maxBytes, isWhole }: BodyOptions): Promise<Uint8Array | BodyResult> {
  const isPacked = !["", "identity"].includes((message.headers["content-encoding"] ?? "").trim().toLowerCase());
  return new Promise((resolve) => {
    // One buffer that grows: a body in chunks of a byte each would cost hundreds of bytes for every one of them.
    let body = Buffer.alloc(0);
    let total = 0;
    const soFar = () => body.subarray(0, total);
    const isOver = objectEnds();
    const broken = (error: unknown) => resolve({ kind: "broken", error });
    message.on("data", (chunk: Uint8Array) => {
      if (total + chunk.length > maxBytes) {
        resolve({ kind: "unusable", problem: { kind: "answerTooBig", maxBytes } });
        message.destroy();
        return;
      }
      if (total + chunk.length > body.length) {
        body = Buffer.concat([soFar()], Math.max(2 * body.length, total + chunk.length));
      }
      body.set(chunk, total);
      total += chunk.length;
      if (isPacked || !isOver(chunk)) return;
      const { text } = whole(soFar());
      if (isWhole(text)) resolve({ kind: "whole", text });
    });
    message.on("end", () => (message.complete ? resolve(soFar()) : broken(null)));
    message.on("error", broken);
    message.on("close", () => broken(null));
  });
}
