/** What the two composition roots (app and command line) ask of the engine: commands go in, snapshots come out. */
import type { ById } from "../shared/data/by-id.ts";
import type { HistoryEvent } from "../shared/login/history.ts";
import type { KeptCopy, Rescuable } from "../shared/login/kept.ts";
import type { Said } from "../shared/login/outcome.ts";
import type { Snapshot } from "../shared/login/snapshot.ts";
import type { Span } from "../shared/login/span.ts";
import type { DoctorFacts } from "./commands/doctor-facts.ts";

export interface CommandResult extends Said {
  readonly id: string;
  /** What was asked for could not be done, for a reason that may pass: exit code 3, whatever the login's state says. */
  readonly notNow?: true;
}

/** What happened to one login, and when a keeper ran on a machine that was awake. */
export interface LoginStory {
  /** Oldest first. */
  readonly events: readonly HistoryEvent[];
  readonly spans: readonly Span[];
}

export type Role = { readonly name: "keeper" } | { readonly name: "viewer"; readonly keeperPid: number | null };

export interface RunListener {
  /** At the start and at each change of role. */
  onRole(role: Role): void;
  /** After each change; the viewer passes on what the keeper published. */
  onSnapshot(snapshot: Snapshot): void;
  /** Things worth a line for a person; also in the history. */
  onEvent(event: HistoryEvent): void;
}

export interface RunOnceResult {
  readonly snapshot: Snapshot;
  /** Logins that are still to be refreshed, or whose newest pair is not in the file. */
  readonly left: readonly string[];
}

export interface RunningKeeper {
  /** Stops: at once, or after the answer that is under way is safe. Idempotent. */
  stop(): Promise<void>;
  /** The system woke up: settle, then do what is due. */
  wake(): void;
}

export interface Engine {
  /** From the facts on disk; writes nothing. */
  status(): Promise<Snapshot>;
  /** Keeps logins alive until stopped; a viewer while another keeper runs. */
  run(listener: RunListener): Promise<RunningKeeper>;
  /** One full pass: refresh what is due, ping what may be pinged. */
  runOnce(listener: Pick<RunListener, "onEvent">, signal?: AbortSignal): Promise<RunOnceResult>;
  /**
   * Refresh now; ids as in the snapshot, or all. `onResult` is told of each login as soon as its result is known: the watch
   * over what was written goes on after that. @throws UserError for an unknown id.
   */
  refresh(
    ids: readonly string[] | "all",
    signal?: AbortSignal,
    onResult?: (result: CommandResult) => void,
  ): Promise<readonly CommandResult[]>;
  ping(ids: readonly string[] | "all", signal?: AbortSignal): Promise<readonly CommandResult[]>;
  /** Pauses pings only; `until` in ms, null = until resumed. */
  pause(ids: readonly string[] | "all", until: number | null): Promise<readonly CommandResult[]>;
  resume(ids: readonly string[] | "all"): Promise<readonly CommandResult[]>;
  /** Refresh a shared login anyway, use an old copy, put our safe copy back into a wiped entry. */
  allow(id: string, signal?: AbortSignal): Promise<CommandResult>;
  disallow(id: string): Promise<CommandResult>;
  /** Tokens that message pings used since midnight UTC, by login id; from the notes on disk, whoever pinged. */
  tokensToday(): Promise<ById<number>>;
  /** Newest last. `null` = all logins, also those that are gone. */
  history(id: string | null): Promise<readonly HistoryEvent[]>;
  /** The history of one login, and what its strip in the window is drawn from. */
  story(id: string): Promise<LoginStory>;
  /** Removed logins of which a safe copy is still kept; one that has just gone from the file counts from now. */
  keptCopies(): Promise<readonly KeptCopy[]>;
  /**
   * Erases our safe copies of a removed login at once; fingerprints stay. Done already is fine.
   * @throws UserError for an unknown id, and for a login of which the file still needs them.
   */
  forget(id: string, signal?: AbortSignal): Promise<CommandResult>;
  /** Lost or overwritten logins of which the journal holds a generation that may live, by id. */
  rescuables(): Promise<readonly Rescuable[]>;
  /**
   * Puts one of them back, as it was offered. @throws UserError where it is no longer on offer, or has an obstacle.
   */
  rescue(offered: Rescuable, signal?: AbortSignal): Promise<CommandResult>;
  /** What stands on disk, for `doctor`: `findingsOf` says what it means. Writes and sends nothing. */
  doctor(): Promise<DoctorFacts>;
}
