import type { ChangePlan, GoodReading, Pair, Provider } from "../../ports/ports.ts";
import type { HistoryEvent } from "../../shared/history.ts";
import { assess } from "../decide/assess.ts";
import { managedEntries } from "../decide/detect.ts";
import type { EngineContext, Facts } from "../decide/facts.ts";
import type { RescueTarget } from "../decide/rescue.ts";
import { pairOf } from "../notes/journal.ts";
import { EMPTY_LEDGER, endOf, isSpent } from "../notes/ledger.ts";
import { clearLeftovers } from "./cleanup.ts";
import {
  COMMIT_RETRY_MS,
  makeFolders,
  NOTES_FAILED,
  planFor,
  reasonOf,
  type Stay,
  secure,
  settleOrKnow,
} from "./commit.ts";
import { noteWait } from "./note-waits.ts";
import { closeUnrotated, sweep, unrotatedDone } from "./record.ts";
import { type Redeemed, redeem } from "./redeem.ts";
import { createSleepHold } from "./sleep-hold.ts";

/** Beside the credential file; held through the watch (design section 4, "The lock"). */
export const LOCK = { beatMs: 5_000, silenceMs: 45_000, judgeProcess: true } as const;

export interface PassRequest {
  /** Refresh what is due. */
  readonly due: boolean;
  /** Refresh now: login id -> the fingerprint it set out from; a newer one found under the lock satisfies it. */
  readonly force: ReadonlyMap<string, string | null>;
  readonly allowOldCopy?: string;
  /** Put this generation back. */
  readonly rescue?: RescueTarget;
  readonly lockWaitMs: number;
  readonly networkBackAt?: number | undefined;
  readonly signal: AbortSignal;
  readonly onEvents: (events: readonly HistoryEvent[]) => void;
  /** Something changed that people may want to see. */
  readonly onChange: () => Promise<void>;
}

export type PassResult =
  | {
      readonly kind: "done";
      readonly redeemed: ReadonlyMap<string, Redeemed>;
      readonly commitFailed: string | null;
      /** Why our own notes could not be written, so that nothing more was sent. */
      readonly notesFailed: string | null;
      /** An answer could be written nowhere. */
      readonly lost: boolean;
    }
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
    return { kind: "cannot", reason: reasonOf(error, "the folder of the file cannot be written") };
  }
  if (lock.kind === "busy") return lock;
  const session = context.credentialFile.openSession();
  const stay: Stay = {
    context,
    request,
    lock,
    session,
    sleep: createSleepHold(context.power),
    held: new Map(),
    redeemed: new Map(),
    allowOldCopy: request.allowOldCopy,
    rescue: request.rescue,
    written: false,
    commitFailed: null,
    notesFailed: null,
    ledger: EMPTY_LEDGER,
  };
  try {
    context.checkFolders();
    await makeFolders(context);
    await underLock(stay);
  } catch (error) {
    stay.notesFailed = reasonOf(error, NOTES_FAILED);
  } finally {
    stay.sleep.end();
    await session.close();
    await lock.release();
  }
  const { redeemed, commitFailed, notesFailed, written, held } = stay;
  if (notesFailed !== null && redeemed.size === 0 && !written) return { kind: "cannot", reason: notesFailed };
  return { kind: "done", redeemed, commitFailed, notesFailed, lost: commitFailed !== null && held.size > 0 };
}

async function underLock(stay: Stay): Promise<void> {
  const { context, request, lock, session } = stay;
  const plan = planFor(stay);
  await session.tidy();
  let failure: unknown = null;
  try {
    await rounds(stay, plan);
  } catch (error) {
    failure = error;
  }
  // Also after an error: who had opened the file before our write may still write into what we replaced.
  await session.watch(context.watchMs, plan, (refresh) => isSpent(stay.ledger, context.fingerprint.of(refresh)));
  if (failure !== null) throw failure;
  const known = await settleOrKnow(stay);
  if (stay.notesFailed === null && (await lock.stillOurs())) {
    await sweep(context, known);
    await clearLeftovers(context, known, request.signal);
  }
}

