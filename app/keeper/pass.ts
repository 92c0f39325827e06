import { errorCode, plainReason } from "../shared/errors.ts";
import type { HistoryEvent } from "./api.ts";
import { assess, putBacks, rescuePair } from "./assess.ts";
import { type EngineContext, type Facts, gatherFacts, PATHS } from "./facts.ts";
import { pairOf, type Successor } from "./journal.ts";
import { endOf, isSpent } from "./ledger.ts";
import { clearLeftovers } from "./leftovers.ts";
import { noteWait } from "./note-waits.ts";
import { managedEntries } from "./observe.ts";
import { makeFolderDurably } from "./persist.ts";
import type { ChangePlan, CommitResult, HeldLock, Pair, PairChange, Provider, WriteSession } from "./ports.ts";
import { type Redeemed, redeem } from "./redeem.ts";
import { closeUnrotated, type Settle, settle, sweep, unrotatedDone } from "./settle.ts";

/** Beside the credential file; held through the watch (design section 4, "The lock"). */
export const LOCK = { beatMs: 5_000, silenceMs: 45_000, judgeProcess: true } as const;
const COMMIT_RETRY_MS = 5_000;
const COMMIT_TRIES = 6;
const HELD_RETRY_MS = 1_000;

export interface PassRequest {
  /** Refresh what is due. */
  readonly due: boolean;
  /** Refresh now: login id -> the fingerprint it set out from; a newer one found under the lock satisfies it. */
  readonly force: ReadonlyMap<string, string | null>;
  readonly allowOldCopy?: string;
  /** Put our safe copy back into this wiped entry. */
  readonly rescue?: string;
  readonly lockWaitMs: number;
  readonly networkBackAt?: number | undefined;
  readonly signal: AbortSignal;
  readonly onEvents: (events: readonly HistoryEvent[]) => void;
  /** Something changed that people may want to see. */
  readonly onChange: () => Promise<void>;
}

export type PassResult =
  | { readonly kind: "done"; readonly redeemed: ReadonlyMap<string, Redeemed>; readonly commitFailed: string | null }
  | { readonly kind: "busy"; readonly owner: string }
  /** Nothing could be written, so nothing was sent. */
  | { readonly kind: "cannot"; readonly reason: string };

/**
 * One stay under the lock: bring our notes up to date, bring the file up to date, redeem what is asked for, one login after
 * the other, then watch over what was written.
 */
export async function runPass(context: EngineContext, request: PassRequest): Promise<PassResult> {
  const path = await context.credentialFile.lockPath();
  let lock;
  try {
    lock = await context.lock.acquire(path, { ...LOCK, waitMs: request.lockWaitMs, signal: request.signal });
  } catch (error) {
    return cannot(error, "the folder of the file cannot be written");
  }
  if (lock.kind === "busy") return lock;
  const session = context.credentialFile.openSession();
  try {
    context.checkFolders();
    for (const folder of [PATHS.journal(context.stateDir), context.folder]) {
      await makeFolderDurably(context.files, folder, context.stateDir);
    }
    return await underLock(context, request, lock, session);
  } catch (error) {
    return cannot(error, "our own notes cannot be written");
  } finally {
    await session.close();
    await lock.release();
  }
}

/** Only errors of files end here; anything else is a defect, or a sentence for the user already. */
function cannot(error: unknown, what: string): PassResult {
  if (errorCode(error) === null) throw error;
  return { kind: "cannot", reason: `${what} (${plainReason(error)})` };
}

