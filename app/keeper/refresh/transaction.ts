/** The one way by which a refresh token is spent, from top to bottom; the numbers are those of ARCHITECTURE.md. */

import type { GoodReading } from "../../ports/credential-file.ts";
import { plainReason } from "../../shared/data/errors.ts";
import type { EngineContext } from "../context.ts";
import { managedEntries } from "../decide/entries.ts";
import type { Facts } from "../decide/facts.ts";
import type { RescueTarget } from "../decide/rescue.ts";
import { successorFrom } from "../decide/successor.ts";
import { type Redemption, type Work, workOf } from "../decide/work.ts";
import { isSpent } from "../notes/ledger.ts";
import { clearLeftovers } from "./cleanup.ts";
import { commit, planFor } from "./commit.ts";
import { conclude, logged, logResult, recordTryAgain, wait } from "./conclude.ts";
import { erase, tidyJournal } from "./erase.ts";
import { makeFolders } from "./folders.ts";
import { gatherFacts } from "./gather.ts";
import { openIntent, startClocks } from "./intent.ts";
import { monitor } from "./monitor.ts";
import {
  createPass,
  isStopping,
  LOCK,
  type Pass,
  type PassRequest,
  type PassResult,
  problemOf,
  type Redeemed,
  resultOf,
  wishOf,
} from "./pass.ts";
import { closeUnrotated, noteCommitFailed, tellPutBack } from "./put-back.ts";
import { record } from "./record.ts";

const CONNECT_MS = 15_000;
const ANSWER_MS = 30_000;
const MAX_ANSWER_BYTES = 1024 * 1024;
/** So often in a row notes are brought up to date, or the file is put right, while others change it all the time. */
const MOST_IN_A_ROW = 3;

/**
 * One pass: puts right what is not as it ought to be, redeems what is wished for, one token after the other, then watches over
 * what was written. It never throws for what a disk or a network does.
 */
export async function runPass(context: EngineContext, request: PassRequest): Promise<PassResult> {
  // 1. The lock beside the real credential file, in folders that are ours alone.
  let lock;
  try {
    const path = await context.credentialFile.lockPath();
    lock = await context.lock.acquire(path, { ...LOCK, waitMs: request.lockWaitMs, signal: request.signal });
  } catch (error) {
    return { kind: "cannot", problem: problemOf(error, "folder") };
  }
  if (lock.kind === "busy") return lock;
  const pass = createPass(context, request, lock);
  try {
    context.checkFolders();
    await makeFolders(context);
    await pass.session.tidy();
    await underLock(pass);
  } catch (error) {
    pass.notesFailed = problemOf(error, "notes");
  } finally {
    pass.sleep.end();
    await pass.session.close();
    await lock.release();
  }
  return resultOf(pass);
}

async function underLock(pass: Pass): Promise<void> {
  const { context, request, lock, session } = pass;
  let failure: unknown = null;
  try {
    const facts = await workThrough(pass, ["record", "putBack", "closeUnrotated", "redeem"]);
    if (pass.commitFailed !== null) await noteCommitFailed(context, facts, pass.commitFailed);
  } catch (error) {
    failure = error;
  }
  // 13. The watch; also after an error, for who had opened the file before our write may still write into what we replaced.
  await session.watch(context.watchMs, planFor(pass), (refresh) =>
    isSpent(pass.ledger, context.fingerprint.of(refresh)),
  );
  if (failure !== null) throw failure;
  // 14. What nobody needs any more goes.
  const known = await workThrough(pass, ["record", "erase"]);
  if (pass.notesFailed !== null || !(await lock.stillOurs())) return;
  await tidyJournal(context, known);
  await clearLeftovers(context, known, request.signal);
}

/** 2. Reads all facts anew for each piece of work. @returns the last of them. */
async function workThrough(pass: Pass, kinds: readonly Work["kind"][]): Promise<Facts> {
  const { context, held, networkBackAt, request } = pass;
  let inARow: readonly Work["kind"][] = [];
  // Has everybody who looks on seen what the last piece of work changed?
  let isShown = true;
  for (;;) {
    const facts = await gatherFacts(context, { held, networkBackAt });
    pass.ledger = facts.ledger;
    if (!isShown) await request.onChange(facts);
    const next = workOf(facts, wishOf(pass)).find(
      (work) =>
        kinds.includes(work.kind) &&
        mayBegin(pass, work) &&
        inARow.filter((kind) => kind === work.kind).length < MOST_IN_A_ROW,
    );
    if (next === undefined) {
      // It was given for what was seen so far.
      pass.allowOldCopy = undefined;
      return facts;
    }
    inARow = next.kind === "redeem" ? [] : [...inARow, next.kind];
    isShown = next.kind === "record";
    await carryOut(pass, next, facts);
  }
}

function mayBegin(pass: Pass, work: Work): boolean {
  const mayNote = pass.notesFailed === null;
  switch (work.kind) {
    case "putBack":
      return pass.commitFailed === null;
    case "redeem":
      return (
        mayNote &&
        pass.commitFailed === null &&
        !pass.halted &&
        !isStopping(pass) &&
        !work.ids.some((id) => pass.redeemed.has(id))
      );
    case "record":
    case "closeUnrotated":
    case "erase":
      return mayNote;
  }
}

