import { mkdirSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plainReason, UserError } from "../shared/errors.ts";

/**
 * Makes a folder of ours (0700) and sees to it that something can be made in it and in the system's temporary folder. At once:
 * Electron wants both before it is ready, and where it cannot have them it claims that another instance runs.
 * @throws UserError (3) that names the folder and says why.
 */
export function ensureOwnFolder(folder: string): void {
  attempt(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  for (const each of [folder, tmpdir()]) attempt(each, () => rmdirSync(mkdtempSync(join(each, ".pilot-light-try-"))));
}

function attempt(folder: string, act: () => unknown): void {
  try {
    act();
  } catch (error) {
    throw new UserError(`The folder ${folder} cannot be used: ${plainReason(error)}. Mend it, and start again.`, 3);
  }
}
