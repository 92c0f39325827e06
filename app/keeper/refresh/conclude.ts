import type { Meaning } from "../../ports/provider.ts";
import { lookUp } from "../../shared/data/by-id.ts";
import { errorCode, plainReason } from "../../shared/data/errors.ts";
import type { HistoryEvent, HistoryWhat } from "../../shared/login/history.ts";
import type { EndReason } from "../../shared/login/states.ts";
import { setbackWords } from "../../shared/words/setback.ts";
import { endSentence } from "../../shared/words/state.ts";
import type { EngineContext } from "../context.ts";
import { managedEntries } from "../decide/entries.ts";
import type { Facts } from "../decide/facts.ts";
import { CAREFUL_TRIES } from "../decide/schedule.ts";
import type { Redemption } from "../decide/work.ts";
import { openIntents } from "../notes/journal-view.ts";
import { saveLedger, withToken } from "../notes/ledger.ts";
import { PATHS } from "../notes/paths.ts";
import { type Wait, withWait } from "../notes/waits.ts";
import { gatherFacts } from "./gather.ts";
import { noteWait, setWaits, type WaitReason } from "./note-waits.ts";
import { type Pass, problemOf, type Redeemed } from "./pass.ts";

const REREAD_MS = 3_000;
const REREAD_STEP_MS = 250;

/** What an answer means, and when the access that it brought ends (ms). */
interface Answer {
  readonly meaning: Meaning;
  readonly expiresAt: number | undefined;
}

/**
 * Draws the consequences of an answer: waits, history, intents, and that a login has ended. What it means was decided; where our
 * notes cannot be written, that is all there is.
 */
export async function conclude(pass: Pass, work: Redemption, facts: Facts, answer: Answer): Promise<Redeemed> {
  try {
    return await consequences(pass, work, facts, answer);
  } catch (error) {
    if (errorCode(error) === null) throw error;
    pass.context.log.warn("what an answer means could not be written down", { reason: plainReason(error) });
    if (answer.meaning.kind === "success") return { kind: "success" };
    return { kind: "waits", setback: { kind: "nothingWritten", problem: problemOf(error, "notes") } };
  }
}

async function consequences(
  pass: Pass,
  work: Redemption,
  facts: Facts,
  { meaning, expiresAt }: Answer,
): Promise<Redeemed> {
  const { context } = pass;
  const { fp, attempt, ids, provider } = work;
  const tell = (by: HistoryEvent["by"], what: HistoryWhat) => {
    const events = ids.map((id) => ({ at: context.clock.now(), id, by, what, fingerprint: fp }));
    return pass.tell(events);
  };
  switch (meaning.kind) {
    case "success":
      await setWaits(context, (waits) => withWait(withWait(waits, "tokens", fp, null), "providers", provider.id, null));
      await tell("us", { kind: "refreshed", ...(expiresAt === undefined ? {} : { expiresAt }) });
      return { kind: "success" };
    case "ended":
      return ended(pass, work, facts, tell);
    case "invalidClient": {
      const setback = { kind: "clientRefused", provider: provider.name } as const;
      await noteWait(context, { setback, answered: true }, "providers", provider.id);
      await context.journal.discard(fp, attempt);
      await tell("the provider", { kind: "clientRefused", provider: provider.name });
      return { kind: "waits", setback };
    }
    case "transient": {
      const result = await wait(pass, work, { ...meaning, setback: meaning.problem, answered: true });
      await context.journal.discard(fp, attempt);
      await tell("the provider", { kind: "notRefreshed", setback: meaning.problem });
      return result;
    }
    case "unknown": {
      const now = context.clock.now();
      const open = openIntents(await context.journal.load(), fp);
      const since = Math.min(open[0]?.at ?? now, now);
      const setback = meaning.problem;
      // For people; when to try again, the intents alone tell.
      const value: Wait = { kind: "unknown", since, next: since, count: open.length, setback };
      await setWaits(context, (waits) => withWait(waits, "tokens", fp, value));
      // One an hour for weeks: the first says since when, the newest when to go on.
      for (const each of open.slice(1, -CAREFUL_TRIES)) await context.journal.discard(fp, each.attempt);
      await tell("us", { kind: "answerLost", setback });
      return { kind: "waits", setback };
    }
    default:
      return meaning satisfies never;
  }
}

/**
 * `invalid_grant` is evidence about the bytes that were sent: a newer pair in the file makes it void. Newer is one that we did
 * not know when we sent: an older copy that comes back is no news.
 */
async function ended(
  pass: Pass,
  { fp, ids }: Redemption,
  facts: Facts,
  tell: (by: HistoryEvent["by"], what: HistoryWhat) => Promise<void>,
): Promise<Redeemed> {
  const { context } = pass;
  const { clock, credentialFile, providers, fingerprint } = context;
  const until = clock.monotonic() + REREAD_MS;
  // From before our own intent: the answer to an earlier attempt was lost.
  const lost = openIntents(facts.journal, fp)[0];
  const discardAll = async () => {
    for (const { attempt } of openIntents(await context.journal.load(), fp)) await context.journal.discard(fp, attempt);
  };
  for (;;) {
    const reading = await credentialFile.read();
    if (reading.kind === "good") {
      const now = managedEntries(reading, providers, fingerprint).filter(({ entry }) => ids.includes(entry.id));
      if (now.some((each) => each.fp !== null && lookUp(facts.ledger.tokens, each.fp) === undefined)) {
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
  if (note !== undefined && (await pass.lock.stillOurs())) {
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

/** Nothing came of it this time: it is tried again. */
export async function wait({ context }: Pass, { fp }: Redemption, reason: WaitReason): Promise<Redeemed> {
  await noteWait(context, reason, "tokens", fp);
  return { kind: "waits", setback: reason.setback };
}

/** "Try once more" with a login that has ended: once a minute, so it is written down before it is done. */
export async function recordTryAgain({ context, lock }: Pass, { fp }: Redemption, { ledger }: Facts): Promise<void> {
  const note = lookUp(ledger.tokens, fp);
  if (note?.ended === undefined || !(await lock.stillOurs())) return;
  const tried = withToken(ledger, fp, { ...note, triedAgainAt: context.clock.now() });
  await saveLedger(context.files, PATHS.ledger(context.folder), tried, context.random);
}

/** One line in the log, and on it goes. */
export function logged({ log }: EngineContext, what: string): (error: unknown) => void {
  return (error) => log.warn(what, { reason: plainReason(error) });
}

/** One line in the log for each login, by what came of it. */
export function logResult({ context: { log } }: Pass, ids: readonly string[], result: Redeemed): void {
  for (const recordId of ids) {
    switch (result.kind) {
      case "success":
        log.info("token refresh successful", { recordId });
        break;
      case "waits":
        log.warn("token refresh will be tried again", { recordId, reason: setbackWords(result.setback) });
        break;
      case "ended":
        log.error("the login has ended, sign in again", { recordId });
        break;
      case "adopted":
        log.info("a newer token was found", { recordId });
        break;
      case "notSent":
        break;
      default:
        result satisfies never;
    }
  }
}
