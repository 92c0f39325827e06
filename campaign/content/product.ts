/**
 * The one place at which a campaign touches the inside of the product: the two functions that read and change the text of a
 * credential file. Two hundred thousand starts of the command line would take days; that it uses these two is for the other
 * half of the campaign to show.
 */

import { decodeText, parseDocument } from "../../app/credentials/read/parse.ts";
import { applyEdits } from "../../app/credentials/write/edit.ts";
import { fileProblemWords } from "../../app/shared/words/file-problem.ts";

export interface Login {
  readonly id: string;
  readonly access: string;
  readonly refresh: string;
  readonly expires: number;
}

export type Reading =
  | { readonly kind: "refused"; readonly sentence: string }
  | {
      readonly kind: "understood";
      readonly format: "flat" | "accounts";
      readonly logins: readonly Login[];
      /** Entries that are set aside. */
      readonly setAside: readonly string[];
    };

/** The product, as this campaign drives it. A test puts a wrong one in its place. */
export interface Product {
  read(bytes: Uint8Array): Reading;
  /** @returns the new text, or null where it refuses. */
  write(bytes: Uint8Array, logins: readonly Login[], updatedAt: number): string | null;
}

export const product: Product = {
  read(bytes) {
    const decoded = decodeText(bytes);
    if ("problem" in decoded) return { kind: "refused", sentence: fileProblemWords(decoded.problem) };
    const parsed = parseDocument(decoded.text);
    if (parsed.kind === "problem") return { kind: "refused", sentence: fileProblemWords(parsed.problem) };
    const { format, entries } = parsed.document;
    const logins = entries.flatMap((entry) => (entry.kind === "oauth" ? [{ id: entry.id, ...entry.pair }] : []));
    const setAside = entries.flatMap((entry) => (entry.kind === "unreadable" ? [entry.id] : []));
    return { kind: "understood", format, logins, setAside };
  },
  write(bytes, logins, updatedAt) {
    const decoded = decodeText(bytes);
    const parsed = "problem" in decoded ? null : parseDocument(decoded.text);
    if (parsed?.kind !== "document") return null;
    const edits = logins.map(({ id, ...pair }) => ({ kind: "pair" as const, id, pair, updatedAt }));
    const result = applyEdits(parsed.document, edits);
    return result.kind === "text" ? result.text : null;
  },
};
