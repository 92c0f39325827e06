import type { EditProblem } from "../../shared/login/file-problem.ts";
import { looksLikeAccounts } from "../read/accounts.ts";
import type { CredentialDocument, Edit } from "../read/document.ts";
import { type JsonMember, type JsonNode, type JsonObject, memberOf, type Span, scanJson } from "../read/json-text.ts";
import { shownName } from "../read/names.ts";
import { locateSlots, parseDocument } from "../read/parse.ts";

export type EditResult =
  | { readonly kind: "text"; readonly text: string }
  /** The text is left as it was. */
  | { readonly kind: "cannot"; readonly problem: EditProblem };

type PairEdit = Extract<Edit, { kind: "pair" }>;
interface Splice extends Span {
  readonly by: string;
}

class Cannot extends Error {
  readonly problem: EditProblem;
  constructor(problem: EditProblem) {
    super(problem.kind);
    this.problem = problem;
  }
}

/**
 * Changes the named values in the text of a credential file and nothing else: every other byte stays, be it white space,
 * key order, an odd number or an escape. `expires` and `updatedAt` are written as whole ms.
 *
 * The result is read back before it is returned: it is a credential file of the same format, holds what was asked for, and
 * differs from the old text nowhere else. Anything that cannot be done so is "cannot" as a whole. It never throws.
 */
export function applyEdits(document: CredentialDocument, edits: readonly Edit[]): EditResult {
  try {
    for (const edit of edits) {
      if (edit.kind === "pair" && !holdsLogin(document, edit.id)) throw new Cannot(noLogin(edit.id));
    }
    const named = new Set(edits.map((edit) => edit.id));
    if (named.size !== edits.length) throw new Cannot({ kind: "twice" });
    let text = document.text;
    for (const edit of edits) {
      const root = rootOf(text);
      if (edit.kind !== "pair" && document.format !== "flat") {
        throw new Cannot({ kind: "onlyRefreshed" });
      }
      text = splice(text, splicesFor(text, root, edit));
    }
    check(document, text, edits);
    return { kind: "text", text };
  } catch (error) {
    if (error instanceof Cannot) return { kind: "cannot", problem: error.problem };
    throw error;
  }
}

function holdsLogin(document: CredentialDocument, id: string): boolean {
  return document.entries.some((entry) => entry.kind === "oauth" && entry.id === id);
}

function noLogin(id: string): EditProblem {
  return { kind: "noLogin", id: shownName(id) };
}

function rootOf(text: string): JsonObject {
  const scan = scanJson(text);
  if (scan.kind === "problem") throw new Cannot({ kind: "unusable", problem: scan.problem });
  if (scan.root.kind !== "object") throw new Cannot({ kind: "unusable", problem: { kind: "noObject" } });
  return scan.root;
}

