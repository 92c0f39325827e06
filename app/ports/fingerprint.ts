export interface Fingerprint {
  /** A keyed hash, hex, 32 characters: the only form in which a token is named outside credential file and journal. */
  of(secret: string): string;
  /**
   * Makes sure that the key stands in the state dir, also where that was removed since.
   * @throws UserError when another key stands there by now; file errors.
   */
  keep(): Promise<void>;
}
