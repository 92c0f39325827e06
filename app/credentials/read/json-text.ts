import type { FileProblem } from "../../shared/login/file-problem.ts";
import { shownName } from "./names.ts";

/** A piece of the text: `start` is its first code unit, `end` the one after its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface JsonMember {
  /** Unescaped. */
  readonly key: string;
  /** With its quotes. */
  readonly keySpan: Span;
  readonly value: JsonNode;
}

export interface JsonObject extends Span {
  readonly kind: "object";
  /** In the order of the text; no key stands twice. */
  readonly members: readonly JsonMember[];
}

export type JsonNode =
  | JsonObject
  | (Span & { readonly kind: "array"; readonly items: readonly JsonNode[] })
  /** Unescaped. */
  | (Span & { readonly kind: "string"; readonly value: string })
  /** The double that JSON.parse gives, and how it is spelled. */
  | (Span & { readonly kind: "number"; readonly value: number; readonly raw: string })
  | (Span & { readonly kind: "literal"; readonly value: boolean | null });

export type Scan =
  | { readonly kind: "tree"; readonly root: JsonNode }
  | { readonly kind: "problem"; readonly problem: FileProblem };

/** Objects and arrays inside each other, at most. Real credential files need five. */
export const MAX_DEPTH = 64;

const HEX4 = /^[0-9a-fA-F]{4}$/;
const LITERALS: ReadonlyArray<readonly [string, boolean | null]> = [
  ["true", true],
  ["false", false],
  ["null", null],
];

class Unreadable extends Error {
  readonly problem: FileProblem;
  constructor(problem: FileProblem) {
    super(problem.kind);
    this.problem = problem;
  }
}

/**
 * Reads `text` as exactly one JSON value by RFC 8259 and tells where each part of it stands.
 *
 * Stricter than JSON.parse in two points: a key that stands twice in one object (after unescaping), and nesting beyond
 * `MAX_DEPTH`, are problems, since two readers may then see different things. It never throws.
 */
export function scanJson(text: string): Scan {
  if (text.startsWith("\uFEFF")) return { kind: "problem", problem: { kind: "byteOrderMark" } };
  const scanner = new Scanner(text);
  try {
    const start = scanner.skipSpace(0);
    if (start === text.length) return { kind: "problem", problem: { kind: "empty" } };
    const root = scanner.value(start, 0);
    const end = scanner.skipSpace(root.end);
    if (end < text.length) scanner.fail(end);
    return { kind: "tree", root };
  } catch (error) {
    if (error instanceof Unreadable) return { kind: "problem", problem: error.problem };
    throw error;
  }
}

class Scanner {
  private readonly text: string;
  private readonly number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

  constructor(text: string) {
    this.text = text;
  }

  fail(at: number): never {
    const lines = this.text.slice(0, at).split("\n");
    throw new Unreadable({ kind: "notJson", line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 });
  }

