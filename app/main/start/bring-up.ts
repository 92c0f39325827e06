/** The keeper's parts for the app: options, settings, engine; the same as the command line's, with electron-store below. */
import { assemble } from "../../assemble/assemble.ts";
import type { GivenFlags } from "../../assemble/flags.ts";
import { type Folders, resolveOptions, type Surroundings } from "../../assemble/options.ts";
import { openSettings } from "../../assemble/settings-store.ts";
import { createFiles } from "../../platform/files/files.ts";
import type { PowerSource } from "../../platform/process/power.ts";
import type { Brought } from "./keeper-host.ts";
import { openStore } from "./store.ts";

export interface BringUpDeps {
  readonly version: string;
  readonly flags: GivenFlags;
  readonly around: Surroundings;
  readonly folders: Folders;
  readonly power: PowerSource;
  /** Told what is wrong with the settings file while we run; null = nothing any more. */
  readonly onProblem: (sentence: string | null) => void;
}

/** @throws UserError for settings, flags or folders that cannot be used. */
export async function bringUp({ version, flags, around, folders, power, onProblem }: BringUpDeps): Promise<Brought> {
  const settings = await openSettings({
    folder: folders.settingsDir,
    files: createFiles(),
    openConf: (name, options) => openStore({ ...options, name }),
    onProblem,
  });
  const { authFile, endpoints, ping, logLevel } = resolveOptions(flags, settings.read(), around);
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
    logLevel: logLevel.level,
    stderrLog: logLevel.source === "flag",
    env: around.env,
  });
  return {
    engine,
    settings,
    pingMode: ping.chosen ? ping.mode : null,
    providers,
    shown: { settingsFile: folders.settingsFile, notice: { pingMode: ping.mode } },
  };
}
