import type { Source } from "../settings.ts";

/** @returns how the credential file comes to hold a login, a clause without a full stop; `from` = who named the file. */
export function howToSignIn(from: Source): string {
  return from === "default" ? "sign in with: opencode auth login" : "sign in with the tool that writes this file";
}
