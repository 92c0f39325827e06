/** One stay under the lock beside the credential file: what it is asked, what it holds, and what came of it. */

import type { WriteSession } from "../../ports/credential-file.ts";
import type { HeldLock } from "../../ports/lock.ts";
import type { Power } from "../../ports/power.ts";
import { errorCode, plainReason } from "../../shared/data/errors.ts";
import type { WriteProblem } from "../../shared/login/file-problem.ts";
import { type HistoryEvent } from "../../shared/login/history.ts";
import type { PassProblem } from "../../shared/login/outcome.ts";
import type { Setback } from "../../shared/login/setback.ts";
import type { EngineContext } from "../context.ts";
import type { Facts } from "../decide/facts.ts";
import type { RescueTarget } from "../decide/rescue.ts";
import type { Wish } from "../decide/work.ts";
import { EMPTY_LEDGER, type Ledger } from "../notes/ledger.ts";
import type { HeldAnswer } from "./held.ts";

/** Held through the watch. */
export const LOCK = { beatMs: 5_000, silenceMs: 45_000, judgeProcess: true } as const;

export interface PassRequest extends Wish {
  readonly lockWaitMs: number;
  readonly networkBackAt?: number | undefined;
  readonly signal: AbortSignal;
  /** Worth a line for a person; it stands in the history, too. */
  readonly onEvents: (events: readonly HistoryEvent[]) => void;
  /** Something changed that people may want to see. */
  readonly onChange: (facts: Facts) => Promise<void>;
  /** What became of these logins is known, and as safe as it will be. */
  readonly onRedeemed?: (ids: readonly string[], soFar: PassResult) => Promise<void>;
}

/** What became of one redemption. */
export type Redeemed =
  | { readonly kind: "success" }
  | { readonly kind: "adopted" }
  | { readonly kind: "ended" }
  | { readonly kind: "waits"; readonly setback: Setback }
  /** Nothing was sent, and nobody is to blame: the lock was lost, another process was first, or we stop or fall asleep. */
  | { readonly kind: "notSent" };

export type PassResult =
  | {
      readonly kind: "done";
      readonly redeemed: ReadonlyMap<string, Redeemed>;
      readonly commitFailed: WriteProblem | null;
      /** Why our own notes could not be written, so that nothing more was sent. */
      readonly notesFailed: PassProblem | null;
      /** An answer could be written nowhere. */
      readonly lost: boolean;
    }
  /** Another process holds the lock. */
  | { readonly kind: "busy"; readonly owner: string }
  /** Nothing could be begun. */
  | { readonly kind: "cannot"; readonly problem: PassProblem };

/** The system is asked to wait from before an exchange until its answer is in the file. */
interface SleepHold {
  /** Resolves when it is known to wait, or that it cannot be asked. One at a time: a second asks for nothing more. */
  begin(): Promise<unknown>;
  /** Lets go; nothing if nothing was begun. */
  end(): void;
}

export interface Pass {
  readonly context: EngineContext;
  readonly request: PassRequest;
  readonly lock: HeldLock;
  readonly session: WriteSession;
  readonly sleep: SleepHold;
  readonly networkBackAt: number | undefined;
  /** Answers that the file and the journal are not known to have yet (I2). */
  readonly held: Map<string, HeldAnswer>;
  /** By login id. */
  readonly redeemed: Map<string, Redeemed>;
  /** Tells what happened: to the history, and to who asked. Never throws. */
  readonly tell: (events: readonly HistoryEvent[]) => Promise<void>;
  allowOldCopy: string | undefined;
  rescue: RescueTarget | undefined;
  /** The file was changed. */
  written: boolean;
  commitFailed: WriteProblem | null;
  notesFailed: PassProblem | null;
  /** As it was last known. */
  ledger: Ledger;
  /** No other token is sent before this moment of the monotonic clock. */
  restUntil: number;
  /** Nothing is sent any more, by the last redemption's word. */
  halted: boolean;
}

export function createPass(context: EngineContext, request: PassRequest, lock: HeldLock): Pass {
  return {
    context,
    request,
    lock,
    session: context.credentialFile.openSession(),
    sleep: createSleepHold(context.power),
    networkBackAt: request.networkBackAt,
    held: new Map(),
    redeemed: new Map(),
    tell: (events) => {
      try {
        request.onEvents(events);
      } catch (error) {
        context.log.warn("what happened could not be told", { reason: plainReason(error) });
      }
      return context.history.append(events);
    },
    allowOldCopy: request.allowOldCopy,
    rescue: request.rescue,
    written: false,
    commitFailed: null,
    notesFailed: null,
    ledger: EMPTY_LEDGER,
    restUntil: 0,
    halted: false,
  };
}

function createSleepHold(power: Pick<Power, "hold">): SleepHold {
  let holding: Promise<() => void> | null = null;
  return {
    begin() {
      holding ??= power.hold();
      return holding;
    },
    end() {
      void holding?.then((release) => release());
      holding = null;
    },
  };
}

/** What is still asked for. What a rescue takes the place of must be in the journal first. */
export function wishOf({ request, allowOldCopy, rescue, notesFailed }: Pass): Wish {
  const { due, force } = request;
  return { due, force, allowOldCopy, rescue: notesFailed === null ? rescue : undefined };
}

/** Nothing new begins: we are asked to stop, or the system is about to sleep. */
export function isStopping({ context, request }: Pass): boolean {
  return request.signal.aborted || context.power.leaving();
}

export function resultOf({ redeemed, commitFailed, notesFailed, written, held }: Pass): PassResult {
  if (notesFailed !== null && redeemed.size === 0 && !written) return { kind: "cannot", problem: notesFailed };
  return { kind: "done", redeemed, commitFailed, notesFailed, lost: commitFailed !== null && held.size > 0 };
}

/** Only errors of files end here; anything else is a defect, or a sentence for the user already. */
export function problemOf(error: unknown, kind: PassProblem["kind"]): PassProblem {
  const code = errorCode(error);
  if (code === null) throw error;
  return { kind, code };
}
