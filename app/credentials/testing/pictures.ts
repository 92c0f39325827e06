/** Flat files as short as `{ a: "a1" }`, and what is made of them by the merge. */

import { flat, generations, noneSpent } from "../../../sim/benches/credential-bench.ts";
import { fileProblemWords } from "../../shared/words/file-problem.ts";
import { editsToward, firstPicture, type IsSpent, ownWrite, type Picture } from "../neighbour/merge.ts";
import type { CredentialDocument } from "../read/document.ts";
import { parseDocument } from "../read/parse.ts";
import { applyEdits } from "../write/edit.ts";

/** Where nothing else is said, all happens within a moment. */
export const NOW = 1_000;

export type Logins = Readonly<Record<string, string | Readonly<Record<string, unknown>>>>;

export function documentOf(text: string): CredentialDocument {
  const parsed = parseDocument(text);
  if (parsed.kind === "problem") throw new Error(fileProblemWords(parsed.problem));
  return parsed.document;
}

export const doc = (logins: Logins): CredentialDocument => documentOf(flat(logins));

export const key = (name: string): Readonly<Record<string, unknown>> => ({ type: "api", key: name });

/** A picture of a path at which these states stood, one after the other, the later ones written by us. */
export function pictureOf(first: Logins, ...ours: readonly (readonly [logins: Logins, ...ids: string[]])[]): Picture {
  return ours.reduce(
    (picture, [logins, ...ids]) => ownWrite(picture, doc(logins), ids, true, NOW),
    firstPicture(doc(first), NOW),
  );
}

/** @returns what stands at the path once all that is wanted was written. */
function settledText({ text, wanted }: Picture, isSpent: IsSpent = noneSpent): string {
  const document = documentOf(text);
  const result = applyEdits(document, editsToward(wanted, document, isSpent, 0));
  if (result.kind === "cannot") throw new Error(result.problem.kind);
  return result.text;
}

/** The same as generations: `{ a: "a1" }`. */
export function outcome(picture: Picture, isSpent: IsSpent = noneSpent): Record<string, string> {
  return generations(settledText(picture, isSpent));
}

export function isSettled(picture: Picture): boolean {
  return settledText(picture) === picture.text;
}
