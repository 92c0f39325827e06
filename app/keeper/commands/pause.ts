import { ALL } from "../../shared/data/all.ts";
import { entriesOf, lookUp, withoutEntry } from "../../shared/data/by-id.ts";
import type { Settings } from "../../shared/settings.ts";
import { pauseSentence } from "../../shared/words/commands.ts";
import type { CommandResult } from "../api.ts";
import type { EngineContext } from "../context.ts";
import { statusOf } from "../loop/status.ts";
import { pick } from "./pick.ts";

/** Pauses pings, or lets them go on. @param until ms, null = until resumed, undefined = resume. @throws as `pick`. */
export async function setPauses(
  context: EngineContext,
  ids: readonly string[] | "all",
  until: number | null | undefined,
): Promise<readonly CommandResult[]> {
  const keys = ids === "all" ? [ALL] : (await pick(context, ids)).map(({ id }) => id);
  const others = (await statusOf(context)).accounts.map(({ id }) => id).filter((id) => !keys.includes(id));
  context.settings.update((before) => ({ ...before, pauses: changePauses(before.pauses, keys, others, until) }));
  const sentence = pauseSentence(until, context.clock.now());
  return keys.map((key) => ({ id: key === ALL ? "all" : key, sentence }));
}

/** @param until undefined resumes; resuming one of all that are paused leaves the others paused. */
function changePauses(
  before: Settings["pauses"],
  keys: readonly string[],
  others: readonly string[],
  until: number | null | undefined,
): Settings["pauses"] {
  if (until !== undefined) return { ...before, ...Object.fromEntries(keys.map((key) => [key, until])) };
  if (keys.includes(ALL)) return {};
  const all = lookUp(before, ALL);
  const own = entriesOf(withoutEntry(before, ALL));
  const spread = all === undefined ? [] : others.map((id) => [id, all] as const);
  return Object.fromEntries([...spread, ...own].filter(([id]) => !keys.includes(id)));
}
