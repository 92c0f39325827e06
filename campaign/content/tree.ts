import { type Node, type ParseError, parseTree } from "jsonc-parser";

export type { Node } from "jsonc-parser";

/** A text that two other readers take for JSON, as a tree with places. */
export type Tree = { readonly root: Node } | { readonly why: string };

/** Deeper than any credential file, and shallow enough for a reader that calls itself. */
const DEEPEST = 400;

/** Reads strictly: no comment, no trailing comma, and the runtime's own reader must agree. */
export function treeOf(text: string): Tree {
  if (depthOf(text) > DEEPEST) return { why: "it is nested too deeply" };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  if (root === undefined || errors.length > 0) return { why: "jsonc-parser finds an error in it" };
  try {
    JSON.parse(text);
  } catch {
    return { why: "the runtime finds an error in it" };
  }
  return { root };
}

/** Brackets that stand open at once, at most, those in texts included: an upper bound. */
function depthOf(text: string): number {
  let open = 0;
  let most = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === "{" || char === "[") most = Math.max(most, (open += 1));
    else if (char === "}" || char === "]") open -= 1;
  }
  return most;
}

/** How deep objects and arrays stand in each other. */
export function nesting(node: Node): number {
  const below = (node.children ?? []).map(nesting);
  const own = node.type === "object" || node.type === "array" ? 1 : 0;
  return own + Math.max(0, ...below);
}

/** The members of an object in their order; empty for what is no object. */
export function membersOf(node: Node | undefined): readonly (readonly [string, Node])[] {
  if (node?.type !== "object") return [];
  return (node.children ?? []).flatMap(({ children }) => {
    const [key, value] = children ?? [];
    const name: unknown = key?.value;
    return typeof name === "string" && value !== undefined ? [[name, value] as const] : [];
  });
}

export function memberOf(node: Node | undefined, key: string): Node | undefined {
  return membersOf(node).find(([name]) => name === key)?.[1];
}

export function textIn(node: Node | undefined): string | null {
  const value: unknown = node?.value;
  return node?.type === "string" && typeof value === "string" ? value : null;
}

/** The number as the runtime reads its spelling. */
export function numberIn(node: Node | undefined, text: string): number | null {
  return node?.type === "number" ? Number(text.slice(node.offset, node.offset + node.length)) : null;
}

/** Does a key stand twice in an object, here or further inside? */
export function hasTwins(node: Node): boolean {
  const keys = membersOf(node).map(([key]) => key);
  return new Set(keys).size !== keys.length || (node.children ?? []).some(hasTwins);
}
