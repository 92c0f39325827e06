/** What stands in the journal's files, as text: schemas, the header of an intent, and the room for its successor. Pure. */
import * as v from "valibot";
import type { Fingerprint } from "../../ports/fingerprint.ts";
import { tryJson } from "../../shared/data/json.ts";
import { refuseNewer } from "../../shared/data/version.ts";

export const HEADER_BYTES = 4096;
export const ROOM_BYTES = 64 * 1024;

const pairSchema = v.object({ access: v.string(), refresh: v.string(), expires: v.number() });

const headerSchema = v.object({
  version: v.literal(1),
  fp: v.string(),
  attempt: v.number(),
  /** Which credential file (the hash of its real path). */
  file: v.string(),
  ids: v.array(v.string()),
  at: v.number(),
  owner: v.object({ boot: v.string(), pidNamespace: v.string(), pid: v.number(), startedAt: v.string() }),
});

const successorSchema = v.object({
  /** null once the generation after it is safe. */
  pair: v.nullable(pairSchema),
  fp: v.string(),
  at: v.number(),
  lifetimeMs: v.nullable(v.number()),
  loginLifetimeMs: v.nullable(v.number()),
  accountUuid: v.nullable(v.string()),
  by401: v.boolean(),
  /** Fingerprints of the access tokens that stood in the file when it was asked for. Older versions did not note them. */
  replaces: v.optional(v.array(v.string())),
});
/** What the room holds instead when the sender knows that no answer will come. */
const lostSchema = v.object({ lostAt: v.number() });
const sealedSchema = v.object({ seal: v.string(), body: v.string() });

const copySchema = v.object({
  version: v.literal(1),
  fp: v.string(),
  file: v.string(),
  ids: v.array(v.string()),
  pair: pairSchema,
});

export type Successor = v.InferOutput<typeof successorSchema>;
export type Intent = v.InferOutput<typeof headerSchema> & {
  readonly successor: Successor | null;
  /** The sender wrote down that the answer is lost; absent while one may still come, or when it died. */
  readonly lostAt?: number;
};
export type Copy = v.InferOutput<typeof copySchema>;

/** What an intent says before it is answered. */
export type Header = Omit<Intent, "successor" | "version" | "lostAt">;

export function headerText(header: Header): string {
  const { fp, attempt, file, ids, at, owner } = header;
  const whole = asciiJson({ version: 1, fp, attempt, file, ids, at, owner });
  // The ids are only for people; a header has one fixed length, so that the successor has one fixed place.
  const text = whole.length < HEADER_BYTES ? whole : asciiJson({ version: 1, fp, attempt, file, ids: [], at, owner });
  return `${text.padEnd(HEADER_BYTES - 1)}\n`;
}

/** What is written into an intent's room: sealed, so that half of it is known as none. */
export function sealedText(fingerprint: Fingerprint, value: Successor | { readonly lostAt: number }): string {
  const body = JSON.stringify(value);
  return `${JSON.stringify({ seal: fingerprint.of(body), body })}\n`;
}

/** @returns null for one that says nothing. @throws UserError (4) for one of a newer version. */
export function parseIntent(fingerprint: Fingerprint, path: string, text: string): Intent | null {
  const json = tryJson(text.slice(0, HEADER_BYTES));
  refuseNewer(json, path);
  const header = v.safeParse(headerSchema, json);
  if (!header.success) return wasWhole(text) ? damagedIntent(fingerprint, path, text) : null;
  return { ...header.output, ...roomOf(fingerprint, text) };
}

/** The header was written and is damaged now: something may have been sent under it, and its name says which token. */
function damagedIntent(fingerprint: Fingerprint, path: string, text: string): Intent | null {
  const [, fp, attempt] = /(?:^|\/)([0-9a-f]+)\.(\d+)\.intent$/.exec(path) ?? [];
  if (fp === undefined) return null;
  const room = roomOf(fingerprint, text);
  const owner = { boot: "", pidNamespace: "", pid: 0, startedAt: "" };
  const at = room.successor?.at ?? room.lostAt ?? 0;
  return { version: 1, fp, attempt: Number(attempt), file: "", ids: [], at, owner, ...room };
}

function roomOf(fingerprint: Fingerprint, text: string): Pick<Intent, "successor" | "lostAt"> {
  const end = text.indexOf("\n", HEADER_BYTES);
  const room = v.safeParse(sealedSchema, end === -1 ? undefined : tryJson(text.slice(HEADER_BYTES, end)));
  // A successor that is not whole was never durable: the answer counts as lost.
  if (!room.success || fingerprint.of(room.output.body) !== room.output.seal) return { successor: null };
  const body = tryJson(room.output.body);
  const successor = v.safeParse(successorSchema, body);
  const lost = v.safeParse(lostSchema, body);
  return {
    successor: successor.success ? successor.output : null,
    ...(lost.success ? { lostAt: lost.output.lostAt } : {}),
  };
}

/** @returns null for one that says nothing. @throws UserError (4) for one of a newer version. */
export function parseCopy(path: string, text: string): Copy | null {
  const json = tryJson(text);
  refuseNewer(json, path);
  const copy = v.safeParse(copySchema, json);
  return copy.success ? copy.output : null;
}

/** Nothing was sent before all of it was durable; of what a crash left half-written the end of the header is missing. */
function wasWhole(text: string): boolean {
  return text.length >= HEADER_BYTES && text[HEADER_BYTES - 1] === "\n" && !text.slice(0, HEADER_BYTES).includes("\0");
}

const HEADER_BEGINS = '{"version":1,"fp":"';

/** What a crash may leave of an intent, before anything was sent under it: the beginning of a header, or nothing in it yet. */
export function isHalfWritten(text: string): boolean {
  const begun = text.slice(0, HEADER_BYTES).replace(/[\0 ]+$/, "");
  return text.slice(HEADER_BYTES).trim() === "" && (HEADER_BEGINS.startsWith(begun) || begun.startsWith(HEADER_BEGINS));
}

/** JSON in which a character is a byte. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
