import * as v from "valibot";
import { readText } from "../../ports/durable.ts";
import { plainReason } from "../../shared/data/errors.ts";
import { tryJson } from "../../shared/data/json.ts";
import { type Snapshot, sameButTime, snapshotSchema } from "../../shared/login/snapshot.ts";
import { type EngineContext, KEEPER_SILENCE_MS } from "../context.ts";
import { PATHS } from "../notes/paths.ts";

/**
 * Writes `status.json` for this file and, unless a living keeper of another file already uses it, for the state dir.
 * Only when something changed, and only into folders that are ours alone; never throws.
 */
export async function publish(context: EngineContext, snapshot: Snapshot): Promise<void> {
  const { folder, stateDir } = context;
  try {
    context.checkFolders();
  } catch {
    // The loop says so.
    return;
  }
  const before = await readStatus(context, PATHS.fileStatus(folder));
  if (before !== null && sameButTime(before, snapshot)) return;
  await replace(context, PATHS.fileStatus(folder), snapshot);
  const shared = await readStatus(context, PATHS.status(stateDir));
  if (shared === null || shared.file.path === snapshot.file.path || !(await lives(context, shared))) {
    await replace(context, PATHS.status(stateDir), snapshot);
  }
}

async function readStatus(context: EngineContext, path: string): Promise<Snapshot | null> {
  const text = await readText(context.files, path).catch(() => null);
  return text === null ? null : parseStatus(text);
}

/** A published snapshot, or null when we do not understand it. */
export function parseStatus(text: string): Snapshot | null {
  const parsed = v.safeParse(snapshotSchema, tryJson(text));
  return parsed.success ? parsed.output : null;
}

/** Does a keeper of another file live, and is this its status? Files have folders of their own in the state dir. */
async function lives(context: EngineContext, other: Snapshot): Promise<boolean> {
  const folders = PATHS.files(context.stateDir);
  for (const name of await context.files.list(folders).catch(() => [])) {
    const folder = `${folders}/${name}`;
    const isOurs = folder === context.folder;
    if (isOurs || (await context.lock.peek(PATHS.keeperLock(folder), KEEPER_SILENCE_MS))?.lives !== true) continue;
    if ((await readStatus(context, PATHS.fileStatus(folder)))?.file.path === other.file.path) return true;
  }
  return false;
}

async function replace(context: EngineContext, path: string, snapshot: Snapshot): Promise<void> {
  const temp = `${path}.${context.random.id()}.tmp`;
  try {
    const file = await context.files.open(temp, "createNew", 0o600);
    await file.write(new TextEncoder().encode(`${JSON.stringify(snapshot, null, 2)}\n`), 0);
    await file.close();
    await context.files.rename(temp, path);
  } catch (error) {
    // It holds no token; what is left is swept in an hour.
    await context.files.remove(temp).catch(() => undefined);
    context.log.warn("the status could not be written", { reason: plainReason(error) });
  }
}
