import { join } from "node:path";
import type { GivenFlags } from "../../assemble/flags.ts";
import { type Folders, resolveFolders, type Surroundings } from "../../assemble/options.ts";
import { credentialPath } from "../../credentials/find/locate.ts";
import type { Launch } from "./flags.ts";
import type { SecondStart } from "./single-instance.ts";

/** Which Pilot Light this is: the everyday one, or one with a folder of its own (`--state-dir`). */
export interface Instance {
  readonly folders: Folders;
  /** Where Electron keeps its own things, and its lock: two instances with one folder are the same. */
  readonly userData: string;
  /** Not the user's everyday instance. */
  readonly isOwn: boolean;
  /** What a second start of this instance tells the first. */
  readonly secondStart: SecondStart;
}

/** @returns the instance that flags and environment name. Pure. */
export function instanceOf({ flags, hidden }: Launch, around: Surroundings): Instance {
  const folders = resolveFolders(flags, around);
  const isOwn = Boolean(flags.stateDir ?? around.env["PILOT_LIGHT_STATE_DIR"]);
  return {
    folders,
    userData: isOwn ? join(folders.stateDir, "electron") : folders.settingsDir,
    isOwn,
    secondStart: { hidden, authFile: watched(flags, around) },
  };
}

/** The file that this start was asked for by name; the settings are not read yet. */
function watched({ authFile }: GivenFlags, around: Surroundings): string | null {
  const { path, source } = credentialPath({ ...around, flag: authFile, settings: null });
  return source === "default" ? null : path;
}
