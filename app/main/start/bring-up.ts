/** The keeper's parts for the app: options, settings, engine; the same as the command line's, with electron-store below. */
import { assemble } from "../../assemble/assemble.ts";
import type { GivenFlags } from "../../assemble/flags.ts";
import { type Folders, resolveOptions, type Surroundings } from "../../assemble/options.ts";
import { openSettings } from "../../assemble/settings-store.ts";
import { createFiles } from "../../platform/files/files.ts";
import type { PowerSource } from "../../platform/process/power.ts";
import type { UserError } from "../../shared/data/errors.ts";
import type { Brought } from "./keeper-host.ts";
import { openStore } from "./store.ts";

export interface BringUpDeps {
  readonly version: string;
  readonly flags: GivenFlags;
  readonly around: Surroundings;
  readonly folders: Folders;
  readonly power: PowerSource;
  /** Told what is wrong with the settings file while we run; null = nothing any more. */
  readonly onProblem: (problem: UserError | null) => void;
}

/** @throws UserError; with exit code 2 for settings that cannot be used, since flags were looked at before. */
export async function openOptions({ flags, around, folders, onProblem }: Omit<BringUpDeps, "version" | "power">) {
  const settings = await openSettings({
    folder: folders.settingsDir,
    files: createFiles(),
    openConf: (name, options) => openStore({ ...options, name }),
    onProblem,
  });
  return { settings, options: resolveOptions(flags, settings.read(), around) };
}

/** @throws UserError for settings or folders that cannot be used. */
export async function bringUp({ version, power, ...given }: BringUpDeps): Promise<Brought> {
  const { around, folders } = given;
  const { settings, options } = await openOptions(given);
  const { authFile, endpoints, ping, logLevel } = options;
  const { engine, providers } = await assemble({
    version,
    authFile: authFile.path,
    stateDir: folders.stateDir,
    settings,
    endpoints,
    ping,
    readOnly: false,
    oneShot: false,
    reader: "window",
    power,
    logLevel,
    stderrLog: logLevel !== null,
    env: around.env,
  });
  return { engine, settings, ping, logLevel, providers };
}