function splice(text: string, splices: readonly Splice[]): string {
  let result = text;
  for (const { start, end, by } of splices.toSorted((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + by + result.slice(end);
  }
  return result;
}

function splicesFor(text: string, root: JsonObject, edit: Edit): readonly Splice[] {
  switch (edit.kind) {
    case "pair":
      return pairSpans(root, edit).map(({ span, key }) => ({ ...span, by: wanted(edit, key) }));
    case "put": {
      const value = scanJson(edit.raw);
      if (value.kind === "problem" || value.root.start !== 0 || value.root.end !== edit.raw.length) {
        throw new Cannot({ kind: "notOneValue", id: shownName(edit.id) });
      }
      const old = memberOf(root, edit.id);
      return [
        old === undefined ? insertion(text, root, edit.id, edit.raw) : { start: old.start, end: old.end, by: edit.raw },
      ];
    }
    case "drop":
      return [removal(root, edit.id)];
  }
}

// ---- pair ------------------------------------------------------------------------------------------------------------

type PairKey = "access" | "refresh" | "expires" | "updatedAt";

function pairSpans(root: JsonObject, edit: PairEdit): ReadonlyArray<{ readonly key: PairKey; readonly span: Span }> {
  const slot: JsonNode | undefined = locateSlots(root).get(edit.id);
  if (slot?.kind !== "object") throw new Cannot(noLogin(edit.id));
  const keys: readonly PairKey[] = looksLikeAccounts(root)
    ? ["access", "refresh", "expires", "updatedAt"]
    : ["access", "refresh", "expires"];
  return keys.map((key) => {
    const value = memberOf(slot, key);
    if (value === undefined) throw new Cannot({ kind: "keyMissing", id: shownName(edit.id), key });
    return { key, span: { start: value.start, end: value.end } };
  });
}

function wanted(edit: PairEdit, key: PairKey): string {
  switch (key) {
    case "access":
    case "refresh":
      return JSON.stringify(edit.pair[key]);
    case "expires":
      return wholeMs(edit.pair.expires);
    case "updatedAt":
      return wholeMs(edit.updatedAt);
  }
}

function wholeMs(value: number): string {
  const whole = Math.floor(value);
  if (!Number.isSafeInteger(whole) || whole < 0) throw new Cannot({ kind: "badTime" });
  return String(whole + 0);
}

// ---- put and drop ----------------------------------------------------------------------------------------------------

/** A new last member in the style of the one before it; in an empty object, as opencode would lay it out. */
function insertion(text: string, root: JsonObject, key: string, raw: string): Splice {
  const name = JSON.stringify(key);
  const last = root.members.at(-1);
  if (last === undefined) {
    const newline = text.includes("\r\n") ? "\r\n" : "\n";
    return { start: root.start + 1, end: root.end - 1, by: `${newline}  ${name}: ${raw}${newline}` };
  }
  const indent = text.slice(gapBefore(root, root.members.length - 1), last.keySpan.start).replace(/^\s*,/, "");
  const colon = text.slice(last.keySpan.end, last.value.start);
  return { start: last.value.end, end: last.value.end, by: `,${indent}${name}${colon}${raw}` };
}

function removal(root: JsonObject, id: string): Splice {
  const index = root.members.findIndex((member) => member.key === id);
  const member: JsonMember | undefined = root.members[index];
  if (member === undefined) throw new Cannot({ kind: "noEntry", id: shownName(id) });
  const next = root.members[index + 1];
  // With the comma after it; the last one goes with the comma before it.
  if (next !== undefined) return { start: member.keySpan.start, end: next.keySpan.start, by: "" };
  const end = index === 0 ? root.end - 1 : member.value.end;
  return { start: gapBefore(root, index), end, by: "" };
}

/** Where the space (and comma) before the member begins. */
function gapBefore(root: JsonObject, index: number): number {
  return root.members[index - 1]?.value.end ?? root.start + 1;
}

// ---- the check -------------------------------------------------------------------------------------------------------

function check(before: CredentialDocument, text: string, edits: readonly Edit[]): void {
  const parsed = parseDocument(text);
  if (parsed.kind === "problem") throw new Cannot({ kind: "outcomeUnusable", problem: parsed.problem });
  const after = parsed.document;
  const fail = (): never => {
    throw new Cannot({ kind: "touchesMore" });
  };
  if (after.format !== before.format) fail();

  const expected = new Map<string, string | null>([...before.slots].map(([id, slot]) => [id, slot.raw] as const));
  for (const edit of edits) {
    if (edit.kind === "drop") expected.delete(edit.id);
    else expected.set(edit.id, edit.kind === "put" ? edit.raw : null);
  }
  if (expected.size !== after.slots.size) fail();
  // Same slots, in the same order, new ones last.
  const ids = [...after.slots.keys()];
  for (const [index, [id, raw]] of [...expected].entries()) {
    if (ids[index] !== id || (raw !== null && after.slots.get(id)?.raw !== raw)) fail();
  }

  const pairs = edits.filter((edit) => edit.kind === "pair");
  for (const { id, pair } of pairs) {
    const entry = after.entries.find((other) => other.kind === "oauth" && other.id === id);
    if (entry?.kind !== "oauth") throw new Cannot(noLogin(id));
    const { access, refresh, expires } = entry.pair;
    if (access !== pair.access || refresh !== pair.refresh || expires !== Math.floor(pair.expires) + 0) fail();
  }
  if (pairs.length === edits.length && rest(before.text, pairs) !== rest(text, pairs)) fail();
}

/** The text without the values that these edits may change. */
function rest(text: string, edits: readonly PairEdit[]): string {
  const root = rootOf(text);
  return splice(
    text,
    edits.flatMap((edit) => pairSpans(root, edit).map(({ span }) => ({ ...span, by: "" }))),
  );
}
