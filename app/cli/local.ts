/** Wires the commands that keep nothing alive: each needs only a corner of what the others are given. Decides nothing. */
import Conf from "conf";
import { assemble } from "../assemble/assemble.ts";
import type { GivenFlags } from "../assemble/flags.ts";
import { resolveFolders, resolveOptions, surroundings } from "../assemble/options.ts";
import { settingDefaults } from "../assemble/setting-defaults.ts";
import { openSettings } from "../assemble/settings-store.ts";
import type { Engine } from "../keeper/api.ts";
import { createClock } from "../platform/clock.ts";
import { createFiles } from "../platform/files/files.ts";
import { logPaths } from "../platform/log/log-file.ts";
import { createLogReader } from "../platform/log/log-reader.ts";
import { appSocketPath, askToOpen } from "../platform/process/app-socket.ts";
import type { SettingsFile, SettingsStore } from "../ports/settings.ts";
import { providerIds } from "../providers/registry.ts";
import type { UserError } from "../shared/data/errors.ts";
import { settingKeys } from "../shared/setting-keys.ts";
import { type CommandName, flagsAmong, type Invocation, isLocalCommand, type LocalCommand } from "./arguments.ts";
import { complete, completion } from "./commands/completion.ts";
import { logs } from "./commands/logs.ts";
import { loginsOf } from "./commands/named.ts";
import { open as openWindow } from "./commands/open.ts";
import { settingsCommand } from "./commands/settings.ts";
import type { Output } from "./output.ts";
import { takeSignals } from "./signals.ts";

export type LocalWork = Invocation & { readonly command: LocalCommand };

/** @returns whether this is one of them. */
export function isLocal(asked: Invocation): asked is LocalWork {
  return isLocalCommand(asked.command);
}

/** @returns the exit code. @throws UserError */
export async function performLocal(asked: LocalWork, version: string, output: Output): Promise<number> {
  switch (asked.command) {
    case "settings":
      return settings(asked, version, output);
    case "logs":
      return showLogs(asked, output);
    case "open":
      return showWindow(asked, output);
    case "completion":
      return completion(asked.words, output);
    default:
      return asked.command satisfies never;
  }
}

/** Answers a shell that completes. @param typed the words behind the program's name, the last one as far as it is there. */
export function performComplete(typed: readonly string[], version: string, output: Output): Promise<number> {
  const flags = flagsAmong(typed.slice(0, -1));
  const open = () => settingsIn(resolveFolders(flags, surroundings()).settingsDir, () => undefined);
  const live = {
    logins: async (command: CommandName) => loginsOf(command, await lookingEngine(flags, version, await open())),
    settingKeys: async () => settingKeys((await open()).stored(), providerIds()).map(({ name }) => name),
  };
  return complete(typed, live, output);
}

function showLogs(asked: LocalWork, output: Output): Promise<number> {
  const { stateDir } = resolveFolders(asked.flags, surroundings());
  const clock = createClock();
  return logs(asked, {
    output,
    reader: createLogReader(createFiles(), stateDir),
    path: logPaths(stateDir)[0],
    signal: asked.follow ? takeSignals().signal : new AbortController().signal,
    sleep: (ms, until) => clock.sleep(ms, until),
  });
}

function showWindow({ flags, json }: LocalWork, output: Output): Promise<number> {
  const around = surroundings();
  const { stateDir } = resolveFolders(flags, around);
  return openWindow({ output, json, stateDir, ask: () => askToOpen(appSocketPath(stateDir, around.platform)) });
}

/** Opens the settings as both commands and keepers do. @throws as `openSettings`. */
export function settingsIn(folder: string, onProblem: (problem: UserError | null) => void): Promise<SettingsFile> {
  return openSettings({
    folder,
    openConf: (configName, options) => new Conf({ ...options, configName }),
    files: createFiles(),
    onProblem,
  });
}

function settings(asked: LocalWork, version: string, output: Output): Promise<number> {
  const around = surroundings();
  const folders = resolveFolders(asked.flags, around);
  return settingsCommand(asked.words, {
    output,
    json: asked.json,
    path: folders.settingsFile,
    open: () => settingsIn(folders.settingsDir, () => undefined),
    defaults: settingDefaults(around),
    providers: providerIds(),
    async logins(file) {
      const { accounts: logins, file: about } = await (await lookingEngine(asked.flags, version, file)).status();
      return about.problem !== null || about.format === null ? null : logins;
    },
    // What the file says is looked at by itself: a flag or a variable would stand in front of it.
    check: (next) => void resolveOptions({ tokenUrls: [], apiUrls: [] }, next, { ...around, env: {} }),
  });
}

/** An engine that only looks. @throws as `assemble`. */
async function lookingEngine(flags: GivenFlags, version: string, store: SettingsStore): Promise<Engine> {
  const around = surroundings();
  const { authFile, endpoints, ping, logLevel } = resolveOptions(flags, store.read(), around);
  const { engine } = await assemble({
    version,
    authFile: authFile.path,
    stateDir: resolveFolders(flags, around).stateDir,
    settings: store,
    endpoints,
    ping,
    readOnly: true,
    oneShot: true,
    power: { leaving: () => false, idle: true },
    logLevel,
    stderrLog: logLevel !== null,
    env: around.env,
  });
  return engine;
}
