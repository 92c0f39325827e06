import type {
  Clock,
  CredentialFile,
  Files,
  Fingerprint,
  Http,
  Lock,
  Log,
  Power,
  Processes,
  Providers,
  Random,
  Reading,
  SettingsStore,
  SharedLogins,
} from "../../ports/ports.ts";
import { createQueue, type Queue } from "../../ports/queue.ts";
import type { Settings } from "../../shared/settings.ts";
import type { PingMode } from "../../shared/snapshot.ts";
import type { Reader } from "../../shared/words/state.ts";
import { createHistory, type History } from "../notes/history.ts";
import { createJournal, type Intent, type Journal, type JournalView, openIntents } from "../notes/journal.ts";
import { type Ledger, loadLedger } from "../notes/ledger.ts";
import { valueOf } from "../notes/notes.ts";
import { loadPings, NO_PINGS, type Pings } from "../notes/ping-notes.ts";
import { loadWaits, NO_WAITS, type Waits } from "../notes/waits.ts";
import { type Held, withHeld } from "../refresh/held.ts";
import { type ManagedEntry, managedEntries } from "./detect.ts";
import { rebuiltLedger } from "./rebuild.ts";
import { foldJournal } from "./replay.ts";

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
  /** How long a pass looks back at what it wrote (design section 4, "The watch"). */
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

/** Where things stand in the state dir: the one place that knows. */
export const PATHS = {
  files: (stateDir: string) => `${stateDir}/files`,
  journal: (stateDir: string) => `${stateDir}/journal`,
  ledger: (folder: string) => `${folder}/lineage.json`,
  waits: (folder: string) => `${folder}/waits.json`,
  pings: (folder: string) => `${folder}/pings.json`,
  history: (folder: string) => `${folder}/history`,
  keeperLock: (folder: string) => `${folder}/keeper.lock`,
  eraseLock: (folder: string) => `${folder}/erase.lock`,
  fileStatus: (folder: string) => `${folder}/status.json`,
  status: (stateDir: string) => `${stateDir}/status.json`,
} as const;

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

/** All that a decision rests on, read at one moment. */
export interface Facts {
  readonly now: number;
  readonly reading: Reading;
  readonly managed: readonly ManagedEntry[];
  /** With the journal folded in; not yet with what `reading` tells. */
  readonly ledger: Ledger;
  readonly journal: JournalView;
  readonly waits: Waits;
  readonly pings: Pings;
  /** Paths of our own notes that are damaged; what they said is made anew from the journal, or missing. */
  readonly damaged: readonly string[];
  readonly settings: Settings;
  readonly shared: Awaited<ReturnType<SharedLogins["read"]>>;
  /** By fingerprint: can its newest open intent still be answered, for its process lives and waits? Only for tokens with open intents. */
  readonly senders: ReadonlyMap<string, "alive" | "dead" | "unknown">;
  /** Waits of unsent requests that began before this moment are over: the network came back after it. */
  readonly networkBackAt: number;
  /** Why nothing can be written, so that nothing is sent, until `next`. */
  readonly trouble: Trouble | null;
}

export interface Trouble {
  readonly since: number;
  readonly next: number;
  readonly why: string;
}

export interface GatherOptions {
  readonly trouble?: Trouble | undefined;
  readonly networkBackAt?: number | undefined;
  /** Read already. */
  readonly reading?: Reading | undefined;
  /** Answers of this process that count whatever became of their intents on disk (I2). */
  readonly held?: Held | undefined;
}

/** Reads all facts. @throws UserError when the settings are damaged or our own notes of a newer version; file errors of the state dir. */
export async function gatherFacts(context: EngineContext, more: GatherOptions = {}): Promise<Facts> {
  const { files, folder } = context;
  const reading = more.reading ?? (await context.credentialFile.read());
  const journal = withHeld(await context.journal.load(), more.held);
  const noted = {
    ledger: await loadLedger(files, PATHS.ledger(folder)),
    waits: await loadWaits(files, PATHS.waits(folder)),
    pings: await loadPings(files, PATHS.pings(folder)),
  };
  const now = context.clock.now();
  const managed = reading.kind === "good" ? managedEntries(reading, context.providers, context.fingerprint) : [];
  const senders = new Map<string, "alive" | "dead" | "unknown">();
  for (const fp of new Set(journal.intents.map((intent) => intent.fp))) {
    const newest = openIntents(journal, fp).at(-1);
    if (newest === undefined) continue;
    senders.set(fp, await judgeSender(context, newest));
  }
  return {
    now,
    reading,
    managed,
    ledger:
      noted.ledger.kind === "whole"
        ? foldJournal(noted.ledger.value, journal, context.file)
        : rebuiltLedger(journal, context.file, managed, now),
    journal,
    waits: valueOf(noted.waits, NO_WAITS),
    pings: valueOf(noted.pings, NO_PINGS),
    damaged: (["ledger", "waits", "pings"] as const)
      .filter((name) => noted[name].kind === "damaged")
      .map((name) => PATHS[name](folder)),
    settings: context.settings.read(),
    shared: await context.sharedLogins.read(),
    senders,
    networkBackAt: more.networkBackAt ?? 0,
    trouble: more.trouble ?? null,
  };
}

/** Of ourselves we know whether we still wait, also where the disk did not take that an answer is lost. */
async function judgeSender(
  { processes, sending }: EngineContext,
  { fp, owner, lostAt }: Intent,
): Promise<"alive" | "dead" | "unknown"> {
  if (lostAt !== undefined) return "dead";
  const self = processes.self();
  const isOurs = owner.boot === self.boot && owner.pid === self.pid && owner.startedAt === self.startedAt;
  if (isOurs && owner.pidNamespace === self.pidNamespace) return sending.has(fp) ? "alive" : "dead";
  return processes.judge(owner);
}
