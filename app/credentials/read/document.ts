import type { Entry, Pair } from "../../ports/credential-file.ts";
import type { FileProblem } from "../../shared/login/file-problem.ts";

/** One place in a credential file that a writer sets or removes as a whole: a top-level entry, or a record. */
export interface Slot {
  /** The text of the value as it stands in the file. */
  readonly raw: string;
  /**
   * What opencode would read here, as canonical JSON, so that two spellings of one value are equal and what opencode drops
   * (unknown keys) does not count as a difference; null for an entry that opencode does not understand.
   */
  readonly meaning: string | null;
}

/** A credential file, fully understood: both formats look the same from here on. */
export interface CredentialDocument {
  readonly format: "flat" | "accounts";
  readonly text: string;
  readonly entries: readonly Entry[];
  /** By login id, in file order. In the accounts format: its records (`provider/recordId`), nothing else. */
  readonly slots: ReadonlyMap<string, Slot>;
}

export type Edit =
  /** The three values (in the accounts format also `updatedAt`) of one login. */
  | { readonly kind: "pair"; readonly id: string; readonly pair: Pair; readonly updatedAt: number }
  /** Set a whole slot to this JSON text, or add it at the end (flat only). */
  | { readonly kind: "put"; readonly id: string; readonly raw: string }
  /** Remove a whole slot (flat only). */
  | { readonly kind: "drop"; readonly id: string };

export type Parsed =
  | { readonly kind: "document"; readonly document: CredentialDocument }
  | { readonly kind: "problem"; readonly problem: FileProblem };
