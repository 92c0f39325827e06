import type { WriteProblem } from "../../shared/login/file-problem.ts";
import { type HistoryEvent } from "../../shared/login/history.ts";
import type { EngineContext } from "../context.ts";
import type { Facts } from "../decide/facts.ts";
import type { Intent } from "../notes/journal-text.ts";
import { isSpent } from "../notes/ledger.ts";
import { COMMIT_RETRY_MS } from "./commit.ts";
import { noteWait } from "./note-waits.ts";
import type { Pass } from "./pass.ts";

/**
 * Closes refreshes that brought no new refresh token, once the file holds their answer. The safe copy follows, for it held
 * the access token that the answer replaced. Under the lock.
 */
export async function closeUnrotated(
  { journal }: EngineContext,
  { managed, journal: view }: Facts,
  intents: readonly Intent[],
): Promise<void> {
  for (const { fp, file, ids } of intents) {
    const standing = managed.find((each) => each.fp === fp)?.entry.pair;
    if (standing !== undefined) await journal.keepCopy({ fp, file, ids, pair: standing });
    for (const { attempt } of view.byToken.get(fp) ?? []) await journal.discard(fp, attempt);
  }
}

/** A commit that follows no refresh of this pass is a recovery, a stale write that was healed, or a rescue. */
export async function tellPutBack(pass: Pass, before: Facts, rescued: string | undefined): Promise<void> {
  const { context, redeemed } = pass;
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
  await pass.tell(events);
}

/** The logins whose newest generation waits in the journal are not well until the file holds it. */
export async function noteCommitFailed(context: EngineContext, facts: Facts, problem: WriteProblem): Promise<void> {
  const setback = { kind: "onlyJournaled", problem } as const;
  for (const { fp } of facts.managed) {
    if (fp !== null && isSpent(facts.ledger, fp))
      await noteWait(context, { setback, exactlyMs: COMMIT_RETRY_MS }, "tokens", fp);
  }
}
