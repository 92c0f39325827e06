import type {
  Answered,
  Connection,
  HeldLock,
  Pair,
  Provider,
  UnknownOutcome,
  WriteSession,
} from "../../ports/ports.ts";
import { entriesOf, lookUp } from "../../shared/by-id.ts";
import { errorCode, plainReason } from "../../shared/errors.ts";
import type { HistoryEvent, HistoryWhat } from "../../shared/history.ts";
import type { EndReason } from "../../shared/states.ts";
import { writeProblemWords } from "../../shared/words/file-problem.ts";
import { clientRefusedWords } from "../../shared/words/history.ts";
import { endSentence } from "../../shared/words/state.ts";
import { managedEntries } from "../decide/detect.ts";
import { type EngineContext, type Facts, gatherFacts, PATHS } from "../decide/facts.ts";
import { CAREFUL_TRIES, DEFAULT_LIFETIME } from "../decide/schedule.ts";
import { type OpenIntent, openIntents, type Successor } from "../notes/journal.ts";
import { isSpent, saveLedger, withToken } from "../notes/ledger.ts";
import { type Wait, withWait } from "../notes/waits.ts";
import { type Grant, isGrant, type Meaning, meaningOf } from "./answer.ts";
import type { HeldAnswer } from "./held.ts";
import { noteWait, setWaits, type WaitReason } from "./note-waits.ts";
import type { Settle } from "./record.ts";

const CONNECT_MS = 15_000;
const ANSWER_MS = 30_000;
const MAX_ANSWER_BYTES = 1024 * 1024;
/** An intent older than this is closed as not sent: its lock may be in other hands (design section 4, "The transaction"). */
const INTENT_FRESH_MS = 5_000;
const REREAD_MS = 3_000;
const REREAD_STEP_MS = 250;
const MONITOR_MS = 1_000;

export interface RedeemInput {
  readonly context: EngineContext;
  readonly lock: HeldLock;
  readonly session: WriteSession;
  readonly provider: Provider;
  readonly facts: Facts;
  /** The token that is sent. */
  readonly pair: Pair;
  readonly fp: string;
  /** The logins that hold it. */
  readonly ids: readonly string[];
  readonly attempt: number;
  /** Answers that are not yet known to be safe; this adds its own (I2). */
  readonly held: Map<string, HeldAnswer>;
  readonly settle: Settle;
  readonly stopping: () => boolean;
  /** Resolves when the system is known to wait for us, or that it cannot be asked. */
  readonly holding: Promise<unknown>;
  /** Worth a line for a person; goes to the history, too. */
  readonly onEvents: (events: readonly HistoryEvent[]) => void;
  /** The intent is on disk: the login is `refreshing`. */
  readonly onSending: () => Promise<void>;
}

export type Redeemed =
  | { readonly kind: "success" }
  | { readonly kind: "adopted" }
  | { readonly kind: "ended" }
  | { readonly kind: "waits"; readonly why: string }
  /** Nothing was sent, and nobody is to blame: the lock was lost, another process was first, or we stop or fall asleep. */
  | { readonly kind: "notSent" };

/**
 * One redemption of one refresh token, from "can we commit" to "the successor is durable" (design section 4). It commits
 * nothing: that is `putBacks` over the journal, as in every recovery.
 */
export async function redeem(input: RedeemInput): Promise<Redeemed> {
  const { context, session, fp } = input;
  const ready = await session.prepare();
  if (ready.kind === "cannot") return wait(input, { why: writeProblemWords(ready.problem), obstacle: "notWritten" });

  await recordTryAgain(input);
  const request = input.provider.refreshRequest(input.pair.refresh);
  const connection = await context.http.connect(request.url, { timeoutMs: CONNECT_MS });
  if (connection.kind === "notSent") return wait(input, { why: connection.reason, obstacle: "network", notSent: true });
  try {
    await input.holding;
    if (input.stopping()) return { kind: "notSent" };
    context.sending.add(fp);
    const sent = await send(input, connection, request);
    if (sent.kind !== "sent") return sent;
    const { answer, sentAt, intent } = sent;
    const meaning = meaningOf(answer, input.pair.refresh, context.clock.now());
    if (meaning.kind === "success") {
      const successor = successorFrom(input, meaning.grant, sentAt);
      // The answer is on disk before anything else happens to it; in memory it lives until it is known to be safe.
      const ours = { intent: intent.intent, successor };
      input.held.set(fp, { ...ours, journaled: false });
      try {
        await intent.succeed(successor);
        input.held.set(fp, { ...ours, journaled: true });
      } catch (error) {
        context.log.warn("an answer could not be journaled yet", { reason: plainReason(error) });
      }
    }
    // No answer can come any more: whoever reads the intent need not wait for this process.
    if (meaning.kind === "unknown")
      await intent.lose(context.clock.now()).catch(told(context, "that an answer is lost could not be written down"));
    await sent.monitorDone();
    await intent.close().catch(() => undefined);
    return await conclude(input, meaning).catch((error: unknown) => {
      if (errorCode(error) === null) throw error;
      const why = `our own notes cannot be written (${plainReason(error)})`;
      context.log.warn("what an answer means could not be written down", { reason: plainReason(error) });
      return meaning.kind === "success" ? { kind: "success" } : { kind: "waits", why };
    });
  } finally {
    context.sending.delete(fp);
    connection.close();
  }
}

