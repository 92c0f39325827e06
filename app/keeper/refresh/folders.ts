import { makeFolderDurably } from "../../ports/durable.ts";
import { errorCode } from "../../shared/data/errors.ts";
import type { EngineContext } from "../context.ts";
import { PATHS } from "../notes/paths.ts";

/** Our folders in the state dir, durably; with the key that names what stands in them. @throws file errors. */
export async function makeFolders(context: EngineContext): Promise<void> {
  for (const folder of [PATHS.journal(context.stateDir), context.folder])
    await makeFolderDurably(context.files, folder, context.stateDir);
  await context.fingerprint.keep();
}

/** A state dir that was removed is made again; once, for whoever removes it may be at it still. @throws what `work` throws. */
export async function onceMore<T>(context: EngineContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    const isMade = await makeFolders(context).then(
      () => true,
      () => false,
    );
    if (!isMade) throw error;
    return work();
  }
}