  skipSpace(from: number): number {
    let at = from;
    for (; ; at += 1) {
      const code = this.text.charCodeAt(at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    }
  }

  /** The value that begins exactly at `start`. */
  value(start: number, depth: number): JsonNode {
    switch (this.text[start]) {
      case "{":
        return this.object(start, depth);
      case "[":
        return this.array(start, depth);
      case '"': {
        const end = this.stringEnd(start);
        return { kind: "string", start, end, value: this.unescape(start, end) };
      }
      default:
        return this.scalar(start);
    }
  }

  private object(start: number, depth: number): JsonNode {
    if (depth >= MAX_DEPTH) throw new Unreadable({ kind: "tooDeep" });
    const members: JsonMember[] = [];
    const seen = new Set<string>();
    let at = this.skipSpace(start + 1);
    if (this.text[at] === "}") return { kind: "object", start, end: at + 1, members };
    for (;;) {
      if (this.text[at] !== '"') this.fail(at);
      const keySpan = { start: at, end: this.stringEnd(at) };
      const key = this.unescape(keySpan.start, keySpan.end);
      if (seen.has(key)) throw new Unreadable({ kind: "keyTwice", key: shownName(key) });
      seen.add(key);
      at = this.skipSpace(keySpan.end);
      if (this.text[at] !== ":") this.fail(at);
      const value = this.value(this.skipSpace(at + 1), depth + 1);
      members.push({ key, keySpan, value });
      at = this.skipSpace(value.end);
      if (this.text[at] === "}") return { kind: "object", start, end: at + 1, members };
      if (this.text[at] !== ",") this.fail(at);
      at = this.skipSpace(at + 1);
    }
  }

  private array(start: number, depth: number): JsonNode {
    if (depth >= MAX_DEPTH) throw new Unreadable({ kind: "tooDeep" });
    const items: JsonNode[] = [];
    let at = this.skipSpace(start + 1);
    if (this.text[at] === "]") return { kind: "array", start, end: at + 1, items };
    for (;;) {
      const item = this.value(at, depth + 1);
      items.push(item);
      at = this.skipSpace(item.end);
      if (this.text[at] === "]") return { kind: "array", start, end: at + 1, items };
      if (this.text[at] !== ",") this.fail(at);
      at = this.skipSpace(at + 1);
    }
  }

  private scalar(start: number): JsonNode {
    for (const [word, value] of LITERALS) {
      if (this.text.startsWith(word, start)) return { kind: "literal", start, end: start + word.length, value };
    }
    this.number.lastIndex = start;
    const raw = this.number.exec(this.text)?.[0];
    if (raw === undefined) this.fail(start);
    return { kind: "number", start, end: start + raw.length, value: Number(raw), raw };
  }

  /** Checks the string that begins at `start`; returns the place after its closing quote. */
  private stringEnd(start: number): number {
    for (let at = start + 1; ; at += 1) {
      const code = this.text.charCodeAt(at);
      if (code === 0x22) return at + 1;
      // NaN (the end of the text) fails this comparison, so a string that is cut off ends here too.
      if (!(code >= 0x20)) this.fail(at);
      if (code !== 0x5c) continue;
      at += 1;
      const escape = this.text[at];
      if (escape === undefined) this.fail(at);
      if (escape === "u") {
        if (!HEX4.test(this.text.slice(at + 1, at + 5))) this.fail(at);
        at += 4;
      } else if (!'"\\/bfnrt'.includes(escape)) {
        this.fail(at);
      }
    }
  }

  private unescape(start: number, end: number): string {
    const inner = this.text.slice(start + 1, end - 1);
    if (!inner.includes("\\")) return inner;
    const value: unknown = JSON.parse(this.text.slice(start, end));
    return typeof value === "string" ? value : this.fail(start);
  }
}

/** @returns the value of the member `key`, or undefined. */
export function memberOf(object: JsonObject, key: string): JsonNode | undefined {
  return object.members.find((member) => member.key === key)?.value;
}

/** The value of a node as plain data. Any key, even "__proto__", is an own property like others. */
export function toValue(node: JsonNode): unknown {
  switch (node.kind) {
    case "object":
      return Object.fromEntries(node.members.map(({ key, value }) => [key, toValue(value)] as const));
    case "array":
      return node.items.map(toValue);
    default:
      return node.value;
  }
}

/** One spelling for one value: no white space, keys sorted, escapes and numbers as JSON.stringify writes them. */
export function canonicalJson(node: JsonNode): string {
  switch (node.kind) {
    case "object": {
      const members = node.members.map(
        ({ key, value }) => [key, `${JSON.stringify(key)}:${canonicalJson(value)}`] as const,
      );
      members.sort(([a], [b]) => (a < b ? -1 : 1));
      return `{${members.map(([, text]) => text).join(",")}}`;
    }
    case "array":
      return `[${node.items.map(canonicalJson).join(",")}]`;
    case "number":
      return Number.isFinite(node.value) ? JSON.stringify(node.value) : node.raw;
    default:
      return JSON.stringify(node.value);
  }
}
