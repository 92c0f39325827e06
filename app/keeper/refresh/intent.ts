import { plainReason } from "../../shared/data/errors.ts";
import type { EngineContext } from "../context.ts";
import type { Redemption } from "../decide/work.ts";
import type { OpenIntent } from "../notes/journal.ts";
import type { Pass } from "./pass.ts";

/** An intent older than this is closed as not sent: its lock may be in other hands. */
const INTENT_FRESH_MS = 5_000;

/** Since when, by both clocks: either may stand still or jump. */
export function startClocks({ clock }: EngineContext) {
  const [at, monotonic] = [clock.now(), clock.monotonic()];
  const isFresh = () => clock.monotonic() - monotonic < INTENT_FRESH_MS && Math.abs(clock.now() - at) < INTENT_FRESH_MS;
  return { at, isFresh };
}

/** @returns "taken" when another process was first, "failed" when the disk does not take it. */
export async function openIntent(
  { context }: Pass,
  { fp, attempt, ids }: Redemption,
  at: number,
): Promise<OpenIntent | "taken" | "failed"> {
  const owner = context.processes.self();
  try {
    return (await context.journal.open({ fp, attempt, file: context.file, ids: [...ids], at, owner })) ?? "taken";
  } catch (error) {
    context.log.warn("an intent could not be written, so nothing is sent", { reason: plainReason(error) });
    return "failed";
  }
}
