import { lookUp, withEntry, withoutEntry } from "../../shared/data/by-id.ts";
import {
  allowSentence,
  allowSharedSentence,
  DISALLOWED,
  notDone,
  nothingToAllow,
} from "../../shared/words/commands.ts";
import type { CommandResult } from "../api.ts";
import type { EngineContext } from "../context.ts";
import { rescuePair } from "../decide/put-backs.ts";
import { rescuables } from "../decide/rescue.ts";
import type { Wish } from "../decide/work.ts";
import { gatherFacts } from "../refresh/gather.ts";
import { commandPass, lookAgain, pick } from "./pick.ts";

/** Refreshes a shared login, uses an old copy, or puts our safe copy back into an emptied entry. @throws as `pick`. */
export async function allow(context: EngineContext, id: string, signal: AbortSignal): Promise<CommandResult> {
  const [login] = await pick(context, [id]);
  if (login?.state === "shared") {
    context.settings.update((before) => ({
      ...before,
      allow: withEntry(before.allow, id, { ...lookUp(before.allow, id), shared: true }),
    }));
    return { id, ...allowSharedSentence(login.sharedWith ?? "another program", await lookAgain(context, id)) };
  }
  if (login?.state !== "oldCopy" && login?.state !== "wipedElsewhere")
    return { id, ...nothingToAllow(await lookAgain(context, id)) };
  const isOldCopy = login.state === "oldCopy";
  const what = { kind: isOldCopy ? "oldCopyAllowed" : "copyAskedFor" } as const;
  await context.history.append([{ at: context.clock.now(), id, by: "the user", what, fingerprint: null }]);
  const wish = isOldCopy ? { allowOldCopy: id } : await takingBack(context, id);
  const result = await commandPass(context, { ...wish, due: true }, signal);
  const after = await lookAgain(context, id);
  if (result.kind !== "done") return { id, sentence: notDone(result), notNow: true };
  return { id, ...allowSentence(login, after, result) };
}

/** A shared login is left alone again. @throws as `pick`. */
export async function disallow(context: EngineContext, id: string): Promise<CommandResult> {
  await pick(context, [id]);
  context.settings.update((before) => ({ ...before, allow: withoutEntry(before.allow, id) }));
  return { id, sentence: DISALLOWED };
}

/** The same grant may have been signed out under another id: only `rescue`, asked for by name, takes that back (I8). */
async function takingBack(context: EngineContext, id: string): Promise<Partial<Wish>> {
  const facts = await gatherFacts(context);
  const offer = rescuePair(facts, id) === null ? undefined : rescuables(facts).find((each) => each.id === id);
  return offer === undefined ? {} : { rescue: { id, fp: offer.fingerprint } };
}
