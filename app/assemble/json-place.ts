import { type ParseError, parseTree } from "jsonc-parser";

/** Where something stands in a text, as editors count: from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** @returns where a text stops being JSON; null where that cannot be told, or it is JSON. Pure. */
export function endOfJson(text: string): Place | null {
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true });
  const [first] = errors.toSorted((a, b) => a.offset - b.offset);
  if (first === undefined) return null;
  const before = text.slice(0, first.offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