async function underLock(
  context: EngineContext,
  request: PassRequest,
  lock: HeldLock,
  session: WriteSession,
): Promise<PassResult> {
  const { clock, random } = context;
  const held = new Map<string, Successor>();
  const redeemed = new Map<string, Redeemed>();
  const tried = new Set<string>();
  let allowOldCopy = request.allowOldCopy;
  let commitFailed: string | null = null;
  const settleNow: Settle = () =>
    settle(context, {
      networkBackAt: request.networkBackAt,
      held,
      allowOldCopy,
      mayWrite: () => lock.stillOurs(),
      onEvents: request.onEvents,
    });
  const plan: ChangePlan = async (reading) => {
    const facts = await gatherFacts(context, { held, reading });
    const rescued = request.rescue === undefined ? [] : rescueChange(facts, request.rescue);
    return [...putBacks(facts, reading, context.providers, context.fingerprint), ...rescued];
  };

  await session.tidy();
  for (;;) {
    let facts = await settleNow();
    allowOldCopy = undefined;
    if (facts.reading.kind !== "good") break;
    if ((await plan(facts.reading)).length > 0) {
      const result = await commitOrKeepTrying(context, session, plan, request.signal);
      commitFailed = result.kind === "failed" ? result.reason : null;
      if (result.kind === "written") await tellPutBack(context, request, facts, redeemed);
      facts = await settleNow();
      if (commitFailed !== null) await noteCommitFailed(context, facts, commitFailed);
      await request.onChange();
      if (commitFailed !== null) break;
    }
    if (unrotatedDone(facts, context.file).length > 0 && (await lock.stillOurs())) {
      await closeUnrotated(context, facts);
      facts = await settleNow();
    }
    if (choose(context, facts, request, tried) === null || request.signal.aborted) break;
    if (tried.size > 0) {
      // One provider is never asked twice in the same moment.
      await clock.sleep(1_000 + Math.round(random.fraction() * 2_000), request.signal);
      facts = await settleNow();
    }
    const target = choose(context, facts, request, tried);
    if (target === null || request.signal.aborted) break;
    tried.add(target.fp);
    const result = await redeemTarget(context, request, { lock, session, facts, held, target, settle: settleNow });
    for (const id of target.ids) redeemed.set(id, result);
    if (held.size > 0) await saveHeld(context, session, plan, held);
    if (result.kind === "notSent") break;
  }

  let known = await gatherFacts(context, { held });
  await session.watch(context.watchMs, plan, (refresh) => isSpent(known.ledger, context.fingerprint.of(refresh)));
  known = await settleNow();
  if (await lock.stillOurs()) {
    await sweep(context, known);
    await clearLeftovers(context, known, request.signal);
  }
  return { kind: "done", redeemed, commitFailed };
}

interface Target {
  readonly fp: string;
  readonly pair: Pair;
  readonly provider: Provider;
  readonly ids: readonly string[];
  readonly attempt: number;
}

/** The next login to redeem: the one that has been due longest. */
function choose(context: EngineContext, facts: Facts, request: PassRequest, tried: ReadonlySet<string>): Target | null {
  const wanted = facts.managed
    .map((managed) => {
      const from = request.force.get(managed.entry.id);
      const forced = request.force.has(managed.entry.id) && (from === null || from === managed.fp);
      return { managed, forced, assessment: assess(facts, managed, forced ? "user" : "none") };
    })
    .filter(({ forced }) => forced || request.due)
    .sort((a, b) => (a.assessment.dueSince ?? 0) - (b.assessment.dueSince ?? 0));
  for (const { managed, assessment } of wanted) {
    const { redeem: plan } = assessment;
    const provider = context.providers.get(managed.entry.provider);
    if (plan === null || tried.has(plan.fp) || provider === undefined) continue;
    const pair = managed.fp === plan.fp ? managed.entry.pair : pairOf(facts.journal, plan.fp);
    if (pair === null) continue;
    const ids = facts.managed
      .filter(({ fp }) => fp !== null && endOf(facts.ledger, fp) === plan.fp)
      .map(({ entry }) => entry.id);
    return { fp: plan.fp, pair, provider, ids, attempt: plan.attempt };
  }
  return null;
}

async function redeemTarget(
  context: EngineContext,
  request: PassRequest,
  input: {
    readonly lock: HeldLock;
    readonly session: WriteSession;
    readonly facts: Facts;
    readonly held: Map<string, Successor>;
    readonly target: Target;
    readonly settle: Settle;
  },
): Promise<Redeemed> {
  const { facts, target } = input;
  const expiresIn = Math.round((target.pair.expires - facts.now) / 1000);
  for (const id of target.ids)
    context.log.info("token expired or expiring soon, refreshing", { recordId: id, expiresIn });
  const result = await redeem({
    context,
    lock: input.lock,
    session: input.session,
    provider: target.provider,
    facts,
    pair: target.pair,
    fp: target.fp,
    ids: target.ids,
    attempt: target.attempt,
    held: input.held,
    settle: input.settle,
    stopping: () => request.signal.aborted,
    onEvents: request.onEvents,
    onSending: request.onChange,
  });
  for (const id of target.ids) logResult(context, id, result);
  return result;
}

