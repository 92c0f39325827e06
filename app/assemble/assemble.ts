import { homedir } from "node:os";
import { createSharedLogins } from "../credentials/find/shared-logins.ts";
import { createCredentialFile } from "../credentials/store.ts";
import type { Engine } from "../keeper/api.ts";
import { createEngine } from "../keeper/engine.ts";
import { createClock } from "../platform/clock.ts";
import { createFiles } from "../platform/files/files.ts";
import { createOwnFolders } from "../platform/files/own-folders.ts";
import { type LoadedFingerprint, loadFingerprint, ownFingerprint, peekFingerprint } from "../platform/fingerprint.ts";
import { createHttp } from "../platform/http/http.ts";
import { createLock } from "../platform/lock/lock.ts";
import { createLog, createStreamSink, type LogLevel } from "../platform/log/log.ts";
import { createFileSink } from "../platform/log/log-file.ts";
import { createPower, type PowerSource } from "../platform/process/power.ts";
import { createProcesses } from "../platform/process/processes.ts";
import { createRandom } from "../platform/random.ts";
import type { Files } from "../ports/files.ts";
import type { Log } from "../ports/log.ts";
import type { Provider } from "../ports/provider.ts";
import type { SettingsStore } from "../ports/settings.ts";
import { createProviders, type EndpointChoice, endpointsInUse, type Registry } from "../providers/registry.ts";
import { plainReason, UserError } from "../shared/data/errors.ts";
import type { Reader } from "../shared/words/state.ts";
import { type Options, pingModelOf, pingNow } from "./options.ts";

/** How long a pass looks back at what it wrote. */
const WATCH_MS = { keeper: 3_000, command: 2_000 } as const;

export interface AssembleInput {
  readonly version: string;
  /** Absolute. */
  readonly authFile: string;
  readonly stateDir: string;
  readonly settings: SettingsStore;
  /** Where providers answer, by provider id; absent = the default. */
  readonly endpoints: ReadonlyMap<string, EndpointChoice>;
  readonly ping: Pick<Options["ping"], "mode" | "chosen">;
  /** Nothing is written, not even the state folder is made: for commands that only look. */
  readonly readOnly: boolean;
  /** For `doctor`: folders that are not ours alone are told by what it finds, and their key is not taken. */
  readonly forDoctor?: boolean;
  /** A command, or a keeper. */
  readonly oneShot: boolean;
  /** For whom the answers to commands are; default "cli". */
  readonly reader?: Reader;
  readonly power: PowerSource;
  readonly logLevel: LogLevel;
  /** JSON lines on stderr as well as in the file. */
  readonly stderrLog: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The providers to know; absent = all that there are. Both roots leave it out. */
  readonly registry?: Registry;
}

/** A provider, as people are told of it. */
export interface ProviderInUse
  extends Pick<Provider, "id" | "name" | "signInHint" | "signInNote" | "signInNeeds" | "termsNote"> {
  readonly tokenUrl: string;
  readonly apiUrl: string;
  /** What a message ping asks at present. */
  readonly pingTarget: string;
  /** The same, where the settings name none. */
  readonly pingDefault: string;
}

export interface Assembled {
  readonly engine: Engine;
  /** Where the engine writes down what it does. */
  readonly log: Log;
  /** As the settings have them now. */
  readonly providers: () => readonly ProviderInUse[];
}

/**
 * Wires the engine to the real world: what the app and the command line have in common, once.
 * @throws UserError when the state folder cannot be used, or is not ours alone.
 */
export async function assemble(input: AssembleInput): Promise<Assembled> {
  const { authFile, stateDir, settings, env, endpoints, registry } = input;
  const files = createFiles();
  const clock = createClock();
  const random = createRandom();
  const processes = createProcesses();
  const log = createLog({
    sinks: [createFileSink(stateDir), ...(input.stderrLog ? [createStreamSink(process.stderr)] : [])],
    clock,
    level: input.logLevel,
    service: "auth.keepalive",
  });
  const ownFolders = createOwnFolders(stateDir, (folder) =>
    log.warn("a folder of ours was closed to other users", { folder }),
  );
  const checkFolders = input.readOnly ? ownFolders.check : ownFolders.close;
  const fingerprint = await fingerprintOf(files, input, checkFolders);
  if (fingerprint.mended !== null)
    log.warn("the key of the journal was damaged, it is whole again", { file: fingerprint.mended });
  const pingModel = (id: string) => pingModelOf(settings.read(), id);
  const providers = createProviders({ endpoints, pingModel }, registry);
  const engine = await createEngine({
    clock,
    random,
    power: createPower({ ...input.power, platform: process.platform, env, clock, log }),
    files,
    processes,
    lock: createLock({ files, clock, random, processes, log }),
    http: createHttp({ userAgent: `pilot-light/${input.version}` }),
    fingerprint,
    log,
    settings,
    credentialFile: createCredentialFile({ path: authFile, files, clock, random, log }),
    sharedLogins: createSharedLogins({
      files,
      claudeConfigDir: env["CLAUDE_CONFIG_DIR"],
      home: env["HOME"] ?? homedir(),
      authFile,
      platform: process.platform,
    }),
    providers,
    stateDir,
    checkFolders,
    ping: () => pingNow(input.ping, settings.read()),
    watchMs: input.oneShot ? WATCH_MS.command : WATCH_MS.keeper,
    reader: input.reader,
  });
  const used = endpointsInUse(endpoints, registry);
  const unset = createProviders({ endpoints, pingModel: () => undefined }, registry);
  const inUse = () =>
    used.flatMap(({ provider: id, tokenUrl, apiUrl }) => {
      const provider = providers.get(id);
      if (provider === undefined) return [];
      const { name, signInHint, signInNote, signInNeeds, termsNote } = provider;
      const pingTarget = provider.pingTarget();
      const pingDefault = unset.get(id)?.pingTarget() ?? pingTarget;
      return [{ id, name, signInHint, signInNote, signInNeeds, termsNote, tokenUrl, apiUrl, pingTarget, pingDefault }];
    });
  return { engine, log, providers: inUse };
}

async function fingerprintOf(
  files: Files,
  { stateDir, readOnly, forDoctor }: AssembleInput,
  checkFolders: () => void,
): Promise<LoadedFingerprint> {
  try {
    checkFolders();
  } catch (error) {
    if (forDoctor === true) return ownFingerprint();
    throw error;
  }
  const keys = readOnly ? peekFingerprint : loadFingerprint;
  return keys(files, stateDir).catch((error: unknown) => {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `The state folder ${stateDir} cannot be used: ${plainReason(error)}. Fix it, or choose another with --state-dir.`,
      3,
    );
  });
}
