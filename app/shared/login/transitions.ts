/** What is new from one snapshot to the next, as data: lines of a keeper, and whoever else reacts to a change. Pure. */
import { RULES } from "./rules.ts";
import type { Login, Snapshot } from "./snapshot.ts";

type File = Snapshot["file"];

export type Transition =
  /** The credential file, or our own notes on it, cannot be used (any more, or for another reason). */
  | { readonly kind: "fileUnusable"; readonly file: File }
  /** There is no credential file (any more). */
  | { readonly kind: "fileMissing"; readonly file: File }
  /** It can be read (again). Not told of the first snapshot, where that is no news. */
  | { readonly kind: "fileUsable"; readonly file: File }
  | LoginTransition;

/** `login`: it as it is now; of one that is gone, as it was. */
export interface LoginTransition {
  readonly kind: /** Seen for the first time since we look; its state tells how it is. */
    | "appeared"
    | "gone"
    | "refreshed"
    /** Another program put a newer pair into the file. */
    | "adopted"
    /** A refresh did not work; `lastRefresh` says what came of it, the next transition how the login is now. */
    | "refreshFailed"
    | "signInNeeded"
    /** Someone must decide: it is shared, an old copy, or emptied. */
    | "needsYou"
    /** It will be tried again by itself: another reason, or another time. */
    | "retrying"
    | "unreadable"
    /** Well again after one of the four above. */
    | "recovered"
    | "paused"
    | "resumed"
    /** It is well, or left alone, and something is new about that. */
    | "remarked"
    /** A ping was sent. */
    | "pinged";
  readonly login: Login;
}

/**
 * @param before null = nothing was seen yet.
 * @returns what is new in `after`: the file, then login by login in its order, then what is gone.
 */
export function transitions(before: Snapshot | null, after: Snapshot): readonly Transition[] {
  return [
    ...ofFile(before?.file, after.file),
    ...after.accounts.flatMap((login) => {
      const old = before?.accounts.find(({ id }) => id === login.id);
      const kinds = old === undefined ? (["appeared"] as const) : ofLogin(old, login, after.generatedAt);
      return kinds.map((kind) => ({ kind, login }));
    }),
    ...goneFrom(before, after).map((login) => ({ kind: "gone", login }) as const),
  ];
}

/**
 * What to compare the next snapshot with: a login that is being refreshed counts as it was before, so that the transition can
 * tell what came of it.
 */
export function baseline(before: Snapshot | null, after: Snapshot): Snapshot {
  const logins = after.accounts.map((login) =>
    login.state === "refreshing" ? (before?.accounts.find(({ id }) => id === login.id) ?? login) : login,
  );
  return { ...after, accounts: logins };
}

function ofFile(old: File | undefined, file: File): readonly Transition[] {
  const now = fileKind(file);
  if (old === undefined) return now === "fileUsable" ? [] : [{ kind: now, file }];
  const isSame = fileKind(old) === now && (old.problemKind ?? null) === (file.problemKind ?? null);
  return isSame ? [] : [{ kind: now, file }];
}

function fileKind({ problem, format }: File): "fileUnusable" | "fileMissing" | "fileUsable" {
  if (problem !== null) return "fileUnusable";
  return format === null ? "fileMissing" : "fileUsable";
}

/** A file that cannot be read tells of no login that it is gone. */
function goneFrom(before: Snapshot | null, after: Snapshot): readonly Login[] {
  if (before === null || after.file.format === null) return [];
  return before.accounts.filter(({ id }) => !after.accounts.some((login) => login.id === id));
}

function ofLogin(old: Login, login: Login, now: number): readonly LoginTransition["kind"][] {
  const state = isNews(old, login, now) ? stateKind(old, login) : null;
  const { lastPing } = login;
  const isPinged = lastPing !== null && lastPing.at !== old.lastPing?.at && lastPing.outcome !== "skipped";
  return [refreshKind(old, login), state, isPinged ? ("pinged" as const) : null].filter((kind) => kind !== null);
}

function refreshKind(old: Login, { lastRefresh }: Login): "refreshed" | "adopted" | "refreshFailed" | null {
  if (lastRefresh === null || lastRefresh.at === old.lastRefresh?.at) return null;
  const { outcome } = lastRefresh;
  return outcome === "refreshed" || outcome === "adopted" ? outcome : "refreshFailed";
}

/** Is it in another state, for another reason, or until another time? */
function isNews(old: Login, login: Login, now: number): boolean {
  const { state, reasonKind = null, nextRefreshAt: next } = login;
  if (calm(old.state) !== calm(state)) return true;
  // What is no longer remarkable is no news.
  if (reasonKind !== null && (old.reasonKind ?? null) !== reasonKind) return true;
  switch (state) {
    case "rateLimited":
    case "outcomeUnknown":
      // A time that has come is no new one.
      return next !== old.nextRefreshAt && (next === null || next > now);
    case "paused":
      return (old.pausedUntil ?? null) !== (login.pausedUntil ?? null);
    case "shared":
      return old.sharedWith !== login.sharedWith;
    case "healthy":
    case "due":
    case "refreshing":
    case "retrying":
    case "oldCopy":
    case "wipedElsewhere":
    case "signIn":
    case "unmanaged":
    case "unreadable":
      return false;
  }
}

function stateKind(old: Login, { state }: Login): LoginTransition["kind"] {
  const { weight } = RULES[state];
  switch (weight) {
    case "needsYou":
      return state === "signIn" ? "signInNeeded" : "needsYou";
    case "waiting":
      return "retrying";
    case "unreadable":
      return "unreadable";
    case "paused":
      return "paused";
    case "well":
      if (old.state === "paused") return "resumed";
      return RULES[old.state].weight === "well" ? "remarked" : "recovered";
  }
}

/** A refresh passes through these; only what comes of it is news. */
function calm(state: Login["state"]): Login["state"] {
  return state === "due" || state === "refreshing" ? "healthy" : state;
}
