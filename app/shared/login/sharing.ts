/** Why it cannot be seen whether another program uses the same logins. `words/state.ts` says it. */
export type SharingUnseen =
  /** `program` keeps its login in the keychain of macOS. */
  | { readonly kind: "inKeychain"; readonly program: string }
  /** The database of OpenCode is too large to be searched whole. */
  | { readonly kind: "databaseTooLarge" };
