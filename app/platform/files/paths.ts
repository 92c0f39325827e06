import { posix, win32 } from "node:path";

/** What decides where our folders stand; empty strings count as unset. */
export interface FolderInputs {
  /** `--state-dir` */
  readonly flag?: string | undefined;
  /** `PILOT_LIGHT_STATE_DIR` */
  readonly env?: string | undefined;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** Relative folders given by flag or env start here. */
  readonly cwd?: string | undefined;
}

export interface StateDirInputs extends FolderInputs {
  readonly xdgStateHome?: string | undefined;
  readonly localAppData?: string | undefined;
}

export interface SettingsDirInputs extends FolderInputs {
  readonly xdgConfigHome?: string | undefined;
  readonly appData?: string | undefined;
}

/** The settings file is `<settings folder>/settings.json`. */
export const SETTINGS_NAME = "settings";

/** @returns the absolute state dir. */
export function stateDir(inputs: StateDirInputs): string {
  const { platform, home, xdgStateHome, localAppData } = inputs;
  const chosen = chosenFolder(inputs);
  if (chosen !== null) return chosen;
  if (platform === "darwin") return posix.join(home, "Library", "Application Support", "Pilot Light");
  if (platform === "win32") {
    return win32.join(absolute(win32, localAppData) ?? win32.join(home, "AppData", "Local"), "Pilot Light");
  }
  return posix.join(absolute(posix, xdgStateHome) ?? posix.join(home, ".local", "state"), "pilot-light");
}

/** @returns the absolute folder of the settings: the platform's config folder, or the state dir where one was chosen. */
export function settingsDir(inputs: SettingsDirInputs): string {
  const { platform, home, xdgConfigHome, appData } = inputs;
  const chosen = chosenFolder(inputs);
  if (chosen !== null) return chosen;
  if (platform === "darwin") return posix.join(home, "Library", "Application Support", "pilot-light");
  if (platform === "win32") {
    return win32.join(absolute(win32, appData) ?? win32.join(home, "AppData", "Roaming"), "pilot-light");
  }
  return posix.join(absolute(posix, xdgConfigHome) ?? posix.join(home, ".config"), "pilot-light");
}

/** @returns where the log stands in a state dir. */
export function logPath(folder: string, platform: NodeJS.Platform): string {
  return (platform === "win32" ? win32 : posix).join(folder, "log", "pilot-light.log");
}

function chosenFolder({ flag, env, platform, cwd }: FolderInputs): string | null {
  const chosen = flag || env;
  if (!chosen) return null;
  return (platform === "win32" ? win32 : posix).resolve(cwd ?? process.cwd(), chosen);
}

/** The XDG rule: a relative path there is a mistake, and ignored. */
function absolute(path: typeof posix, folder: string | undefined): string | null {
  return folder && path.isAbsolute(folder) ? folder : null;
}
