import { homedir } from "node:os";
import { posix, win32 } from "node:path";
import { type CredentialPath, credentialPath } from "../credentials/find/locate.ts";
import { logPath, SETTINGS_NAME, settingsDir, stateDir } from "../platform/files/paths.ts";
import { type EndpointKind, validateEndpoint } from "../providers/endpoints.ts";
import { type EndpointChoice, providerIds, UNNAMED_PROVIDER } from "../providers/registry.ts";
import { lookUp } from "../shared/data/by-id.ts";
import { UserError } from "../shared/data/errors.ts";
import { LOG_LEVELS, type LogLevel } from "../shared/data/log-levels.ts";
import { PING_MODES, type PingMode } from "../shared/login/snapshot.ts";
import type { Settings, Source } from "../shared/settings.ts";
import { didYouMean } from "../shared/words/commands.ts";
import { visible } from "../shared/words/visible.ts";
import { type GivenFlags, oneOf } from "./flags.ts";

/** Everything around the process that options depend on. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly home: string;
  /** Absolute. */
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
}

/** @returns the surroundings of this process. */
export function surroundings(): Surroundings {
  const home = homedir();
  return { env: process.env, home, cwd: workingFolder(home), platform: process.platform };
}

/** A folder that was deleted under a shell has no name any more; absolute paths work all the same. */
function workingFolder(home: string): string {
  try {
    return process.cwd();
  } catch {
    return home;
  }
}

export interface Folders {
  readonly stateDir: string;
  /** The settings file stands here. */
  readonly settingsDir: string;
  readonly settingsFile: string;
  readonly logFile: string;
}

export interface Options {
  readonly authFile: CredentialPath;
  readonly endpoints: ReadonlyMap<string, EndpointChoice>;
  /** `chosen` = for this run, by flag or env: it wins over the settings, and the notice about pings counts as seen. */
  readonly ping: { readonly mode: PingMode; readonly source: Source; readonly chosen: boolean };
  /** By flag: it wins over the settings, and the log goes to stderr as well; null = as the settings say. */
  readonly logLevel: LogLevel | null;
}

/** What pings are where nobody chose. */
export const PING_MODE_BY_DEFAULT: PingMode = "message";

/** What must be known before the settings can be read. Pure. */
export function resolveFolders(flags: GivenFlags, around: Surroundings): Folders {
  const { env, home, cwd, platform } = around;
  const common = { flag: flags.stateDir, env: env["PILOT_LIGHT_STATE_DIR"], home, cwd, platform };
  const folder = settingsDir({ ...common, xdgConfigHome: env["XDG_CONFIG_HOME"], appData: env["APPDATA"] });
  const state = stateDir({ ...common, xdgStateHome: env["XDG_STATE_HOME"], localAppData: env["LOCALAPPDATA"] });
  return {
    stateDir: state,
    logFile: logPath(state, platform),
    settingsDir: folder,
    settingsFile: (platform === "win32" ? win32 : posix).join(folder, `${SETTINGS_NAME}.json`),
  };
}

/**
 * Each option by flag, else environment (an empty variable counts as none), else settings, else default. Pure.
 * @throws UserError (exit 2) for the first value that cannot be used; it names the flag, variable or setting.
 */
export function resolveOptions(flags: GivenFlags, settings: Settings, around: Surroundings): Options {
  const { env, home, cwd, platform } = around;
  return {
    authFile: credentialPath({ flag: flags.authFile, env, settings: settings.authFile, home, cwd, platform }),
    endpoints: endpointsOf(flags, settings, env),
    ping: pingOf(flags, settings, env),
    logLevel: levelOf(flags),
  };
}

function pingOf(flags: GivenFlags, settings: Settings, env: Surroundings["env"]): Options["ping"] {
  if (flags.ping !== undefined) return { mode: pick(flags.ping, PING_MODES, "--ping"), source: "flag", chosen: true };
  const fromEnv = env["PILOT_LIGHT_PING"];
  if (fromEnv) return { mode: pick(fromEnv, PING_MODES, "PILOT_LIGHT_PING"), source: "env", chosen: true };
  const { mode } = settings.ping;
  if (mode === undefined) return { mode: PING_MODE_BY_DEFAULT, source: "default", chosen: false };
  return { mode, source: "settings", chosen: false };
}

/**
 * @param run what this run was started with. @returns how logins are pinged now, as the settings may have changed since; a
 * mode that they name counts as chosen. Pure.
 */
export function pingNow({ mode, chosen }: Pick<Options["ping"], "mode" | "chosen">, { ping }: Settings) {
  if (chosen) return { mode, chosen };
  return { mode: ping.mode ?? PING_MODE_BY_DEFAULT, chosen: ping.mode !== undefined };
}

