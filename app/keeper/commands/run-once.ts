import { UserError } from "../../shared/data/errors.ts";
import { notDone } from "../../shared/words/commands.ts";
import type { RunListener, RunOnceResult } from "../api.ts";
import type { EngineContext } from "../context.ts";
import type { Trouble } from "../decide/facts.ts";
import { isOverdue } from "../decide/kept-copies.ts";
import { KEEPING, workOf } from "../decide/work.ts";
import { troubleOf } from "../loop/keeper.ts";
import { pingable, pingLogin } from "../loop/pings.ts";
import { publishedStatus } from "../loop/status.ts";
import { eraseOverdue } from "../refresh/erase.ts";
import { gatherFacts } from "../refresh/gather.ts";
import { commandPass } from "./pick.ts";

/**
 * One full pass: refreshes what is due, pings what may be pinged, and refreshes once more what a ping showed to be due.
 * @throws UserError (3) while another process works on the file.
 */
export async function runOnce(
  context: EngineContext,
  listener: Pick<RunListener, "onEvent">,
  signal: AbortSignal,
): Promise<RunOnceResult> {
  context.checkFolders();
  await context.files.makeFolders(context.folder);
  const onEvents = (events: readonly Parameters<RunListener["onEvent"]>[0][]) =>
    events.forEach((event) => listener.onEvent(event));
  const pass = async (isFirst: boolean): Promise<Trouble | undefined> => {
    const result = await commandPass(context, { ...KEEPING, onEvents }, signal);
    // After the first one, who holds the lock does it.
    if (result.kind === "busy" && isFirst) throw new UserError(notDone(result), 3);
    return troubleOf(result, context.clock.now());
  };
  const facts = await gatherFacts(context);
  let trouble: Trouble | undefined;
  if (facts.reading.kind === "good") {
    trouble = await pass(true);
    const outcomes: string[] = [];
    for (const id of pingable(await gatherFacts(context)))
      if (!signal.aborted) outcomes.push((await pingLogin(context, id, false, signal)).outcome);
    if (outcomes.includes("unauthorized") && !signal.aborted) trouble = await pass(false);
  } else if (facts.reading.kind === "missing" && isOverdue(facts)) await eraseOverdue(context, signal);
  const snapshot = await publishedStatus(context, trouble);
  return { snapshot, left: leftIn(await gatherFacts(context)) };
}

/** @returns the logins that are to be refreshed, or whose newest pair is not in the file. */
function leftIn(facts: Parameters<typeof workOf>[0]): readonly string[] {
  const ids = workOf(facts).flatMap((work) => {
    if (work.kind === "redeem") return work.ids;
    return work.kind === "putBack" ? work.changes.map(({ id }) => id) : [];
  });
  return [...new Set(ids)];
}
