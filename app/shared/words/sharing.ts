import type { SharingUnseen } from "../login/sharing.ts";

/** @returns why it cannot be seen whether logins are shared, one sentence. */
export function sharingUnseenSentence(unseen: SharingUnseen): string {
  switch (unseen.kind) {
    case "inKeychain":
      return `${unseen.program} keeps its login in the macOS keychain, so it cannot be seen whether it uses one of these logins too.`;
    case "databaseTooLarge":
      return "OpenCode's database is too large to be searched whole, so it cannot be seen for sure whether OpenCode 2 uses these logins too.";
  }
}
