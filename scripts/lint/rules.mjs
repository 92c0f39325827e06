// @ts-check
/** Rules of our own for the linter. They see one file at a time and no types. */
import { whyNot } from "./walls.mjs";

/**
 * A node of the syntax tree, as far as these rules look at one.
 * @typedef {object} Node
 * @property {string} type
 * @property {string} [name]
 * @property {Node | null} [parent]
 * @property {boolean} [computed]
 * @property {Node | null} [key]
 * @property {Node | null} [id]
 * @property {Node} [object]
 * @property {Node} [property]
 * @property {Node} [typeName]
 * @property {{ params: Node[] } | null} [typeArguments]
 * @property {Node[]} [parameters]
 * @property {Node | null} [typeAnnotation]
 */

/** Tables whose names come from outside, yet are only ever asked for names that stand in the code. */
const ASKED_BY_LITERAL = new Set(["env", "headers", "Environment"]);

const MESSAGE =
  'An id from outside may be called "constructor": use ById and lookUp of app/shared/data/by-id.ts, or a Map.';

/** Plain string records, whose brackets answer to names of Object.prototype; of those excepted, brackets without a literal. */
const noStringRecords = {
  /** @param {{ report(problem: { node: Node, message: string }): void }} context */
  create(context) {
    const report = (/** @type {Node} */ node) => context.report({ node, message: MESSAGE });
    return {
      /** @param {Node} node */
      TSTypeReference(node) {
        const [key] = node.typeArguments?.params ?? [];
        if (node.typeName?.name === "Record" && key?.type === "TSStringKeyword" && !isExcepted(node)) report(node);
      },
      /** @param {Node} node */
      TSIndexSignature(node) {
        const [key] = node.parameters ?? [];
        if (key?.typeAnnotation?.typeAnnotation?.type === "TSStringKeyword" && !isExcepted(node)) report(node);
      },
      /** @param {Node} node */
      MemberExpression(node) {
        const { object, property } = node;
        if (node.computed !== true || property?.type === "Literal") return;
        if (ASKED_BY_LITERAL.has(object?.name ?? object?.property?.name ?? "")) report(node);
      },
    };
  },
};

/**
 * Is it the type of one of those tables, or only checked against (`satisfies`)?
 * @param {Node} node
 * @returns {boolean}
 */
function isExcepted(node) {
  for (let at = node.parent; at; at = at.parent) {
    if (at.type === "TSSatisfiesExpression") return true;
    const name = at.key?.name ?? at.id?.name ?? (at.type === "Identifier" ? at.name : undefined);
    if (name !== undefined) return ASKED_BY_LITERAL.has(name);
  }
  return false;
}

/**
 * An import or re-export, as far as `walls` looks at one.
 * @typedef {object} ImportNode
 * @property {string} type
 * @property {{ type: string, value?: unknown } | null} [source]
 * @property {string} [importKind]
 * @property {string} [exportKind]
 * @property {readonly { imported?: { name?: string }, importKind?: string }[]} [specifiers]
 */

/** Imports that a wall forbids, in each of their forms. */
const walls = {
  /** @param {{ filename: string, report(problem: { node: ImportNode, message: string }): void }} context */
  create(context) {
    const [, from] = /(?:^|\/)app\/(.+)$/.exec(context.filename.replaceAll("\\", "/")) ?? [];
    if (from === undefined) return {};
    /** @param {ImportNode} node */
    const look = (node) => {
      const specifier = node.source?.value;
      if (typeof specifier !== "string") return;
      const parts = node.specifiers ?? [];
      const message = whyNot({
        from,
        specifier,
        types: node.importKind === "type" || node.exportKind === "type",
        names: parts.map((each) => each.imported?.name ?? ""),
      });
      if (message !== null) context.report({ node, message });
    };
    return {
      ImportDeclaration: look,
      ImportExpression: look,
      ExportNamedDeclaration: look,
      ExportAllDeclaration: look,
      TSImportType: look,
    };
  },
};

const MAX_COMMENT_COLUMNS = 130;

/**
 * Where a comment stands; lines count from 1.
 * @typedef {{ loc: { start: { line: number }, end: { line: number } } }} Comment
 */

/** Lines of comments that are too wide: the formatter wraps code alone. */
const commentWidth = {
  /**
   * @param {{
   *   sourceCode: { lines: string[], getAllComments(): Comment[] },
   *   report(problem: { loc: object, message: string }): void
   * }} context
   */
  create(context) {
    const { sourceCode } = context;
    return {
      Program() {
        for (const { loc } of sourceCode.getAllComments()) {
          for (let line = loc.start.line; line <= loc.end.line; line++) {
            const { length } = sourceCode.lines[line - 1] ?? "";
            if (length <= MAX_COMMENT_COLUMNS) continue;
            const message = `Wrap this comment: ${length} columns, at most ${MAX_COMMENT_COLUMNS}.`;
            context.report({ loc: { start: { line, column: 0 }, end: { line, column: length } }, message });
          }
        }
      },
    };
  },
};

export default {
  meta: { name: "ours" },
  rules: { "no-string-records": noStringRecords, walls, "comment-width": commentWidth },
};
