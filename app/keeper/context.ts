import { type Clock, type Random } from "../ports/clock.ts";
import { type CredentialFile, type SharedLogins } from "../ports/credential-file.ts";
import { type Files } from "../ports/files.ts";
import { type Fingerprint } from "../ports/fingerprint.ts";
import { type Http } from "../ports/http.ts";
import { type Lock } from "../ports/lock.ts";
import { type Log } from "../ports/log.ts";
import { type Power } from "../ports/power.ts";
import { type Processes } from "../ports/processes.ts";
import { type Providers } from "../ports/provider.ts";
import { createQueue, type Queue } from "../ports/queue.ts";
import { type SettingsStore } from "../ports/settings.ts";
import type { PingMode } from "../shared/login/snapshot.ts";
import type { Reader } from "../shared/words/state.ts";
import { createHistory, type History } from "./notes/history.ts";
import { createJournal, type Journal } from "./notes/journal.ts";
import { PATHS } from "./notes/paths.ts";

/** A keeper that showed no life for this long has ended. */
export const KEEPER_SILENCE_MS = 4_000;

/** Everything that the engine was given; immutable. */
export interface EngineDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly power: Power;
  readonly files: Files;
  readonly lock: Lock;
  readonly processes: Processes;
  readonly http: Http;
  readonly fingerprint: Fingerprint;
  /** Service `auth.keepalive`. */
  readonly log: Log;
  readonly settings: SettingsStore;
  readonly credentialFile: CredentialFile;
  readonly sharedLogins: SharedLogins;
  readonly providers: Providers;
  readonly stateDir: string;
  /** Before anything is sent or written: are our own folders ours alone? @throws UserError (4) that says what is not. */
  readonly checkFolders: () => void;
  /** Asked at each ping: settings may change. `chosen` = by flag, env or settings, so it counts as seen. */
  readonly ping: () => { readonly mode: PingMode; readonly chosen: boolean };
  /** How long a pass looks back at what it wrote. */
  readonly watchMs: number;
  /** For whom the answers to commands are; default "cli". */
  readonly reader?: Reader | undefined;
}

/** The dependencies and what belongs to this one credential file. */
export interface EngineContext extends EngineDeps {
  /** Hash of the credential file's real path. */
  readonly file: string;
  /** `<state dir>/files/<hash>`. */
  readonly folder: string;
  readonly journal: Journal;
  readonly history: History;
  /** Pings run side by side, and their notes stand in one file. */
  readonly pingNotes: Queue;
  /** Fingerprints of the tokens that this process has sent and whose answer it still waits for. */
  readonly sending: Set<string>;
}

/** @throws file errors where the fingerprint key or the real path of the file cannot be had. */
export async function createContext(deps: EngineDeps): Promise<EngineContext> {
  const file = deps.fingerprint.of(await deps.credentialFile.realPath());
  const folder = `${PATHS.files(deps.stateDir)}/${file}`;
  return {
    ...deps,
    file,
    folder,
    journal: createJournal({ ...deps, folder: PATHS.journal(deps.stateDir) }),
    history: createHistory(deps.files, PATHS.history(folder), deps.log),
    pingNotes: createQueue(),
    sending: new Set(),
  };
}
