/** What our journal still holds of logins that are gone from the file, or were overwritten in it. */
import type { FileProblem } from "./file-problem.ts";

/** A safe copy of a login that was removed from the file. */
export interface KeptCopy {
  readonly id: string;
  /** As the file had it; absent = our notes no longer tell. */
  readonly label?: string;
  /** When it is erased; wall ms. */
  readonly erasedAt: number;
}

/** How a login was lost, or what is kept of it. */
export const LOST_HOW = ["removed", "emptied", "replaced", "ended", "oldCopy", "newer"] as const;

/** A lost or overwritten login of which the journal holds a generation that may live: `rescue` can put it back. */
export interface Rescuable {
  readonly id: string;
  readonly why: (typeof LOST_HOW)[number];
  /** When that happened (wall ms); null = not known. */
  readonly since: number | null;
  /** Of the generation that goes back, and since when it is known (wall ms). */
  readonly fingerprint: string;
  readonly seenAt: number;
  /** Why it cannot be put back; null = it can. */
  readonly obstacle: RescueObstacle | null;
}

/** "otherKind": an entry that is no OAuth login is in its place. "accountsFormat": nothing is added to such a file. */
export const RESCUE_OBSTACLES = ["otherKind", "accountsFormat"] as const;
export type RescueObstacle = (typeof RESCUE_OBSTACLES)[number];

/** Why the safe copy of a login is not erased. */
export type ForgetRefusal =
  | { readonly kind: "busy"; readonly owner: string }
  /** Another process took the lock over. */
  | { readonly kind: "takenOver" }
  /** `code`: POSIX; null = an error that has none. */
  | { readonly kind: "failed"; readonly code: string | null }
  | { readonly kind: "fileUnusable"; readonly path: string; readonly problem: FileProblem }
  | { readonly kind: "inFile" }
  /** It was not signed out: the file is missing, or its token is under another id now. */
  | { readonly kind: "fileMissing" | "movedId" }
  /** `at`: the id under which an older copy of it is in the file. */
  | { readonly kind: "olderCopyInFile"; readonly at: string }
  | { readonly kind: "unknown"; readonly kept: readonly string[] };