/** @returns what message pings of this provider ask, as the settings say; undefined = its own default. Pure. */
export function pingModelOf({ providers, ping }: Settings, id: string): string | undefined {
  return lookUp(providers, id)?.pingModel ?? (id === UNNAMED_PROVIDER ? ping.model : undefined);
}

function levelOf({ logLevel }: GivenFlags): Options["logLevel"] {
  return logLevel === undefined ? null : pick(logLevel, LOG_LEVELS, "--log-level");
}

function pick<T extends string>(value: string, words: readonly T[], where: string): T {
  const found = oneOf(value, words, where);
  if (typeof found === "string") return found;
  throw new UserError(found.sentence, 2);
}

// ---- endpoints -------------------------------------------------------------------------------------------------------

/** Where each endpoint of a provider was said. */
export interface EndpointSources {
  readonly tokenUrl: Source;
  readonly apiUrl: Source;
}

/** @returns where the endpoints of `resolveOptions` were said, by provider id. Pure. @throws as that does. */
export function endpointSources(
  flags: GivenFlags,
  settings: Settings,
  { env }: Surroundings,
): ReadonlyMap<string, EndpointSources> {
  const sourceOf = (given: readonly string[], flag: string, variable: string, kind: EndpointKind) => {
    const byFlag = saidUrls(given, {}, flag, variable, kind);
    const byEnv = saidUrls([], env, flag, variable, kind);
    return (id: string, own: string | undefined): Source =>
      byFlag.has(id) ? "flag" : byEnv.has(id) ? "env" : own === undefined ? "default" : "settings";
  };
  const token = sourceOf(flags.tokenUrls, "--token-url", "PILOT_LIGHT_TOKEN_URL", "token");
  const api = sourceOf(flags.apiUrls, "--api-url", "PILOT_LIGHT_API_URL", "api");
  return new Map(
    providerIds().map((id) => {
      const own = lookUp(settings.providers, id);
      return [id, { tokenUrl: token(id, own?.tokenUrl), apiUrl: api(id, own?.apiUrl) }];
    }),
  );
}

interface Said {
  readonly provider: string;
  readonly url: string;
}

function endpointsOf(flags: GivenFlags, settings: Settings, env: Surroundings["env"]): Options["endpoints"] {
  const tokens = saidUrls(flags.tokenUrls, env, "--token-url", "PILOT_LIGHT_TOKEN_URL", "token");
  const apis = saidUrls(flags.apiUrls, env, "--api-url", "PILOT_LIGHT_API_URL", "api");
  const choices = new Map<string, EndpointChoice>();
  for (const id of providerIds()) {
    const own = lookUp(settings.providers, id);
    const tokenUrl = tokens.get(id) ?? fromSettings(own?.tokenUrl, `providers.${id}.tokenUrl`, "token");
    const apiUrl = apis.get(id) ?? fromSettings(own?.apiUrl, `providers.${id}.apiUrl`, "api");
    choices.set(id, { tokenUrl, apiUrl, encoding: own?.encoding });
  }
  return choices;
}

/** The flags win over the variable, one provider at a time. */
function saidUrls(
  given: readonly string[],
  env: Surroundings["env"],
  flag: string,
  variable: string,
  kind: EndpointKind,
): ReadonlyMap<string, string> {
  const inEnv = lookUp(env, variable)?.trim() ?? "";
  const byFlag = readAll(given, flag, kind, new Map());
  return inEnv === "" ? byFlag : readAll(inEnv.split(/\s+/), variable, kind, byFlag);
}

/** @param before what was said with more weight: for its providers nothing else is looked at. */
function readAll(
  texts: readonly string[],
  where: string,
  kind: EndpointKind,
  before: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  for (const text of texts) {
    const { provider, url } = split(text);
    const known: readonly string[] = providerIds();
    if (!known.includes(provider)) {
      const hint = didYouMean(provider, known, '"') || ` There is: ${known.join(", ")}.`;
      throw new UserError(`${where} names a provider that has no adapter here: "${visible(provider)}".${hint}`, 2);
    }
    if (urls.has(provider)) throw new UserError(`${where} names two URLs for ${provider}.`, 2);
    urls.set(provider, before.get(provider) ?? checked(url, where, kind));
  }
  return new Map([...before, ...urls]);
}

/** `PROVIDER=URL`, or a plain URL. */
function split(text: string): Said {
  const [, provider, url] = /^([\w.-]+)=(.*)$/s.exec(text) ?? [];
  return provider === undefined || url === undefined ? { provider: UNNAMED_PROVIDER, url: text } : { provider, url };
}

function fromSettings(url: string | undefined, key: string, kind: EndpointKind): string | undefined {
  return url === undefined ? undefined : checked(url, `The setting ${key}`, kind);
}

function checked(url: string, where: string, kind: EndpointKind): string {
  const verdict = validateEndpoint(url, kind);
  if ("ok" in verdict) return verdict.ok;
  throw new UserError(`${where} cannot be used: ${verdict.problem}.`, 2);
}
