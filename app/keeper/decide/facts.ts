import type { Reading, SharedLogins } from "../../ports/credential-file.ts";
import type { Providers } from "../../ports/provider.ts";
import type { PassProblem } from "../../shared/login/outcome.ts";
import type { Settings } from "../../shared/settings.ts";
import type { JournalView } from "../notes/journal-view.ts";
import type { Ledger } from "../notes/ledger.ts";
import type { Pings } from "../notes/ping-notes.ts";
import type { Waits } from "../notes/waits.ts";
import type { ManagedEntry } from "./entries.ts";

/** All that a decision rests on, read at one moment. */
export interface Facts {
  readonly now: number;
  /** Hash of the credential file's real path: which entries of the journal are its own. */
  readonly file: string;
  readonly providers: Providers;
  readonly reading: Reading;
  readonly managed: readonly ManagedEntry[];
  /** The ledger as it is on disk; empty where it is missing or damaged. */
  readonly noted: Ledger;
  /** With the journal folded in; not yet with what `reading` tells. */
  readonly ledger: Ledger;
  readonly journal: JournalView;
  readonly waits: Waits;
  readonly pings: Pings;
  /** Paths of our own notes that are damaged; what they said is made anew from the journal, or missing. */
  readonly damaged: readonly string[];
  readonly settings: Settings;
  readonly shared: Awaited<ReturnType<SharedLogins["read"]>>;
  /**
   * By fingerprint: can its newest open intent still be answered, for its process lives and waits? Only for tokens with open
   * intents.
   */
  readonly senders: ReadonlyMap<string, "alive" | "dead" | "unknown">;
  /** Waits of unsent requests that began before this moment are over: the network came back after it. */
  readonly networkBackAt: number;
  /** Why nothing can be written, so that nothing is sent, until `next`. */
  readonly trouble: Trouble | null;
}

export interface Trouble {
  readonly since: number;
  readonly next: number;
  readonly problem: PassProblem;
}
