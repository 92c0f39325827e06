/** Which logins have the same to say, told by kind: nobody compares sentences. Pure. */
import type { Login } from "./snapshot.ts";

/**
 * @returns what a login's sentence is about, equal for logins that say the same; null = it speaks of that login alone, or
 * says nothing.
 */
export function topicOf(login: Login): string | null {
  const { state, provider, reasonKind = null, pausedUntil = null, nextRefreshAt, reason } = login;
  if (reason === null) return null;
  const topic = (...more: readonly (string | number | null)[]) => JSON.stringify([state, reasonKind, ...more]);
  switch (state) {
    case "unmanaged":
      return topic();
    case "paused":
      return topic(pausedUntil);
    case "rateLimited":
      return topic(nextRefreshAt);
    case "retrying":
      // A file that cannot be replaced or written, and a network that is away, are the same for all.
      return reasonKind === "cannotReplace" || reasonKind === "notWritten" || reasonKind === "network"
        ? topic(provider)
        : null;
    case "healthy":
    case "due":
    case "refreshing":
      return reasonKind === "sharingUnseen" || reasonKind === "accountChanged" ? topic() : null;
    case "outcomeUnknown":
    case "shared":
    case "signIn":
    case "oldCopy":
    case "wipedElsewhere":
    case "unreadable":
      return null;
  }
}
