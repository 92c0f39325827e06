/** What our journal still holds of logins that are gone from the file, or were overwritten in it. */

/** A safe copy of a login that was removed from the file. */
export interface KeptCopy {
  readonly id: string;
  /** When it is erased; wall ms. */
  readonly erasedAt: number;
}

/** A lost or overwritten login of which the journal holds a generation that may live: `rescue` can put it back. */
export interface Rescuable {
  readonly id: string;
  readonly why: "removed" | "emptied" | "replaced" | "ended" | "oldCopy" | "newer";
  /** When that happened (wall ms); null = not known. */
  readonly since: number | null;
  /** Of the generation that goes back, and since when it is known (wall ms). */
  readonly fingerprint: string;
  readonly seenAt: number;
  /** Why it cannot be put back, a clause for people; null = it can. */
  readonly obstacle: string | null;
}
