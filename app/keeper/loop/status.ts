import type { LockHolder } from "../../ports/lock.ts";
import type { Snapshot } from "../../shared/login/snapshot.ts";
import { type EngineContext, KEEPER_SILENCE_MS } from "../context.ts";
import type { Facts, Trouble } from "../decide/facts.ts";
import { project } from "../decide/snapshot.ts";
import { PATHS } from "../notes/paths.ts";
import { gatherFacts } from "../refresh/gather.ts";
import { publish } from "./publish.ts";

/** @returns the process that keeps this file's logins alive, if there is one. */
export async function livingKeeper({ lock, folder }: EngineContext): Promise<LockHolder | null> {
  const holder = await lock.peek(PATHS.keeperLock(folder), KEEPER_SILENCE_MS);
  return holder?.lives === true ? holder : null;
}

/** From the facts on disk; writes nothing. @throws as `gatherFacts`. */
export async function statusOf(context: EngineContext, trouble?: Trouble): Promise<Snapshot> {
  return snapshotOf(context, await gatherFacts(context, { trouble }));
}

/** The status that these facts make, with the keeper that lives now. */
export async function snapshotOf(context: EngineContext, facts: Facts): Promise<Snapshot> {
  return project(facts, context.credentialFile.path, context.providers, await livingKeeper(context));
}

/** The same; where no keeper lives who would do it, `status.json` says it too. */
export async function publishedStatus(context: EngineContext, trouble?: Trouble): Promise<Snapshot> {
  const snapshot = await statusOf(context, trouble);
  if (snapshot.keeper.running) return snapshot;
  await publish(context, snapshot);
  // One that started meanwhile looks again only when something changes: ours must not lie over its own.
  if ((await livingKeeper(context)) !== null) await publish(context, await statusOf(context, trouble));
  return snapshot;
}
