import { UserError } from "../../shared/data/errors.ts";
import { type Rescuable } from "../../shared/login/kept.ts";
import { notDone } from "../../shared/words/commands.ts";
import { rescueChanged, rescueRefused, rescueSentence } from "../../shared/words/kept.ts";
import type { CommandResult } from "../api.ts";
import type { EngineContext } from "../context.ts";
import { rescuables } from "../decide/rescue.ts";
import { gatherFacts } from "../refresh/gather.ts";
import { commandPass, lookAgain } from "./pick.ts";

/** Puts a generation back, as it was offered. @throws UserError where it is no longer on offer, or has an obstacle. */
export async function rescue(
  context: EngineContext,
  { id, fingerprint: fp }: Rescuable,
  signal: AbortSignal,
): Promise<CommandResult> {
  const { reader = "cli" } = context;
  const offers = async () => {
    const facts = await gatherFacts(context);
    return { facts, offer: rescuables(facts).find((each) => each.id === id && each.fingerprint === fp) };
  };
  const { facts, offer } = await offers();
  if (offer === undefined) throw new UserError(rescueChanged(id, reader), 3);
  if (offer.obstacle !== null) throw new UserError(rescueRefused(id, offer.obstacle), 1);
  const what = { kind: "copyAskedFor" } as const;
  await context.history.append([{ at: context.clock.now(), id, by: "the user", what, fingerprint: fp }]);
  const isThere = facts.managed.some((each) => each.entry.id === id && each.fp === fp);
  const result = await commandPass(context, isThere ? { allowOldCopy: id } : { rescue: { id, fp } }, signal);
  if (result.kind !== "done") throw new UserError(`${id}: ${notDone(result, "put back")}`, 3);
  const left = (await offers()).offer !== undefined;
  const after = await lookAgain(context, id);
  const said = rescueSentence(result, left, after, reader);
  const isUndone = left || after === undefined || result.commitFailed !== null;
  return isUndone ? { id, ...said, notNow: true } : { id, ...said };
}
