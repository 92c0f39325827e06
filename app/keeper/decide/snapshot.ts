import type { Entry, GoodReading } from "../../ports/credential-file.ts";
import type { Provider, Providers } from "../../ports/provider.ts";
import { lookUp } from "../../shared/data/by-id.ts";
import type { Login, Snapshot } from "../../shared/login/snapshot.ts";
import { type LoginState, reasonKindOf } from "../../shared/login/states.ts";
import { fileProblemWords } from "../../shared/words/file-problem.ts";
import { ACCOUNT_CHANGED, sharingUnseenSentence, stateSentence, UNKEPT } from "../../shared/words/state.ts";
import { type Assessment, assess } from "./assess.ts";
import { detectIn } from "./detect.ts";
import type { Facts } from "./facts.ts";
import { rescuables } from "./rescue.ts";

export interface KeeperInfo {
  readonly pid: number;
  readonly since: number;
}

/** The snapshot: a pure function of the facts. */
export function project(facts: Facts, path: string, providers: Providers, keeper: KeeperInfo | null): Snapshot {
  const { reading } = facts;
  const known: Facts = { ...facts, ledger: detectIn(facts, false).ledger };
  const offers = new Map(
    rescuables(facts).flatMap(({ id, obstacle, fingerprint }) => (obstacle === null ? [[id, fingerprint]] : [])),
  );
  return {
    version: 1,
    generatedAt: facts.now,
    keeper: { running: keeper !== null, pid: keeper?.pid ?? null, since: keeper?.since ?? null },
    file: {
      path,
      format: reading.kind === "good" ? reading.format : null,
      problem: reading.kind === "problem" ? fileProblemWords(reading.problem) : null,
      problemKind: reading.kind === "problem" ? reading.problem.kind : null,
    },
    accounts:
      reading.kind === "good"
        ? loginsIn(reading).map((entry) => shownLogin(known, entry, { providers, keeper, offers }))
        : [],
  };
}

/** Our own notes or the settings cannot be understood: the status says so in that sentence, and nothing is redeemed. */
export function projectProblem(problem: string, now: number, path: string, { pid, since }: KeeperInfo): Snapshot {
  return {
    version: 1,
    generatedAt: now,
    keeper: { running: true, pid, since },
    file: { path, format: null, problem, problemKind: "ownNotes" },
    accounts: [],
  };
}

type LoginEntry = Exclude<Entry, { kind: "other" }>;

/** @returns the entries that are shown as logins. */
export function loginsIn({ entries }: GoodReading): readonly LoginEntry[] {
  return entries.filter((entry) => entry.kind !== "other");
}

interface Around {
  readonly providers: Providers;
  readonly keeper: KeeperInfo | null;
  /** The fingerprint of the pair that `rescue` would put back, by login id. */
  readonly offers: ReadonlyMap<string, string>;
}

function shownLogin(facts: Facts, entry: LoginEntry, { providers, keeper, offers }: Around): Login {
  const offered = offers.get(entry.id);
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
    ...(offered === undefined ? {} : { rescuable: true }),
  };
  const said = (state: LoginState, signInHint = "", rescuable = false) => ({
    state: state.name,
    reason: stateSentence(state, { id: entry.id, signInHint, now: facts.now, reader: "cli", rescuable }),
    reasonKind: reasonKindOf(state),
    pausedUntil: state.name === "paused" ? state.until : null,
  });
  if (entry.kind === "unreadable") return { ...base, ...said({ name: "unreadable", problem: entry.why }) };
  const expires = entry.pair.expires > 0 ? entry.pair.expires : null;
  const provider = providers.get(entry.provider);
  if (provider === undefined) return { ...base, accessExpiresAt: expires, ...said({ name: "unmanaged" }) };
  const managed = facts.managed.find((each) => each.entry === entry) ?? { entry, fp: null, accessFp: "" };
  const assessment = assess(facts, managed);
  const { state, fp } = assessment;
  const note = fp === null ? undefined : lookUp(facts.ledger.tokens, fp);
  const signedInAt = lookUp(facts.ledger.logins, entry.id)?.signedInAt;
  const lineage = note === undefined ? undefined : lookUp(facts.ledger.lineages, note.lineage);
  return {
    ...base,
    ...warned(
      // What stands there already is used with `allow`.
      said(state, provider.signInHint, offered !== undefined && offered !== fp),
      facts,
      lineage?.accountChangedAt,
      isUnkept(facts, keeper, expires, assessment),
    ),
    accessExpiresAt: expires,
    loginEndsAt: lineage?.loginEndsAt ?? null,
    nextRefreshAt: assessment.nextAt,
    lastRefresh: lastRefresh(facts, entry.id, entry.provider, assessment),
    ...pingsOf(facts, entry.id, provider),
    ...(signedInAt === undefined ? {} : { signedInAt }),
    sharedWith:
      state.name === "shared" ? state.with : (facts.shared.tokens.get(entry.pair.refresh) ?? facts.shared.all),
  };
}

type Said = Pick<Login, "state" | "reason" | "reasonKind" | "pausedUntil">;

/** A keeper refreshes it in a moment; without one it stays expired. Also a pause of its pings is no answer to that. */
function isUnkept({ now }: Facts, keeper: KeeperInfo | null, expires: number | null, { state, nextAt }: Assessment) {
  const isCalm = state.name === "due" || state.name === "paused";
  return keeper === null && isCalm && expires !== null && expires <= now && nextAt !== null && nextAt <= now;
}

/** Where the state itself says nothing, what else deserves a look. */
function warned(said: Said, { shared }: Facts, accountChangedAt: number | undefined, unkept: boolean): Said {
  if (unkept) return { ...said, reason: UNKEPT, reasonKind: "unkept" };
  if (said.reason !== null) return said;
  if (accountChangedAt !== undefined) return { ...said, reason: ACCOUNT_CHANGED, reasonKind: "accountChanged" };
  return shared.unseen === null
    ? said
    : { ...said, reason: sharingUnseenSentence(shared.unseen), reasonKind: "sharingUnseen" };
}

/** A stop holds for what the pings asked then. */
function pingsOf({ pings }: Facts, id: string, provider: Provider): Pick<Login, "lastPing" | "pingStop"> {
  const note = lookUp(pings.logins, id);
  const stop = note?.stopped?.model === provider.pingTarget() ? note.stopped.stop : undefined;
  return { lastPing: note?.last ?? null, ...(stop === undefined ? {} : { pingStop: stop }) };
}

/** The newest thing that became of a refresh. */
function lastRefresh(facts: Facts, id: string, provider: string, assessment: Assessment): Login["lastRefresh"] {
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