/** "Try once more" with a login that has ended: once a minute, so it is written down before it is done. */
async function recordTryAgain({ context, lock, fp }: RedeemInput): Promise<void> {
  const { ledger } = await gatherFacts(context);
  const note = lookUp(ledger.tokens, fp);
  if (note?.ended === undefined || !(await lock.stillOurs())) return;
  const tried = withToken(ledger, fp, { ...note, triedAgainAt: context.clock.now() });
  await saveLedger(context.files, PATHS.ledger(context.folder), tried, context.random);
}

interface Sent {
  readonly kind: "sent";
  readonly answer: Answered | UnknownOutcome;
  readonly sentAt: number;
  readonly intent: OpenIntent;
  readonly monitorDone: () => Promise<void>;
}

async function send(
  input: RedeemInput,
  connection: Connection,
  request: ReturnType<Provider["refreshRequest"]>,
): Promise<Sent | Redeemed> {
  const { context, fp, attempt } = input;
  const { clock } = context;
  const at = clock.now();
  const atMonotonic = clock.monotonic();
  let intent: OpenIntent | null;
  try {
    intent = await context.journal.open({
      fp,
      attempt,
      file: context.file,
      ids: [...input.ids],
      at,
      owner: context.processes.self(),
    });
  } catch (error) {
    context.log.warn("an intent could not be written, so nothing is sent", { reason: plainReason(error) });
    return wait(input, {
      why: "our own notes cannot be written, so an answer could not be kept",
      obstacle: "notWritten",
    });
  }
  if (intent === null) return { kind: "notSent" };

  const ours = await input.lock.stillOurs();
  const fresh = clock.monotonic() - atMonotonic < INTENT_FRESH_MS && Math.abs(clock.now() - at) < INTENT_FRESH_MS;
  if (!ours || !fresh || input.stopping()) {
    await intent.takeBack();
    return { kind: "notSent" };
  }
  const sentAt = clock.now();
  const answering = connection.send({
    ...request,
    timeoutMs: ANSWER_MS,
    maxBytes: MAX_ANSWER_BYTES,
    isWhole: (status, body) => isGrant({ kind: "answered", status, headers: {}, body }, input.pair.refresh),
  });
  const monitor = new AbortController();
  const monitoring = watchForRemoval(input, monitor.signal).catch(told(context, "the file could not be watched"));
  const answer = await answering;
  if (answer.kind === "notSent") {
    monitor.abort();
    await monitoring;
    await intent.takeBack();
    return wait(input, { why: answer.reason, obstacle: "network" });
  }
  return {
    kind: "sent",
    answer,
    sentAt,
    intent,
    monitorDone: () => {
      monitor.abort();
      return monitoring;
    },
  };
}

/** A login that is signed out while its answer is under way must stay signed out (I8): it is noticed, and written down. */
async function watchForRemoval(input: RedeemInput, signal: AbortSignal): Promise<void> {
  const { clock, credentialFile } = input.context;
  // What is shown must never be able to cost an answer.
  await input.onSending().catch(told(input.context, "that a refresh is under way could not be shown"));
  let last = await credentialFile.read();
  while (!signal.aborted) {
    await clock.sleep(MONITOR_MS, signal);
    if (signal.aborted) return;
    const reading = await credentialFile.read();
    const changed = reading.kind === "good" && (last.kind !== "good" || last.text !== reading.text);
    if (changed) await input.settle().catch(told(input.context, "a change of the file could not be written down"));
    last = reading;
  }
}

/** One line in the log, and on it goes. */
function told({ log }: EngineContext, what: string): (error: unknown) => void {
  return (error) => log.warn(what, { reason: plainReason(error) });
}

function successorFrom(input: RedeemInput, grant: Grant, sentAt: number): Successor {
  const { context, facts, pair, fp } = input;
  const note = lookUp(facts.ledger.tokens, fp);
  const lineage = note === undefined ? undefined : lookUp(facts.ledger.lineages, note.lineage);
  // A server that hands out a token which it took from us before gives nothing that may be written (I5): the old one stays.
  const fresh =
    grant.refresh !== null && !isSpent(facts.ledger, context.fingerprint.of(grant.refresh)) ? grant.refresh : null;
  const refresh = fresh ?? pair.refresh;
  const standing = facts.managed.filter((managed) => managed.fp === fp).map(({ accessFp }) => accessFp);
  const refused = entriesOf(facts.pings.logins).some(([, ping]) => ping.refusedFp === fp);
  return {
    pair: {
      access: grant.access,
      refresh,
      expires: sentAt + (grant.lifetimeMs ?? lineage?.lifetimeMs ?? DEFAULT_LIFETIME),
    },
    fp: context.fingerprint.of(refresh),
    at: sentAt,
    lifetimeMs: grant.lifetimeMs,
    loginLifetimeMs: grant.loginLifetimeMs,
    // Only ever compared; a server that puts a secret there must not bring it into our notes.
    accountUuid: grant.accountUuid === null ? null : context.fingerprint.of(grant.accountUuid),
    by401: refused,
    replaces: [...new Set([context.fingerprint.of(pair.access), ...standing])],
  };
}

