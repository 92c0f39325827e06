/** One stay under the lock: what may be written, the writes, and the watch over them (port `WriteSession`). */

import { type Random } from "../../ports/clock.ts";
import {
  type ChangePlan,
  type CommitResult,
  type Pair,
  type PairChange,
  type WriteSession,
} from "../../ports/credential-file.ts";
import { type Log } from "../../ports/log.ts";
import { errorCode, plainReason } from "../../shared/data/errors.ts";
import type { WriteProblem } from "../../shared/login/file-problem.ts";
import { writeProblemWords } from "../../shared/words/file-problem.ts";
import {
  editsToward,
  firstPicture,
  foreignWrite,
  type IsSpent,
  nothingWanted,
  orphanOf,
  ownWrite,
  type Picture,
} from "../neighbour/merge.ts";
import { type Kept, type Watched, watchWrites } from "../neighbour/watch.ts";
import type { CredentialDocument, Edit } from "../read/document.ts";
import { parseDocument } from "../read/parse.ts";
import { closeQuietly, goodReading, type ReadContext, type StableGood, stableRead } from "../read/stable-read.ts";
import { realPathOf } from "../read/store-path.ts";
import { applyEdits } from "./edit.ts";
import type { FormatLock } from "./format-lock.ts";
import { type Draft, type ReplaceContext, replaceFile, syncFolder, type Unsynced, type Written } from "./replace.ts";
import { createTemps } from "./temp-file.ts";

/** Reserved for the successor, beyond the size of the file. */
const ROOM_BYTES = 64 * 1024;
const PREPARE_LOCK_MS = 250;
const COMMIT_LOCK_MS = 5_000;
const WATCH_LOCK_MS = 500;
/** Older replaced inodes are let go: only a writer that never stops gets there. */
const MAX_KEPT = 100;

export interface SessionContext extends ReadContext {
  readonly random: Random;
  readonly log: Pick<Log, "warn">;
  readonly formatLock: FormatLock;
}

/** What a write was drafted on. */
interface Stage {
  readonly picture: Picture;
  /** The logins into which a pair is put. */
  readonly ids: readonly string[];
}

export function createSession(session: SessionContext): WriteSession {
  const { files, clock, formatLock } = session;
  const temps = createTemps(files, session.random, session.log);
  const context: ReplaceContext = { ...session, temps };
  let picture: Picture | null = null;
  let kept: Kept[] = [];
  let lastWrite: number | null = null;
  let unsynced: Unsynced | null = null;
  let told: WriteProblem["kind"] | null = null;

  const pictureOf = (document: CredentialDocument): Picture =>
    picture === null ? firstPicture(document, clock.monotonic()) : foreignWrite(picture, document, clock.monotonic());

  /** Remembers a write of ours, and keeps the inode that it replaced. */
  const wrote = async (written: Written, before: Picture, after: Picture): Promise<void> => {
    picture = after;
    lastWrite = clock.monotonic();
    unsynced = written.unsynced;
    if (written.replaced !== null)
      kept.push({ handle: written.replaced, seen: written.base.text, orphan: orphanOf(before, lastWrite) });
    if (kept.length <= MAX_KEPT) return;
    const oldest = kept.shift();
    if (oldest !== undefined) await closeQuietly(oldest.handle);
  };

  /** Makes an earlier rename durable of which this is not known yet. @returns why not, or null. */
  const catchUp = async (): Promise<WriteProblem | null> => {
    if (unsynced !== null) unsynced = await syncFolder(files, unsynced.folder);
    return unsynced?.problem ?? null;
  };

  /** @returns why no commit could follow, or null. */
  const obstacle = async (read: StableGood): Promise<WriteProblem | null> => {
    const problem = read.cannotReplace ?? (await writeProtection(context));
    if (problem !== null) return problem;
    const ready = await temps.ready(read, read.stat.size + ROOM_BYTES);
    if (ready.kind === "cannot") return ready.problem;
    if (read.document.format === "flat") return null;
    const lock = await formatLock.acquire(`${read.realPath}.lock`, PREPARE_LOCK_MS);
    if (lock.kind === "cannot") return lock.problem;
    await lock.release();
    return null;
  };

  const reconcile = async (plan: ChangePlan, isSpent: IsSpent): Promise<boolean> => {
    if ((await catchUp()) !== null) return false;
    const result = await replaceFile<Stage>(context, WATCH_LOCK_MS, async (read) => {
      const seen = pictureOf(read.document);
      const merged = edited(read.document, editsToward(seen.wanted, read.document, isSpent, clock.now()));
      if (merged.kind === "cannot") return merged;
      const changes = (await asked(plan, merged.document)).filter(({ pair }) => !isSpent(pair.refresh));
      return draftOf(read.document, edited(merged.document, pairEdits(changes, clock.now())), seen, changes);
    });
    if (result.kind === "failed") {
      // It is tried again several times a second.
      const { problem } = result;
      if (problem.kind !== told)
        session.log.warn("what another program wrote could not be merged yet", { reason: writeProblemWords(problem) });
      told = problem.kind;
      return false;
    }
    if (result.stage === null) return false;
    const before = result.stage.picture;
    if (result.kind === "nothing") picture = nothingWanted(before);
    else await wrote(result, before, ownWrite(before, result.document, result.stage.ids, true, clock.monotonic()));
    return unsynced === null;
  };

  return {
    tidy: async () => {
      const real = await realPathOf(files, context.path).catch((error: unknown) => {
        session.log.warn("what was left beside the file could not be looked for", { reason: plainReason(error) });
        return null;
      });
      if (real === null) return;
      await temps.removeLeftovers(real);
      await formatLock.clearOwn(`${real}.lock`);
    },

    prepare: async () => {
      const read = await stableRead(context);
      if (read.kind !== "good") {
        await temps.discard();
        return {
          kind: "cannot",
          problem: read.kind === "missing" ? read : { kind: "unusable", problem: read.problem },
        };
      }
      await closeQuietly(read.handle);
      picture = pictureOf(read.document);
      const problem = await obstacle(read);
      if (problem === null) return { kind: "ready" };
      await temps.discard();
      return { kind: "cannot", problem };
    },

    commit: async (plan): Promise<CommitResult> => {
      const late = await catchUp();
      if (late !== null) return { kind: "failed", problem: late };
      const result = await replaceFile<Stage>(context, COMMIT_LOCK_MS, async (read) => {
        const changes = await asked(plan, read.document);
        return draftOf(
          read.document,
          edited(read.document, pairEdits(changes, clock.now())),
          pictureOf(read.document),
          changes,
        );
      });
      if (result.kind === "failed") return result;
      if (result.kind === "nothing") {
        if (result.stage !== null) picture = result.stage.picture;
        return { kind: "nothing", reading: result.reading };
      }
      const before = result.stage.picture;
      await wrote(result, before, ownWrite(before, result.document, result.stage.ids, false, clock.monotonic()));
      if (result.unsynced !== null) return { kind: "failed", problem: result.unsynced.problem };
      return { kind: "written", reading: goodReading(result.document, null) };
    },

    watch: async (ms, plan, isSpent) => {
      if (lastWrite === null || picture === null) return;
      const state = { picture, lastWrite };
      const watched: Watched = {
        ...context,
        picture: () => picture ?? state.picture,
        setPicture: (next) => {
          picture = next;
        },
        kept: () => kept,
        lastWrite: () => lastWrite ?? state.lastWrite,
        reconcile,
      };
      await watchWrites(watched, ms, plan, isSpent);
    },

    close: async () => {
      await temps.discard();
      const handles = kept.map(({ handle }) => handle);
      kept = [];
      for (const handle of handles) await closeQuietly(handle);
    },
  };
}