/** One login after the other, each once: a pass that never ended would keep open every file that it replaced. */
async function rounds(stay: Stay, plan: ChangePlan): Promise<void> {
  const { context, request, lock, sleep, held, redeemed } = stay;
  const { clock, random } = context;
  const tried = new Set<string>();
  for (;;) {
    let facts = await settleOrKnow(stay);
    stay.allowOldCopy = undefined;
    if (facts.reading.kind !== "good") break;
    // What a rescue takes the place of must be in the journal first.
    if (stay.notesFailed !== null) stay.rescue = undefined;
    if (stay.commitFailed === null && (await plan(facts.reading)).length > 0) {
      const { rescue } = stay;
      const result = await secure(stay, plan);
      if (result.kind === "written") {
        const isBack = rescue !== undefined && standsIn(context, result.reading, rescue);
        await tellPutBack(context, request, facts, redeemed, isBack ? rescue.id : undefined);
        // What was held against it is released now; whoever changes it from here on means it.
        if (isBack) stay.allowOldCopy = rescue.id;
      }
      stay.rescue = undefined;
      facts = await settleOrKnow(stay);
      stay.allowOldCopy = undefined;
      await request.onChange();
    }
    if (stay.commitFailed !== null) await noteCommitFailed(context, facts, stay.commitFailed);
    if (stay.commitFailed !== null || stay.notesFailed !== null) break;
    if (unrotatedDone(facts, context.file).length > 0 && (await lock.stillOurs())) {
      await closeUnrotated(context, facts);
      facts = await settleOrKnow(stay);
    }
    if (choose(context, facts, request, tried) === null || isStopping(stay)) break;
    if (tried.size > 0) {
      // One provider is never asked twice in the same moment.
      await clock.sleep(1_000 + Math.round(random.fraction() * 2_000), request.signal);
      facts = await settleOrKnow(stay);
    }
    const target = choose(context, facts, request, tried);
    if (target === null || isStopping(stay) || stay.notesFailed !== null) break;
    for (const id of target.ids) tried.add(id);
    const result = await redeemTarget(stay, facts, target);
    for (const id of target.ids) redeemed.set(id, result);
    if (held.size > 0) await secure(stay, plan);
    sleep.end();
    if (result.kind === "notSent") break;
  }
}

function standsIn(context: EngineContext, reading: GoodReading, { id, fp }: RescueTarget): boolean {
  const standing = managedEntries(reading, context.providers, context.fingerprint);
  return standing.some((each) => each.entry.id === id && each.fp === fp);
}

/** Nothing new begins: we are asked to stop, or the system is about to sleep. */
const isStopping = ({ context, request }: Stay): boolean => request.signal.aborted || context.power.leaving();

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
    if (plan === null || tried.has(managed.entry.id) || provider === undefined) continue;
    const pair = managed.fp === plan.fp ? managed.entry.pair : pairOf(facts.journal, plan.fp);
    if (pair === null) continue;
    const ids = facts.managed
      .filter(({ fp }) => fp !== null && endOf(facts.ledger, fp) === plan.fp)
      .map(({ entry }) => entry.id);
    return { fp: plan.fp, pair, provider, ids, attempt: plan.attempt };
  }
  return null;
}

async function redeemTarget(stay: Stay, facts: Facts, target: Target): Promise<Redeemed> {
  const { context, request, lock, session, held } = stay;
  const expiresIn = Math.round((target.pair.expires - facts.now) / 1000);
  for (const id of target.ids)
    context.log.info("token expired or expiring soon, refreshing", { recordId: id, expiresIn });
  const result = await redeem({
    ...target,
    context,
    lock,
    session,
    facts,
    held,
    settle: () => settleOrKnow(stay),
    stopping: () => isStopping(stay),
    holding: stay.sleep.begin(),
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

/** A commit that follows no refresh of this pass is a recovery, a stale write that was healed, or a rescue. */
async function tellPutBack(
  context: EngineContext,
  request: PassRequest,
  before: Facts,
  redeemed: ReadonlyMap<string, Redeemed>,
  rescued: string | undefined,
): Promise<void> {
  const healed = before.managed
    .filter(({ fp }) => fp !== null && isSpent(before.ledger, fp))
    .map(({ entry }) => entry.id)
    .filter((id) => !redeemed.has(id));
  const ids = new Set(rescued === undefined ? healed : [...healed, rescued]);
  const events: readonly HistoryEvent[] = [...ids].map((id) => ({
    at: context.clock.now(),
    id,
    by: "us",
    what: { kind: "putBack" },
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
      await noteWait(context, { why, obstacle: "notWritten", exactlyMs: COMMIT_RETRY_MS }, "tokens", fp);
  }
}
