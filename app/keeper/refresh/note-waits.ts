import { lookUp } from "../../shared/data/by-id.ts";
import { plainReason } from "../../shared/data/errors.ts";
import type { Setback } from "../../shared/login/setback.ts";
import type { EngineContext } from "../context.ts";
import { backOff, MIN_GAP } from "../decide/schedule.ts";
import { valueOf } from "../notes/notes.ts";
import { PATHS } from "../notes/paths.ts";
import { loadWaits, NO_WAITS, saveWaits, type Waits, withWait } from "../notes/waits.ts";

export interface WaitReason {
  readonly setback: Setback;
  readonly notSent?: boolean;
  readonly rateLimited?: boolean;
  /** The server refused a request: no other one of this login follows within a minute. */
  readonly answered?: boolean;
  /** The server asked for it: the longer of this and our own back-off counts. */
  readonly retryAfterMs?: number | null;
  /** It is tried again after exactly this, by other means than this wait. */
  readonly exactlyMs?: number;
}

/** Writes a wait down: back-off with full jitter, or as long as the server asked. */
export async function noteWait(
  context: EngineContext,
  reason: WaitReason,
  of: "tokens" | "providers",
  key: string,
): Promise<void> {
  const now = context.clock.now();
  await setWaits(context, (waits) => {
    const before = lookUp(waits[of], key);
    const count = before === undefined || before.kind === "unknown" ? 1 : before.count + 1;
    const since = before === undefined ? now : Math.min(before.since, now);
    // "Retry-After: 0" must not make us hammer a server that refuses us, nor must a jitter that is small by chance.
    const own = Math.max(backOff(count, context.random), reason.answered === true ? MIN_GAP : 0);
    const lasts = reason.exactlyMs ?? Math.max(reason.retryAfterMs ?? 0, own);
    // Also without a date a rate limit is the provider's wish, which no refresh by hand overrides: our own back-off dates it.
    const kind = reason.rateLimited === true ? "rateLimited" : "transient";
    return withWait(waits, of, key, {
      kind,
      since: reason.notSent === true ? now : since,
      next: now + lasts,
      lasts,
      count,
      setback: reason.setback,
      ...(reason.notSent === true ? { notSent: true } : {}),
    });
  });
}

/** Changes the waits on disk, under the lock. Failing to write them is no reason to fail: they only make us polite. */
export async function setWaits(context: EngineContext, change: (waits: Waits) => Waits): Promise<void> {
  const path = PATHS.waits(context.folder);
  try {
    await context.files.makeFolders(context.folder);
    const before = valueOf(await loadWaits(context.files, path), NO_WAITS);
    const after = change(before);
    if (after !== before) await saveWaits(context.files, path, after, context.random);
  } catch (error) {
    context.log.warn("a wait could not be written down", { reason: plainReason(error) });
  }
}
