import type { Files } from "../ports/files.ts";
import { errorCode, plainReason, UserError } from "../shared/data/errors.ts";

export interface SetAsideDeps {
  readonly files: Pick<Files, "rename" | "stat">;
  /** Absolute. */
  readonly settingsFile: string;
  /** Resolves where the settings can be used. @throws UserError (exit 2) where they cannot. */
  readonly check: () => Promise<unknown>;
  /** Wall ms. */
  readonly now: () => number;
}

/**
 * Renames a settings file that cannot be used, beside itself: so that the defaults count, and nothing is lost.
 * @returns where it is now. @throws UserError where it can be used after all, or cannot be renamed.
 */
export async function setSettingsAside({ files, settingsFile, check, now }: SetAsideDeps): Promise<string> {
  // It may have been repaired since the question was asked.
  const problem = await check().then(
    () => null,
    (error: unknown) => error,
  );
  if (problem === null) throw new UserError("The settings file can be used again, so it stays where it is.", 3);
  if (!(problem instanceof UserError) || problem.exitCode !== 2) throw problem;
  const aside = `${settingsFile}.broken-${new Date(now()).toISOString().replaceAll(/[:.]/g, "-")}`;
  try {
    if (await exists(files, aside)) throw new UserError(`${aside} is there already: try again.`, 3);
    await files.rename(settingsFile, aside);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`The settings file ${settingsFile} cannot be renamed: ${plainReason(error)}.`, 3);
  }
  return aside;
}

/** @returns whether anything is there. @throws file errors that do not tell. */
export async function exists(files: Pick<Files, "stat">, path: string): Promise<boolean> {
  try {
    await files.stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
}
