/** Facts as a test needs them, for the pure functions of the engine. The fingerprint of "r1" is "fp-r1". */

import { simProviders } from "../../../sim/world/process.ts";
import type { Entry, GoodReading, Pair } from "../../ports/credential-file.ts";
import type { Fingerprint } from "../../ports/fingerprint.ts";
import type { ReplaceProblem } from "../../shared/login/file-problem.ts";
import { parseSettings } from "../../shared/settings.ts";
import { type Assessment, assess, type Force } from "../decide/assess.ts";
import { type ManagedEntry, managedEntries } from "../decide/entries.ts";
import type { Facts } from "../decide/facts.ts";
import type { Copy, Intent, Successor } from "../notes/journal-text.ts";
import { type JournalView, journalView } from "../notes/journal-view.ts";
import { EMPTY_LEDGER, type Ledger, type LineageNote, type LoginNote, type TokenNote } from "../notes/ledger.ts";
import { NO_WAITS, type Wait, type Waits } from "../notes/waits.ts";

export const NOW = Date.UTC(2026, 10, 23, 12);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const FILE = "file-hash";
export const readable: Fingerprint = { of: (secret) => `fp-${secret}`, keep: async () => undefined };

/** A generation that is not due for hours. */
export function pairOf(refresh: string, more: Partial<Pair> = {}): Pair {
  return { access: `access-${refresh}`, refresh, expires: NOW + 8 * HOUR, ...more };
}

export function oauth(id: string, refresh: string, more: Partial<Pair> = {}, provider = "anthropic"): Entry {
  return { kind: "oauth", id, provider, label: id, pair: pairOf(refresh, more) };
}

export function readingOf(entries: readonly Entry[], cannotReplace: ReplaceProblem | null = null): GoodReading {
  return { kind: "good", format: "flat", entries, text: JSON.stringify(entries), cannotReplace };
}

export const managedIn = (reading: GoodReading): readonly ManagedEntry[] =>
  managedEntries(reading, simProviders, readable);

/** `tokens` and `lineages` by refresh token, without "fp-"; each token opens its own lineage unless it says otherwise. */
export function ledgerOf(
  tokens: Readonly<Record<string, Partial<TokenNote>>>,
  logins: Readonly<Record<string, Partial<LoginNote> & { readonly current: string }>> = {},
  lineages: Readonly<Record<string, Partial<LineageNote>>> = {},
): Ledger {
  const keyed = <T, R>(all: Readonly<Record<string, T>>, make: (key: string, value: T) => R) =>
    Object.fromEntries(Object.entries(all).map(([key, value]) => [`fp-${key}`, make(key, value)]));
  return {
    version: 1,
    tokens: keyed(tokens, (key, note) => ({ seenAt: NOW - DAY, lineage: `fp-${key}`, ...note })),
    logins: Object.fromEntries(
      Object.entries(logins).map(([id, login]) => [id, { provider: "anthropic", label: id, ...login }]),
    ),
    lineages: keyed(lineages, (_key, note) => ({ startedAt: NOW - DAY, ...note })),
  };
}

export function successorTo(refresh: string, more: Partial<Successor> = {}): Successor {
  return {
    pair: pairOf(refresh),
    fp: `fp-${refresh}`,
    at: NOW - HOUR,
    lifetimeMs: 8 * HOUR,
    loginLifetimeMs: null,
    accountUuid: null,
    by401: false,
    ...more,
  };
}

export function intentOn(refresh: string, more: Partial<Intent> = {}): Intent {
  return {
    version: 1,
    fp: `fp-${refresh}`,
    attempt: 1,
    file: FILE,
    ids: ["anthropic"],
    at: NOW - HOUR,
    owner: { boot: "boot", pidNamespace: "ns", pid: 7, startedAt: "7" },
    successor: null,
    ...more,
  };
}

/** So many attempts on a token without an answer, a minute apart, the first `since` ms ago. */
export function attempts(refresh: string, count: number, since = HOUR): readonly Intent[] {
  return Array.from({ length: count }, (_none, index) =>
    intentOn(refresh, { attempt: index + 1, at: NOW - since + index * MINUTE }),
  );
}

export function copyOf(refresh: string, more: Partial<Copy> = {}): Copy {
  return { version: 1, fp: `fp-${refresh}`, file: FILE, ids: ["anthropic"], pair: pairOf(refresh), ...more };
}

export function journalOf(intents: readonly Intent[] = [], copies: readonly Copy[] = []): JournalView {
  return journalView(intents, copies);
}

export function waitOf(kind: Wait["kind"], next: number, more: Partial<Wait> = {}): Wait {
  return { kind, since: NOW - MINUTE, next, count: 1, setback: { kind: "overloaded", status: 503 }, ...more };
}

export interface SceneOptions extends Partial<Omit<Facts, "reading" | "managed" | "settings">> {
  /** Default: one healthy login "anthropic" with the refresh token "r1". */
  readonly entries?: readonly Entry[];
  readonly cannotReplace?: ReplaceProblem;
  readonly settings?: unknown;
}

/** Facts with one known, healthy login, and what the test changes of them. */
export function scene(options: SceneOptions = {}): Facts {
  const { entries, cannotReplace, settings, ...more } = options;
  const reading = readingOf(entries ?? [oauth("anthropic", "r1")], cannotReplace ?? null);
  const ledger = more.ledger ?? ledgerOf({ r1: {} }, { anthropic: { current: "fp-r1" } }, { r1: {} });
  return {
    now: NOW,
    file: FILE,
    providers: simProviders,
    reading,
    managed: managedIn(reading),
    noted: ledger,
    ledger,
    journal: journalOf([], [copyOf("r1")]),
    waits: NO_WAITS,
    pings: { version: 1, logins: {} },
    damaged: [],
    settings: parseSettings(settings ?? {}),
    shared: { tokens: new Map(), all: null, unseen: null },
    senders: new Map(),
    networkBackAt: 0,
    trouble: null,
    ...more,
  };
}

// ---- what every test of `assess` starts from ------------------------------------------------------------------------

/** @returns what is found of one login. @throws when it is not managed. */
export function assessed(facts: Facts, force: Force = "none", id = "anthropic"): Assessment {
  const managed = facts.managed.find(({ entry }) => entry.id === id);
  if (managed === undefined) throw new Error(`${id} is not managed`);
  return assess(facts, managed, force);
}

/** The same of a scene. */
export const assessedIn = (options: SceneOptions, force: Force = "none"): Assessment => assessed(scene(options), force);

/** What waits on the token "r1", and what on its provider. */
export const onToken = (wait: Wait): Waits => ({ ...NO_WAITS, tokens: { "fp-r1": wait } });
export const onProvider = (wait: Wait): Waits => ({ ...NO_WAITS, providers: { anthropic: wait } });

/** The login of a scene, inside its lead. */
export const DUE = [oauth("anthropic", "r1", { expires: NOW + 5 * MINUTE })];
export const LATER = NOW + 10 * MINUTE;
/** Its first redemption. */
export const ONCE = { fp: "fp-r1", attempt: 1 };
/** Its note in the ledger. */
export const LOGIN = { anthropic: { current: "fp-r1" } };

export { EMPTY_LEDGER };
