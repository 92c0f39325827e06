import type { ChangePlan, CommitResult, Reading } from "../../ports/credential-file.ts";
import { errorCode, plainReason, UserError } from "../../shared/data/errors.ts";
import { writeProblemWords } from "../../shared/words/file-problem.ts";
import { managedEntries } from "../decide/entries.ts";
import { workOf } from "../decide/work.ts";
import { onceMore } from "./folders.ts";
import { gatherFacts } from "./gather.ts";
import { heldChanges, sealHeld } from "./held.ts";
import { type Pass, wishOf } from "./pass.ts";

export const COMMIT_RETRY_MS = 5_000;
const COMMIT_TRIES = 6;
const HELD_RETRY_MS = 1_000;
/** After a stop was asked for, an answer that no disk takes is held for so long. */
const HELD_STOP_MS = 30_000;

/** What the file needs, from the facts at the moment of the write. */
export function planFor(pass: Pass): ChangePlan {
  const { context, held } = pass;
  return async (reading) => {
    try {
      const facts = await gatherFacts(context, { held, reading });
      const work = workOf(facts, wishOf(pass)).find(({ kind }) => kind === "putBack");
      return work?.kind === "putBack" ? work.changes : [];
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
export async function commit(pass: Pass): Promise<CommitResult> {
  const { context, session, request } = pass;
  const { clock, log } = context;
  let stopAt: number | null = null;
  for (let tries = 1; ; tries++) {
    const result = await session.commit(planFor(pass));
    pass.commitFailed = result.kind === "failed" ? result.problem : null;
    if (result.kind === "written") pass.written = true;
    await seal(pass);
    if (request.signal.aborted || result.kind === "nothing") stopAt ??= clock.monotonic() + HELD_STOP_MS;
    const inMemory = pass.held.size > 0 && !(result.kind !== "failed" && allStand(pass, result.reading));
    if (!inMemory && (result.kind !== "failed" || tries >= COMMIT_TRIES || stopAt !== null)) return result;
    if (inMemory && stopAt !== null && clock.monotonic() >= stopAt) {
      log.error("an answer could be written nowhere and is lost with this process");
      return result;
    }
    if (inMemory) log.warn("an answer is only in memory yet, it is tried again");
    else if (result.kind === "failed")
      log.warn("the file could not be written, it is tried again", { reason: writeProblemWords(result.problem) });
    await (inMemory ? clock.sleep(HELD_RETRY_MS) : clock.sleep(COMMIT_RETRY_MS, request.signal));
  }
}

/** Does the file hold every answer that the journal has not taken? */
function allStand({ context, held }: Pass, reading: Reading): boolean {
  if (reading.kind !== "good") return false;
  const standing = managedEntries(reading, context.providers, context.fingerprint).map(
    ({ entry }) => entry.pair.access,
  );
  return [...held.values()].every(({ successor: { pair } }) => pair !== null && standing.includes(pair.access));
}

/** Makes sure that the journal has what we hold; what it cannot take stays held. */
async function seal({ context, held }: Pass): Promise<void> {
  if (held.size === 0) return;
  await onceMore(context, () => sealHeld(context.journal, held)).catch((error: unknown) =>
    context.log.warn("an answer could not be journaled yet", { reason: plainReason(error) }),
  );
}