/** Asks the plan, and drops what no longer fits: each change stands for the record that still holds its `from`. */
async function asked(plan: ChangePlan, document: CredentialDocument): Promise<readonly PairChange[]> {
  const changes = await plan(goodReading(document, null));
  const held = new Map<string, string>();
  for (const entry of document.entries) if (entry.kind === "oauth") held.set(entry.id, entry.pair.refresh);
  const isFree = (id: string) => !document.slots.has(id) && document.entries.every((entry) => entry.id !== id);
  const fitting = new Map<string, PairChange>();
  for (const change of changes) {
    const fits = change.from === null ? isFree(change.id) : held.get(change.id) === change.from;
    if (fits && !fitting.has(change.id)) fitting.set(change.id, change);
  }
  return [...fitting.values()];
}

function pairEdits(changes: readonly PairChange[], updatedAt: number): readonly Edit[] {
  return changes.map(({ id, from, pair }) =>
    from === null ? { kind: "put", id, raw: newEntry(pair) } : { kind: "pair", id, pair, updatedAt },
  );
}

/** A login as opencode would write it, one level deep. */
function newEntry({ refresh, access, expires }: Pair): string {
  const entry = { type: "oauth", refresh, access, expires: Math.floor(expires) };
  return JSON.stringify(entry, null, 2).replaceAll("\n", "\n  ");
}

type Edited =
  | { readonly kind: "document"; readonly document: CredentialDocument }
  | { readonly kind: "cannot"; readonly problem: WriteProblem };

function edited(document: CredentialDocument, edits: readonly Edit[]): Edited {
  if (edits.length === 0) return { kind: "document", document };
  const result = applyEdits(document, edits);
  if (result.kind === "cannot") return { kind: "cannot", problem: { kind: "notEditable", problem: result.problem } };
  const parsed = parseDocument(result.text);
  return parsed.kind === "document"
    ? parsed
    : { kind: "cannot", problem: { kind: "unusable", problem: parsed.problem } };
}

function draftOf(
  before: CredentialDocument,
  after: Edited,
  picture: Picture,
  changes: readonly PairChange[],
): Draft<Stage> {
  if (after.kind === "cannot") return after;
  const stage = { picture, ids: changes.map(({ id }) => id) };
  if (after.document.text === before.text) return { kind: "nothing", stage };
  return { kind: "text", text: after.document.text, stage };
}

/** Does the system refuse every change of this file ("immutable", "locked")? A rename over it would fail as well. */
async function writeProtection({ files, path }: ReadContext): Promise<WriteProblem | null> {
  try {
    await closeQuietly(await files.open(path, "update"));
    return null;
  } catch (error) {
    return errorCode(error) === "EPERM" ? { kind: "protected" } : null;
  }
}
