import { type Reading } from "../../ports/credential-file.ts";
import type { EngineContext } from "../context.ts";
import { managedEntries } from "../decide/entries.ts";
import type { Facts, Trouble } from "../decide/facts.ts";
import { rebuiltLedger } from "../decide/rebuild.ts";
import { replayJournal } from "../decide/replay.ts";
import { type Intent } from "../notes/journal-text.ts";
import { openIntents } from "../notes/journal-view.ts";
import { EMPTY_LEDGER, loadLedger } from "../notes/ledger.ts";
import { valueOf } from "../notes/notes.ts";
import { PATHS } from "../notes/paths.ts";
import { loadPings, NO_PINGS } from "../notes/ping-notes.ts";
import { loadWaits, NO_WAITS } from "../notes/waits.ts";
import { type Held, withHeld } from "./held.ts";

export interface GatherOptions {
  readonly trouble?: Trouble | undefined;
  readonly networkBackAt?: number | undefined;
  /** Read already. */
  readonly reading?: Reading | undefined;
  /** Answers of this process that count whatever became of their intents on disk (I2). */
  readonly held?: Held | undefined;
}

/**
 * Reads all facts.
 * @throws UserError when the settings are damaged or our own notes of a newer version; file errors of the state dir.
 */
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
    file: context.file,
    providers: context.providers,
    reading,
    managed,
    noted: valueOf(noted.ledger, EMPTY_LEDGER),
    ledger:
      noted.ledger.kind === "whole"
        ? replayJournal(noted.ledger.value, journal, context.file)
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