async function carryOut(pass: Pass, work: Work, facts: Facts): Promise<void> {
  const { context, lock } = pass;
  const { clock, random } = context;
  if (work.kind !== "record") pass.allowOldCopy = undefined;
  switch (work.kind) {
    case "record":
      try {
        pass.ledger = (await record(pass, facts)).ledger;
      } catch (error) {
        // What they would say is known all the same: an answer that is here goes into the file; but nothing more is sent.
        pass.notesFailed = problemOf(error, "notes");
        context.log.warn("our own notes could not be written", { reason: plainReason(error) });
      }
      pass.allowOldCopy = undefined;
      return;
    case "putBack":
      // 3. Answers of a process that died, stale writes, and what `rescue` asks for.
      await putBack(pass, facts);
      return;
    case "closeUnrotated":
      // 12. An answer without a new refresh token, which the file holds by now.
      if (await lock.stillOurs()) await closeUnrotated(context, facts, work.intents);
      return;
    case "redeem": {
      // 4. One provider is never asked twice in the same moment; what is known is read anew after that.
      if (clock.monotonic() < pass.restUntil)
        return clock.sleep(pass.restUntil - clock.monotonic(), pass.request.signal);
      const result = await redeem(pass, work, facts);
      for (const id of work.ids) pass.redeemed.set(id, result);
      pass.restUntil = clock.monotonic() + 1_000 + Math.round(random.fraction() * 2_000);
      pass.halted = result.kind === "notSent";
      logResult(pass, work.ids, result);
      await pass.request
        .onRedeemed?.(work.ids, resultOf(pass))
        .catch(logged(context, "a result could not be told yet"));
      return;
    }
    case "erase":
      if (await lock.stillOurs()) await erase(context, facts);
      return;
    default:
      work satisfies never;
  }
}

async function putBack(pass: Pass, facts: Facts): Promise<void> {
  const { context, rescue } = pass;
  const result = await commit(pass);
  const isBack = rescue !== undefined && result.kind === "written" && standsIn(context, result.reading, rescue);
  if (result.kind === "written") await tellPutBack(pass, facts, isBack ? rescue.id : undefined);
  pass.rescue = undefined;
  // What was held against it is released now; whoever changes it from here on means it.
  if (isBack) pass.allowOldCopy = rescue.id;
}

function standsIn(context: EngineContext, reading: GoodReading, { id, fp }: RescueTarget): boolean {
  const standing = managedEntries(reading, context.providers, context.fingerprint);
  return standing.some((each) => each.entry.id === id && each.fp === fp);
}

async function redeem(pass: Pass, work: Redemption, facts: Facts): Promise<Redeemed> {
  const { context, session, sleep } = pass;
  const { fp, ids, pair, provider } = work;
  const expiresIn = Math.round((pair.expires - facts.now) / 1000);
  for (const recordId of ids) context.log.info("token expired or expiring soon, refreshing", { recordId, expiresIn });
  // The system is asked to wait until the answer is in the file.
  const waits = sleep.begin();
  try {
    // 5. Could an answer be committed? Else nothing is sent.
    const ready = await session.prepare();
    if (ready.kind === "cannot")
      return await wait(pass, work, { setback: { kind: "notWritable", problem: ready.problem } });
    await recordTryAgain(pass, work, facts);
    // 6. A fresh connection: where there is none, nothing was sent, and that is known.
    const request = provider.refreshRequest(pair.refresh);
    const connection = await context.http.connect(request.url, { timeoutMs: CONNECT_MS });
    if (connection.kind === "notSent") return await wait(pass, work, { setback: connection.problem, notSent: true });
    try {
      await waits;
      if (isStopping(pass)) return { kind: "notSent" };
      context.sending.add(fp);
      // 7. The intent, durably, with room for the successor.
      const clock = startClocks(context);
      const intent = await openIntent(pass, work, clock.at);
      if (intent === "taken") return { kind: "notSent" };
      if (intent === "failed") return await wait(pass, work, { setback: { kind: "noRoom" } });
      // 8. A pass that stood still may have lost its lock meanwhile.
      if (!(await pass.lock.stillOurs()) || !clock.isFresh() || isStopping(pass)) {
        await intent.takeBack();
        return { kind: "notSent" };
      }
      // 9. One POST. A sign-out meanwhile is noticed, and written down.
      const sentAt = context.clock.now();
      const answering = connection.send({
        ...request,
        timeoutMs: ANSWER_MS,
        maxBytes: MAX_ANSWER_BYTES,
        // Of all answers a pair must not be lost, so its frame need not be whole.
        isWhole: (status, body) =>
          provider.readRefresh({ kind: "answered", status, headers: {}, body }, pair.refresh, 0).kind === "success",
      });
      const monitored = monitor(pass);
      const answer = await answering;
      if (answer.kind === "notSent") {
        await monitored.end();
        await intent.takeBack();
        // A back-off as any other: a connection was there, so its return is no sign that the next try fares better.
        return await wait(pass, work, { setback: answer.problem });
      }
      // 10. What does it mean? A pair is held from here on, and on disk before anything else happens to it.
      const meaning = provider.readRefresh(answer, pair.refresh, context.clock.now());
      let expiresAt: number | undefined;
      if (meaning.kind === "success") {
        const successor = successorFrom(facts, work, meaning.grant, sentAt, context.fingerprint);
        expiresAt = successor.pair?.expires;
        const answered = { intent: intent.intent, successor };
        pass.held.set(fp, { ...answered, journaled: false });
        await intent
          .succeed(successor)
          .then(
            () => pass.held.set(fp, { ...answered, journaled: true }),
            logged(context, "an answer could not be journaled yet"),
          );
      }
      // No answer can come any more: whoever reads the intent need not wait for this process.
      if (meaning.kind === "unknown")
        await intent
          .noteAnswerLost(context.clock.now())
          .catch(logged(context, "that an answer is lost could not be written down"));
      await monitored.end();
      await intent.close().catch(logged(context, "an intent could not be closed"));
      // 11. Into the file at once, then what else it means.
      if (pass.held.size > 0) await commit(pass);
      return await conclude(pass, work, facts, { meaning, expiresAt });
    } finally {
      context.sending.delete(fp);
      connection.close();
    }
  } finally {
    sleep.end();
  }
}
