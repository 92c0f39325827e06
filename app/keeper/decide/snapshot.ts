import type { Entry, GoodReading } from "../../ports/credential-file.ts";
import type { Providers } from "../../ports/provider.ts";
import { lookUp } from "../../shared/by-id.ts";
import { sentenceOf } from "../../shared/rules.ts";
import type { Account, Snapshot } from "../../shared/snapshot.ts";
import type { LoginState } from "../../shared/states.ts";
import { nextStepForFile } from "../../shared/words/next-steps.ts";
import { type Assessment, assess } from "./assess.ts";
import { observeFacts } from "./detect.ts";
import type { Facts } from "./facts.ts";

export interface KeeperInfo {
  readonly pid: number;
  readonly since: number;
}

/** The snapshot: a pure function of the facts (design section 3). */
export function project(facts: Facts, path: string, providers: Providers, keeper: KeeperInfo | null): Snapshot {
  const { reading } = facts;
  const known: Facts = { ...facts, ledger: observeFacts(facts, false).ledger };
  return {
    version: 1,
    generatedAt: facts.now,
    keeper: { running: keeper !== null, pid: keeper?.pid ?? null, since: keeper?.since ?? null },
    file: {
      path,
      format: reading.kind === "good" ? reading.format : null,
      problem: reading.kind === "problem" ? reading.problem : null,
    },
    accounts: reading.kind === "good" ? loginsIn(reading).map((entry) => account(known, entry, providers)) : [],
  };
}

type LoginEntry = Exclude<Entry, { kind: "other" }>;

/** @returns the entries that are shown as logins. */
export function loginsIn({ entries }: GoodReading): readonly LoginEntry[] {
  return entries.filter((entry) => entry.kind !== "other");
}

function account(facts: Facts, entry: LoginEntry, providers: Providers): Account {
  const base = {
    id: entry.id,
    provider: entry.provider,
    label: lookUp(facts.settings.names, entry.id) ?? entry.label,
    accessExpiresAt: null,
    loginEndsAt: null,
    nextRefreshAt: null,
    lastRefresh: null,
    lastPing: null,
    sharedWith: null,
  };
  if (entry.kind === "unreadable") {
    const reason = sentenceOf({ name: "unreadable", why: entry.why }, entry.id, "", facts.now);
    return { ...base, state: "unreadable", reason };
  }
  const expires = entry.pair.expires > 0 ? entry.pair.expires : null;
  const provider = providers.get(entry.provider);
  if (provider === undefined) {
    const why = "Pilot Light has no adapter for this provider and leaves this login alone.";
    return { ...base, accessExpiresAt: expires, state: "unmanaged", reason: why };
  }
  const managed = facts.managed.find((each) => each.entry === entry) ?? { entry, fp: null, accessFp: "" };
  const assessment = assess(facts, managed);
  const { state, fp } = assessment;
  const note = fp === null ? undefined : lookUp(facts.ledger.tokens, fp);
  const lineage = note === undefined ? undefined : lookUp(facts.ledger.lineages, note.lineage);
  return {
    ...base,
    state: state.name,
    reason: reasonOf(facts, state, entry.id, provider.signInHint) ?? warning(facts, lineage?.accountChangedAt),
    accessExpiresAt: expires,
    loginEndsAt: lineage?.loginEndsAt ?? null,
    nextRefreshAt: assessment.nextAt,
    lastRefresh: lastRefresh(facts, entry.id, entry.provider, assessment),
    lastPing: lookUp(facts.pings.logins, entry.id)?.last ?? null,
    sharedWith:
      state.name === "shared" ? state.with : (facts.shared.tokens.get(entry.pair.refresh) ?? facts.shared.all),
  };
}

/** What is said of the state; of a file that cannot be replaced also what to do, which the state alone does not tell. */
function reasonOf({ reading, now }: Facts, state: LoginState, id: string, signInHint: string): string | null {
  const sentence = sentenceOf(state, id, signInHint, now);
  const why = reading.kind === "good" ? reading.cannotReplace : null;
  if (sentence === null || why === null || state.name !== "retrying" || state.why !== why) return sentence;
  return `${sentence} ${nextStepForFile(why) ?? ""}`.trimEnd();
}

function warning(facts: Facts, accountChangedAt: number | undefined): string | null {
  if (accountChangedAt !== undefined)
    return "A refresh was answered for another account than before; check that this is the login you expect.";
  return facts.shared.warning;
}

/** The newest thing that became of a refresh. */
function lastRefresh(facts: Facts, id: string, provider: string, assessment: Assessment): Account["lastRefresh"] {
  const { fp } = assessment;
  const done = lookUp(facts.ledger.logins, id)?.lastRefresh ?? null;
  const ended = fp === null ? undefined : lookUp(facts.ledger.tokens, fp)?.ended;
  const wait = fp === null ? undefined : (lookUp(facts.waits.tokens, fp) ?? lookUp(facts.waits.providers, provider));
  if (ended !== undefined) return { at: ended.at, outcome: "rejected" };
  if (wait === undefined || (done !== null && done.at > wait.since)) return done;
  switch (wait.kind) {
    case "transient":
      return { at: wait.since, outcome: "transient" };
    case "rateLimited":
      return { at: wait.since, outcome: "rate-limited" };
    case "unknown":
      return { at: wait.since, outcome: "unknown" };
  }
}
