import type { HeldLock } from "../../ports/lock.ts";
import { createQueue } from "../../ports/queue.ts";
import { plainReason } from "../../shared/data/errors.ts";
import type { Span } from "../../shared/login/span.ts";
import { type EngineContext, KEEPER_SILENCE_MS } from "../context.ts";
import { valueOf } from "../notes/notes.ts";
import { PATHS } from "../notes/paths.ts";
import { begun, ended, loadSpans, saveSpans, stoodStill } from "../notes/running.ts";

/** Writes down when this keeper runs. Nothing here throws: it is told, not relied on. */
export interface RunningNotes {
  /** @param lastSeen when the keeper before it last showed life (wall ms); null = not known. */
  begin(lastSeen: number | null): Promise<void>;
  /** The machine slept; `from`: when we last knew that it was awake (wall ms). */
  stoodStill(from: number): Promise<void>;
  end(): Promise<void>;
}

/** @param role while another process has it, nothing is written: that one closed our span. */
export function createRunningNotes(context: EngineContext, role: HeldLock): RunningNotes {
  const { files, folder, clock, random, log } = context;
  const path = PATHS.running(folder);
  const oneByOne = createQueue();
  const change = (next: (spans: readonly Span[]) => readonly Span[]) =>
    oneByOne(async () => {
      try {
        if (!(await role.stillOurs())) return;
        const before = valueOf(await loadSpans(files, path), []);
        const after = next(before);
        if (after !== before) await saveSpans(files, path, after, random);
      } catch (error) {
        log.warn("when the keeper runs could not be written down", { reason: plainReason(error) });
      }
    });
  return {
    begin: (lastSeen) => change((spans) => begun(spans, clock.now(), lastSeen)),
    stoodStill: (from) => change((spans) => stoodStill(spans, from, clock.now())),
    end: () => change((spans) => ended(spans, clock.now())),
  };
}

/** @returns when whoever has the role of keeper, or did not give it back, last showed life (wall ms); null = not known. */
export async function lastSignOf({ lock, folder }: EngineContext): Promise<number | null> {
  const holder = await lock.peek(PATHS.keeperLock(folder), KEEPER_SILENCE_MS).catch(() => null);
  return holder?.at ?? null;
}

/** @returns when a keeper ran; what nobody ended lasts as long as its keeper shows life. */
export async function spansOf(context: EngineContext): Promise<readonly Span[]> {
  const { files, folder, lock, log } = context;
  try {
    const spans = valueOf(await loadSpans(files, PATHS.running(folder)), []);
    const holder = await lock.peek(PATHS.keeperLock(folder), KEEPER_SILENCE_MS);
    return holder?.lives === true ? spans : ended(spans, holder?.at ?? null);
  } catch (error) {
    log.warn("when the keeper ran could not be read", { reason: plainReason(error) });
    return [];
  }
}
