import type { FileProblem } from "../../shared/login/file-problem.ts";
import { looksLikeAccounts, readAccounts } from "./accounts.ts";
import type { Parsed, Slot } from "./document.ts";
import { readFlatEntry, readFlatSlot } from "./flat.ts";
import { canonicalJson, type JsonNode, type JsonObject, scanJson } from "./json-text.ts";

/**
 * The text of a credential file. A byte order mark, bytes that are not UTF-8 and an empty file are problems: opencode
 * does not read such a file, or not as we would.
 */
export function decodeText(bytes: Uint8Array): { readonly text: string } | { readonly problem: FileProblem } {
  if (bytes.length === 0) return { problem: { kind: "empty" } };
  const [first, second, third] = bytes;
  const utf16 = (first === 0xfe && second === 0xff) || (first === 0xff && second === 0xfe);
  if (utf16 || (first === 0xef && second === 0xbb && third === 0xbf)) return { problem: { kind: "byteOrderMark" } };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { problem: { kind: "notUtf8" } };
  }
}

/**
 * Understands a credential file in full, or says why not. Then nothing in
 * it may be used or written. The format is told by content: `version` beside `providers` means the strict multi-account
 * file, anything else the flat one. It never throws.
 */
export function parseDocument(text: string): Parsed {
  const scan = scanJson(text);
  if (scan.kind === "problem") return scan;
  const { root } = scan;
  if (root.kind !== "object") return { kind: "problem", problem: { kind: "noObject" } };
  if (!looksLikeAccounts(root)) {
    const slots = new Map(root.members.map((member) => [member.key, readFlatSlot(text, member)] as const));
    return { kind: "document", document: { format: "flat", text, entries: root.members.map(readFlatEntry), slots } };
  }
  const read = readAccounts(root);
  if ("problem" in read) return { kind: "problem", problem: read.problem };
  const slots = new Map<string, Slot>();
  for (const [id, node] of read.records) {
    slots.set(id, { raw: text.slice(node.start, node.end), meaning: canonicalJson(node) });
  }
  return { kind: "document", document: { format: "accounts", text, entries: read.entries, slots } };
}

/** Where each slot stands, by login id: top-level values in the flat file, records in the multi-account file. */
export function locateSlots(root: JsonObject): ReadonlyMap<string, JsonNode> {
  if (!looksLikeAccounts(root)) return new Map(root.members.map(({ key, value }) => [key, value] as const));
  const read = readAccounts(root);
  return "problem" in read ? new Map() : read.records;
}
