import type { Source } from "../settings.ts";

/** @returns how the credential file comes to hold a login, without a full stop; `from` = who named the file. */
export function howToSignIn(from: Source): string {
  return from === "default" ? "Sign in with: opencode auth login" : "Sign in so that your tool writes this file";
}
