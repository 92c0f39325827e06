/** The keeper's parts for the app: options, settings, engine; the same as the command line's, with electron-store below. */
import { ipcMain } from "electron";
import ElectronStore from "electron-store";
import type { SettingsStore } from "../keeper/ports.ts";
import type { GivenFlags } from "../platform/assemble/flags.ts";
import { type Folders, resolveOptions, type Surroundings } from "../platform/assemble/options.ts";
import { openSettings } from "../platform/assemble/settings-store.ts";
import { assemble } from "../platform/assemble.ts";
import { createFiles } from "../platform/files.ts";
import { SETTINGS_NAME } from "../platform/paths.ts";
import { createProviders, DEFAULT_ENDPOINTS, type EndpointChoice, providerIds } from "../providers/registry.ts";
import type { Brought } from "./keeper-host.ts";

export interface BringUpDeps {
  readonly version: string;
  readonly flags: GivenFlags;
  readonly around: Surroundings;
  readonly folders: Folders;
  /** Told of a settings file that broke while we run. */
  readonly onProblem: (sentence: string) => void;
}

/** @throws UserError for settings, flags or folders that cannot be used. */
export async function bringUp({ version, flags, around, folders, onProblem }: BringUpDeps): Promise<Brought> {
  const settings = await openSettings({
    folder: folders.settingsDir,
    files: createFiles(),
    openConf: (name, options) => {
      const store = new ElectronStore({ ...options, name });
      // It listens for pages that want a store of their own; ours does not, and nothing answers but the contract.
      ipcMain.removeAllListeners("electron-store-get-data");
      return store;
    },
    onProblem,
  });
  const { authFile, endpoints, ping, logLevel } = resolveOptions(flags, settings.read(), around);
  const chosen = ping.source === "flag" || ping.source === "env";
  const { engine } = await assemble({
    version,
    authFile: authFile.path,
    stateDir: folders.stateDir,
    settings,
    endpoints,
    ping: { mode: ping.mode, chosen },
    readOnly: false,
    oneShot: false,
    logLevel: logLevel.level,
    stderrLog: logLevel.source === "flag",
    env: around.env,
  });
  return { engine, settings, shown: shownOf(endpoints, settings, folders, chosen ? ping.mode : undefined) };
}

function shownOf(
  endpoints: ReadonlyMap<string, EndpointChoice>,
  settings: SettingsStore,
  { settingsDir }: Folders,
  chosenMode: "off" | "profile" | "message" | undefined,
): Brought["shown"] {
  const shown = providerIds().map((provider) => {
    const choice = endpoints.get(provider);
    const { tokenUrl, apiUrl } = DEFAULT_ENDPOINTS[provider];
    return { provider, tokenUrl: choice?.tokenUrl ?? tokenUrl, apiUrl: choice?.apiUrl ?? apiUrl };
  });
  const providers = [...createProviders(endpoints, () => settings.read().ping.model).values()];
  const hints = Object.fromEntries(providers.map(({ id, signInHint }) => [id, signInHint]));
  const [first] = shown;
  return {
    endpoints: shown,
    signInHints: { ...hints, "*": providers[0]?.signInHint ?? "" },
    settingsFile: `${settingsDir}/${SETTINGS_NAME}.json`,
    notice: {
      pingMode: chosenMode ?? settings.read().ping.mode ?? "message",
      tokenUrl: first?.tokenUrl ?? "",
      apiUrl: first?.apiUrl ?? "",
    },
  };
}
