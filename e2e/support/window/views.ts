/** Views to show the window: each state of a login, with the very sentence that the keeper would give. */
import type { Login } from "../../../app/shared/login/snapshot.ts";
import { type LoginState, type LoginStateName, reasonKindOf } from "../../../app/shared/login/states.ts";
import { loginOf, NOON } from "../../../app/shared/testing/snapshots.ts";
import { HINT, NOTICE, PROVIDER, viewOf } from "../../../app/shared/testing/views.ts";
import { stateSentence } from "../../../app/shared/words/state.ts";

export { HINT, NOON, NOTICE, PROVIDER, viewOf };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STATES: { readonly [K in LoginStateName]: LoginState & { readonly name: K } } = {
  healthy: { name: "healthy" },
  due: { name: "due" },
  refreshing: { name: "refreshing" },
  retrying: {
    name: "retrying",
    since: NOON - 5 * MINUTE,
    next: NOON + 4 * MINUTE,
    why: { kind: "noNetworkPath", host: "platform.claude.com" },
  },
  rateLimited: { name: "rateLimited", until: NOON + 50 * MINUTE },
  outcomeUnknown: { name: "outcomeUnknown", since: NOON - 3 * MINUTE, next: NOON + 2 * MINUTE },
  shared: { name: "shared", with: "Claude Code" },
  oldCopy: { name: "oldCopy", since: NOON - HOUR },
  wipedElsewhere: { name: "wipedElsewhere", since: NOON - HOUR, kept: true },
  signIn: { name: "signIn", reason: "refused", since: NOON - 9 * HOUR },
  paused: { name: "paused", until: null },
  unmanaged: { name: "unmanaged" },
  unreadable: { name: "unreadable", problem: { kind: "badExpires" } },
};

const CHANGES: { readonly [K in LoginStateName]: Partial<Login> } = {
  healthy: {
    accessExpiresAt: NOON + 7 * HOUR + 12 * MINUTE,
    nextRefreshAt: NOON + 5 * HOUR + 12 * MINUTE,
    loginEndsAt: NOON + 19 * DAY + HOUR,
    lastRefresh: { at: NOON - 48 * MINUTE, outcome: "refreshed" },
    lastPing: { at: NOON - 2 * MINUTE, outcome: "ok", mode: "message" },
  },
  due: { accessExpiresAt: NOON - 5 * MINUTE, nextRefreshAt: NOON },
  refreshing: { accessExpiresAt: NOON + 9 * MINUTE, nextRefreshAt: null },
  retrying: {
    accessExpiresAt: NOON + 50 * MINUTE,
    nextRefreshAt: NOON + 4 * MINUTE,
    lastRefresh: { at: NOON - 5 * MINUTE, outcome: "transient" },
    lastPing: { at: NOON - 26 * MINUTE, outcome: "unreachable", mode: "message" },
  },
  rateLimited: {
    accessExpiresAt: NOON + 20 * MINUTE,
    nextRefreshAt: NOON + 50 * MINUTE,
    lastRefresh: { at: NOON - 10 * MINUTE, outcome: "rate-limited" },
  },
  outcomeUnknown: {
    accessExpiresAt: NOON + HOUR,
    nextRefreshAt: NOON + 2 * MINUTE,
    lastRefresh: { at: NOON - 3 * MINUTE, outcome: "unknown" },
  },
  shared: { accessExpiresAt: NOON + 3 * HOUR, nextRefreshAt: null, sharedWith: "Claude Code" },
  oldCopy: { accessExpiresAt: NOON - 3 * DAY, nextRefreshAt: null },
  wipedElsewhere: { accessExpiresAt: null, nextRefreshAt: null },
  signIn: {
    accessExpiresAt: NOON - 8 * HOUR,
    nextRefreshAt: null,
    loginEndsAt: NOON - 9 * HOUR,
    lastRefresh: { at: NOON - 9 * HOUR, outcome: "rejected" },
    lastPing: { at: NOON - 9 * HOUR, outcome: "unauthorized", mode: "message" },
  },
  paused: { loginEndsAt: NOON + 2 * DAY + 3 * HOUR },
  unmanaged: { accessExpiresAt: null, nextRefreshAt: null },
  unreadable: { accessExpiresAt: null, nextRefreshAt: null },
};

/** @returns a login in that state, as the keeper would show it. */
export function accountIn(state: LoginStateName, id = "anthropic", change: Partial<Login> = {}): Login {
  const reason = stateSentence(STATES[state], { id, signInHint: HINT, now: NOON, reader: "cli" });
  const reasonKind = reasonKindOf(STATES[state]);
  return loginOf(id, { ...CHANGES[state], state, reason, reasonKind, ...change });
}

/** Four logins, of which one needs its person. */
export function fourLogins(): readonly Login[] {
  return [
    accountIn("healthy", "anthropic/a1", { label: "work" }),
    accountIn("paused", "anthropic/b2", { label: "home" }),
    accountIn("signIn", "anthropic/c3", { label: "old job" }),
    accountIn("rateLimited", "anthropic/d4", { label: "spare" }),
  ];
}
