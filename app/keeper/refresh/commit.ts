/**
 * One stay under the lock beside the credential file, and what makes it safe: notes that are written where they can be, and
 * answers that are committed whatever becomes of the notes.
 */

import { makeFolderDurably } from "../../ports/durable.ts";
import type { ChangePlan, CommitResult, HeldLock, Reading, WriteSession } from "../../ports/ports.ts";
import { errorCode, plainReason, UserError } from "../../shared/errors.ts";
import { writeProblemWords } from "../../shared/words/file-problem.ts";
import { putBacks } from "../decide/assess.ts";
import { managedEntries } from "../decide/detect.ts";
import { type EngineContext, type Facts, gatherFacts, PATHS } from "../decide/facts.ts";
import { type RescueTarget, rescueChanges } from "../decide/rescue.ts";
import type { Ledger } from "../notes/ledger.ts";
import { type HeldAnswer, heldChanges, sealHeld } from "./held.ts";
import type { PassRequest } from "./pass.ts";
import { observeFacts, settle } from "./record.ts";
import type { Redeemed } from "./redeem.ts";
import type { SleepHold } from "./sleep-hold.ts";

export const COMMIT_RETRY_MS = 5_000;
const COMMIT_TRIES = 6;
const HELD_RETRY_MS = 1_000;
/** After a stop was asked for, an answer that no disk takes is held for so long (design section 4, "Stopping"). */
const HELD_STOP_MS = 30_000;
export const NOTES_FAILED = "our own notes cannot be written";

/** One stay under the lock, and what came of it so far. */
export interface Stay {
  readonly context: EngineContext;
  readonly request: PassRequest;
  readonly lock: HeldLock;
  readonly session: WriteSession;
  readonly sleep: SleepHold;
  readonly held: Map<string, HeldAnswer>;
  readonly redeemed: Map<string, Redeemed>;
  allowOldCopy: string | undefined;
  rescue: RescueTarget | undefined;
  /** The file was changed. */
  written: boolean;
  commitFailed: string | null;
  notesFailed: string | null;
  /** As it was last known. */
  ledger: Ledger;
}

/** Only errors of files end here; anything else is a defect, or a sentence for the user already. */
export function reasonOf(error: unknown, what: string): string {
  if (errorCode(error) === null) throw error;
  return `${what} (${plainReason(error)})`;
}

/** Our folders in the state dir, durably; with the key that names what stands in them. @throws file errors. */
export async function makeFolders(context: EngineContext): Promise<void> {
  for (const folder of [PATHS.journal(context.stateDir), context.folder])
    await makeFolderDurably(context.files, folder, context.stateDir);
  await context.fingerprint.keep();
}

/**
 * Brings our notes up to date. Where they cannot be written, what they would say is known all the same: an answer that is
 * here goes into the file, whatever the state dir does; but nothing more is sent.
 */
export async function settleOrKnow(stay: Stay): Promise<Facts> {
  const { context, request, held, lock, allowOldCopy } = stay;
  const options = {
    networkBackAt: request.networkBackAt,
    held,
    allowOldCopy,
    mayWrite: () => lock.stillOurs(),
    onEvents: request.onEvents,
  };
  for (let again = false; ; again = true) {
    try {
      const facts = await settle(context, options);
      stay.ledger = facts.ledger;
      return facts;
    } catch (error) {
      // A state dir that was removed is made again; once, for whoever removes it may be at it still.
      if (errorCode(error) === "ENOENT" && !again && (await isMade(context))) continue;
      stay.notesFailed = reasonOf(error, NOTES_FAILED);
      context.log.warn("our own notes could not be written", { reason: plainReason(error) });
      const facts = await gatherFacts(context, options);
      stay.ledger = observeFacts(facts, false, allowOldCopy).ledger;
      return { ...facts, ledger: stay.ledger };
    }
  }
}

const isMade = (context: EngineContext): Promise<boolean> =>
  makeFolders(context).then(
    () => true,
    () => false,
  );

/** What the file needs, from the facts at the moment of the write. */
export function planFor(stay: Stay): ChangePlan {
  const { context, held } = stay;
  return async (reading) => {
    try {
      const facts = await gatherFacts(context, { held, reading });
      // First: of two changes of one entry the first is made.
      const rescued = stay.rescue === undefined ? [] : rescueChanges(facts, context.file, stay.rescue);
      return [...rescued, ...putBacks(facts, reading, context.providers, context.fingerprint)];
    } catch (error) {
      if (errorCode(error) === null && !(error instanceof UserError)) throw error;
      context.log.warn("our own notes could not be read", { reason: plainReason(error) });
      return heldChanges(held, reading, context.providers, context.fingerprint);
    }
  };
}

/**
 * Commits what the file needs. Where that fails it is tried again for a while, and for as long as an answer lives in memory
 * alone: until the file or the journal has it, nothing else is done (I2). After a stop was asked for, and for an answer that
 * no login in the file waits for, that is 30 s.
 */
export async function secure(stay: Stay, plan: ChangePlan): Promise<CommitResult> {
  const { context, session, request } = stay;
  const { clock, log } = context;
  let stopAt: number | null = null;
  for (let tries = 1; ; tries++) {
    const result = await session.commit(plan);
    stay.commitFailed = result.kind === "failed" ? writeProblemWords(result.problem) : null;
    if (result.kind === "written") stay.written = true;
    await seal(stay);
    if (request.signal.aborted || result.kind === "nothing") stopAt ??= clock.monotonic() + HELD_STOP_MS;
    const inMemory = stay.held.size > 0 && !(result.kind !== "failed" && allStand(stay, result.reading));
    if (!inMemory && (result.kind !== "failed" || tries >= COMMIT_TRIES || stopAt !== null)) return result;
    if (inMemory && stopAt !== null && clock.monotonic() >= stopAt) {
      log.error("an answer could be written nowhere and is lost with this process");
      return result;
    }
    if (inMemory) log.warn("an answer is only in memory yet, it is tried again");
    else log.warn("the file could not be written, it is tried again", { reason: stay.commitFailed ?? "" });
    await (inMemory ? clock.sleep(HELD_RETRY_MS) : clock.sleep(COMMIT_RETRY_MS, request.signal));
  }
}

/** Does the file hold every answer that the journal has not taken? */
function allStand({ context, held }: Stay, reading: Reading): boolean {
  if (reading.kind !== "good") return false;
  const standing = managedEntries(reading, context.providers, context.fingerprint).map(
    ({ entry }) => entry.pair.access,
  );
  return [...held.values()].every(({ successor: { pair } }) => pair !== null && standing.includes(pair.access));
}

/** Makes sure that the journal has what we hold; what it cannot take stays held. */
async function seal({ context, held }: Stay): Promise<void> {
  if (held.size === 0) return;
  for (let again = false; ; again = true) {
    try {
      return await sealHeld(context.journal, held);
    } catch (error) {
      if (errorCode(error) === "ENOENT" && !again && (await isMade(context))) continue;
      context.log.warn("an answer could not be journaled yet", { reason: plainReason(error) });
      return;
    }
  }
}
