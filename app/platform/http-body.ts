import type { IncomingMessage } from "node:http";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { type ById, lookUp } from "../shared/by-id.ts";

export type BodyResult =
  | { readonly kind: "whole"; readonly text: string }
  | { readonly kind: "broken"; readonly error: unknown }
  | { readonly kind: "unusable"; readonly reason: string };

/**
 * Reads a body to its end, at most `maxBytes` of it, as sent and as unpacked. "broken" when the connection ended before the
 * length that was announced or the last chunk. A body without either ends, as HTTP says, with the orderly end of the
 * connection; whether it is whole then shows in its content. It never rejects.
 * @param failure the error of the connection, if it had one: Node takes also a reset for the end of such a body
 */
export async function readBody(
  message: IncomingMessage,
  maxBytes: number,
  failure: () => unknown,
): Promise<BodyResult> {
  const raw = await collect(message, maxBytes);
  if (!(raw instanceof Uint8Array)) return raw;
  const { "content-length": length, "transfer-encoding": transfer, "content-encoding": packing } = message.headers;
  const error = failure();
  if (length === undefined && transfer === undefined && error !== null) return { kind: "broken", error };
  const encoding = (packing ?? "").trim().toLowerCase();
  if (encoding === "" || encoding === "identity" || raw.length === 0) return whole(raw);
  const unpack = lookUp(UNPACKERS, encoding);
  if (unpack === undefined) return { kind: "unusable", reason: "the answer was packed in a way we did not ask for" };
  return new Promise((resolve) => {
    unpack(raw, { maxOutputLength: maxBytes }, (problem, data) => {
      const reason = `the answer could not be unpacked within ${maxBytes} bytes`;
      resolve(problem === null ? whole(data) : { kind: "unusable", reason });
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

function whole(data: Uint8Array): BodyResult {
  return { kind: "whole", text: new TextDecoder("utf-8").decode(data) };
}

function collect(message: IncomingMessage, maxBytes: number): Promise<Uint8Array | BodyResult> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let total = 0;
    const broken = (error: unknown) => resolve({ kind: "broken", error });
    message.on("data", (chunk: Uint8Array) => {
      total += chunk.length;
      if (total > maxBytes) {
        resolve({ kind: "unusable", reason: `the answer was bigger than ${maxBytes} bytes` });
        message.destroy();
        return;
      }
      chunks.push(chunk);
    });
    message.on("end", () => (message.complete ? resolve(Buffer.concat(chunks, total)) : broken(null)));
    message.on("error", broken);
    message.on("close", () => broken(null));
  });
}