function logResult(context: EngineContext, id: string, result: Redeemed): void {
  switch (result.kind) {
    case "success":
      context.log.info("token refresh successful", { recordId: id });
      return;
    case "waits":
      context.log.warn("token refresh will be tried again", { recordId: id, reason: result.why });
      return;
    case "ended":
      context.log.error("the login has ended, sign in again", { recordId: id });
      return;
    case "adopted":
      context.log.info("a newer token was found", { recordId: id });
      return;
    case "notSent":
      return;
    default:
      result satisfies never;
  }
}

/** Commits; where that fails, the successor waits in the journal and it is tried again for a while. */
async function commitOrKeepTrying(
  context: EngineContext,
  session: WriteSession,
  plan: ChangePlan,
  signal: AbortSignal,
): Promise<CommitResult> {
  for (let tries = 1; ; tries++) {
    const result = await session.commit(plan);
    if (result.kind !== "failed" || tries >= COMMIT_TRIES || signal.aborted) return result;
    context.log.warn("the file could not be written, it is tried again", { reason: result.reason });
    await context.clock.sleep(COMMIT_RETRY_MS, signal);
  }
}

/** A commit that follows no refresh of this pass is a recovery, a stale write that was healed, or a rescue. */
async function tellPutBack(
  context: EngineContext,
  request: PassRequest,
  before: Facts,
  redeemed: ReadonlyMap<string, Redeemed>,
): Promise<void> {
  const ids = before.managed
    .filter(({ entry, fp }) => (fp === null ? entry.id === request.rescue : isSpent(before.ledger, fp)))
    .map(({ entry }) => entry.id)
    .filter((id) => !redeemed.has(id));
  const events: readonly HistoryEvent[] = ids.map((id) => ({
    at: context.clock.now(),
    id,
    by: "us",
    what: "the newest pair was put into the file",
    fingerprint: null,
  }));
  request.onEvents(events);
  await context.history.append(events);
}

/** The logins whose newest generation waits in the journal are not well until the file holds it. */
async function noteCommitFailed(context: EngineContext, facts: Facts, reason: string): Promise<void> {
  const why = `the file could not be written (${reason}); the new token is safe in our journal`;
  for (const { fp } of facts.managed) {
    if (fp !== null && isSpent(facts.ledger, fp))
      await noteWait(context, { why, exactlyMs: COMMIT_RETRY_MS }, "tokens", fp);
  }
}

/**
 * An answer that could not be journaled goes into the file at once, before anything else is written; until one copy is durable,
 * nothing else is done (I2).
 */
async function saveHeld(
  context: EngineContext,
  session: WriteSession,
  plan: ChangePlan,
  held: Map<string, Successor>,
): Promise<void> {
  const planned: ChangePlan = async (reading) => {
    try {
      return await plan(reading);
    } catch {
      // Not even our notes can be read: the redeemed token itself says where its successor belongs.
      return managedEntries(reading, context.providers, context.fingerprint).flatMap(({ entry, fp }) => {
        const pair = fp === null ? null : (held.get(fp)?.pair ?? null);
        return pair === null ? [] : [{ id: entry.id, from: entry.pair.refresh, pair }];
      });
    }
  };
  for (;;) {
    const result = await session.commit(planned);
    await sealHeld(context, held).catch(() => undefined);
    if (result.kind === "written" || held.size === 0) return;
    context.log.warn("an answer is only in memory yet, it is tried again");
    await context.clock.sleep(HELD_RETRY_MS);
  }
}

/** Tries again to journal what could not be journaled. */
async function sealHeld(context: EngineContext, held: Map<string, Successor>): Promise<void> {
  if (held.size === 0) return;
  const { intents } = await context.journal.load();
  for (const [fp, successor] of held) {
    const newest = intents.filter((intent) => intent.fp === fp).sort((a, b) => b.attempt - a.attempt)[0];
    if (newest === undefined) continue;
    try {
      await context.journal.seal(newest, successor);
      held.delete(fp);
    } catch {
      context.log.warn("an answer could not be journaled yet");
    }
  }
}

function rescueChange(facts: Facts, id: string): readonly PairChange[] {
  const entry = facts.managed.find((managed) => managed.entry.id === id && managed.fp === null);
  const pair = entry === undefined ? null : rescuePair(facts, id);
  return pair === null ? [] : [{ id, from: "", pair }];
}
