/** What the traces of `forget` have in common. */

import type { CommandResult } from "../../app/keeper/api.ts";
import { UserError } from "../../app/shared/data/errors.ts";
import type { KeptCopy } from "../../app/shared/login/kept.ts";
import { DAY, HOUR, JOURNAL, NOTES, startTrace, type Trace } from "./trace-bench.ts";

/** `forget` as a command of a user. */
export const forget = (trace: Trace, id = "anthropic"): Promise<CommandResult> =>
  trace.command((engine) => engine.forget(id));

/** What `forget` could erase now. */
export const kept = (trace: Trace): Promise<readonly KeptCopy[]> => trace.command((engine) => engine.keptCopies());

/** All that stands in our files in which tokens may stand. */
export const everywhere = (trace: Trace): string =>
  [...trace.journal().map((name) => `${JOURNAL}/${name}`), `${NOTES}/lineage.json`]
    .map((path) => trace.world.disk.readText(path) ?? "")
    .join("\n");

/** @returns why it was refused. @throws if it was not. */
export async function refused(act: Promise<unknown>): Promise<UserError> {
  const error: unknown = await act.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw new Error(`not refused: ${String(error)}`);
  return error;
}

/** A login that a keeper, which still runs, refreshed once, and that was then signed out. */
export async function signedOut(): Promise<Trace> {
  const trace = startTrace();
  trace.keeper();
  trace.expire();
  await trace.until("it is refreshed", () => trace.sent().length === 1 && trace.at()?.refresh !== trace.first.refresh);
  await trace.run(10_000);
  trace.change("anthropic", null);
  await trace.run(10_000);
  return trace;
}

/** The day comes on which safe copies of a login that was just signed out are erased; what runs has an hour for it. */
export async function sevenDaysLater(trace: Trace): Promise<void> {
  trace.world.checks.clockStepped();
  trace.world.time.offset += 7 * DAY;
  await trace.run(HOUR);
}