async function conclude(input: RedeemInput, meaning: Meaning): Promise<Redeemed> {
  const { context, fp, attempt, ids } = input;
  const tell = (by: HistoryEvent["by"], what: HistoryWhat) => {
    const events = ids.map((id) => ({ at: context.clock.now(), id, by, what, fingerprint: fp }));
    input.onEvents(events);
    return context.history.append(events);
  };
  switch (meaning.kind) {
    case "success":
      await setWaits(context, (waits) =>
        withWait(withWait(waits, "tokens", fp, null), "providers", input.provider.id, null),
      );
      await tell("us", { kind: "refreshed" });
      return { kind: "success" };
    case "ended":
      return ended(input, tell);
    case "invalidClient": {
      const why = clientRefusedWords(input.provider.name);
      await noteWait(input.context, { why, obstacle: "provider", answered: true }, "providers", input.provider.id);
      await context.journal.discard(fp, attempt);
      await tell("the provider", { kind: "clientRefused", provider: input.provider.name });
      return { kind: "waits", why };
    }
    case "transient": {
      const result = await wait(input, { ...meaning, obstacle: "provider", answered: true });
      await context.journal.discard(fp, attempt);
      await tell("the provider", { kind: "notRefreshed", why: meaning.why });
      return result;
    }
    case "unknown": {
      const now = context.clock.now();
      const open = openIntents(await context.journal.load(), fp);
      const since = Math.min(open[0]?.at ?? now, now);
      // For people; when to try again, the intents alone tell.
      const value: Wait = { kind: "unknown", since, next: since, count: open.length, why: meaning.why };
      await setWaits(context, (waits) => withWait(waits, "tokens", fp, value));
      // One an hour for weeks: the first says since when, the newest when to go on.
      for (const each of open.slice(1, -CAREFUL_TRIES)) await context.journal.discard(fp, each.attempt);
      await tell("us", { kind: "answerLost", why: meaning.why });
      return { kind: "waits", why: meaning.why };
    }
    default:
      return meaning satisfies never;
  }
}

/** `invalid_grant` is evidence about the bytes that were sent: a newer pair in the file makes it void. */
async function ended(
  input: RedeemInput,
  tell: (by: HistoryEvent["by"], what: HistoryWhat) => Promise<void>,
): Promise<Redeemed> {
  const { context, fp, facts } = input;
  const { clock, credentialFile, providers, fingerprint } = context;
  const until = clock.monotonic() + REREAD_MS;
  const lost = openIntents(facts.journal, fp)[0];
  const discardAll = async () => {
    for (const { attempt } of openIntents(await context.journal.load(), fp)) await context.journal.discard(fp, attempt);
  };
  for (;;) {
    const reading = await credentialFile.read();
    if (reading.kind === "good") {
      const now = managedEntries(reading, providers, fingerprint).filter(({ entry }) => input.ids.includes(entry.id));
      if (now.some((each) => each.fp !== null && each.fp !== fp && !isSpent(facts.ledger, each.fp))) {
        await discardAll();
        await tell("another writer", { kind: "newerFound" });
        return { kind: "adopted" };
      }
    }
    if (clock.monotonic() >= until) break;
    await clock.sleep(REREAD_STEP_MS);
  }
  const settled = await gatherFacts(context);
  const note = lookUp(settled.ledger.tokens, fp) ?? lookUp(facts.ledger.tokens, fp);
  const lineage = note === undefined ? undefined : lookUp(settled.ledger.lineages, note.lineage);
  const at = clock.now();
  const reason = endedBecause(lost?.at ?? null, lineage?.loginEndsAt ?? null, at);
  if (note !== undefined && (await input.lock.stillOurs())) {
    const ledger = withToken(settled.ledger, fp, {
      ...note,
      ended: { at: note.ended?.at ?? at, why: endSentence(reason), reason },
    });
    await saveLedger(context.files, PATHS.ledger(context.folder), ledger, context.random);
    await discardAll();
  }
  await tell("the provider", { kind: "ended", reason });
  return { kind: "ended" };
}

function endedBecause(lostAt: number | null, deadline: number | null, now: number): EndReason {
  if (lostAt !== null) return "answerLost";
  if (deadline !== null && deadline <= now) return "deadline";
  return "refused";
}

async function wait(input: RedeemInput, reason: WaitReason): Promise<Redeemed> {
  await noteWait(input.context, reason, "tokens", input.fp);
  return { kind: "waits", why: reason.why };
}
