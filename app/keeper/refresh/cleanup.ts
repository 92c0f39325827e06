/**
 * What nobody will come back for: temp files of processes that died, and tokens of credential files that nobody keeps any more.
 * Cleared at the end of a pass, under its lock; a failure is logged and costs nothing but the next try.
 */

import { removeIfThere } from "../../ports/durable.ts";
import type { FileStat } from "../../ports/files.ts";
import { lookUp } from "../../shared/data/by-id.ts";
import { errorCode, plainReason } from "../../shared/data/errors.ts";
import type { HistoryEvent } from "../../shared/login/history.ts";
import { type EngineContext, KEEPER_SILENCE_MS } from "../context.ts";
import type { Facts } from "../decide/facts.ts";
import { createHistory } from "../notes/history.ts";
import type { Copy, Intent } from "../notes/journal-text.ts";
import { loadLedger } from "../notes/ledger.ts";
import { PATHS } from "../notes/paths.ts";

/** Older than any write takes. */
const TEMP_MS = 3_600_000;
/** Whose folder nobody wrote into for so long is not kept any more. */
const UNKEPT_MS = 30 * 24 * 3_600_000;
const KEEPER_LOCK = { waitMs: 2 * KEEPER_SILENCE_MS, beatMs: 1_000, silenceMs: KEEPER_SILENCE_MS, judgeProcess: true };

/** Clears both away. It never throws. */
export async function clearLeftovers(context: EngineContext, facts: Facts, signal: AbortSignal): Promise<void> {
  try {
    await sweepTemps(context);
    await eraseUnkept(context, facts, signal);
  } catch (error) {
    context.log.warn("what others left behind could not be cleared away yet", { reason: plainReason(error) });
  }
}

/**
 * Removes temp files of ours: at once those of notes that are written under this lock alone, the others once they are older
 * than an hour. The journal is shared by all files of the state dir, so our lock does not stop its writers: one whose clock
 * jumped or who was stopped may still be at work on such a file. It finds it missing when it renames it, the old text stands,
 * and the write counts as failed: an answer stays in memory until it is sealed, a pass begins anew, waits, pings and status
 * are written the next time.
 */
async function sweepTemps(context: EngineContext): Promise<void> {
  const { files, folder, stateDir, clock } = context;
  const places: readonly (readonly [folder: string, isOurs: (name: string) => boolean])[] = [
    [PATHS.journal(stateDir), () => true],
    [folder, () => true],
    // In a state dir of the user's choice others may keep files, too.
    [stateDir, (name) => name.startsWith("status.json.") || name.startsWith("journal.key.")],
  ];
  for (const [place, isOurs] of places) {
    for (const name of await files.list(place)) {
      if (!name.endsWith(".tmp") || !isOurs(name)) continue;
      const stat = await statOf(context, `${place}/${name}`);
      const isOnlyOurs = place === folder && /^(lineage|waits)\.json\./.test(name);
      if (stat?.kind === "file" && (isOnlyOurs || clock.now() - timeOf(stat) > TEMP_MS))
        await removeIfThere(files, `${place}/${name}`);
    }
  }
}

/** What the journal holds of another credential file. */
interface Kept {
  readonly copies: readonly Copy[];
  readonly intents: readonly Intent[];
}

/**
 * Erases the copies of what stood in credential files that nobody kept for 30 days; fingerprints stay, as after a removal.
 * Answers of ours stay: one of them may never have reached its file, which stands on a disk that is not here.
 */
async function eraseUnkept(context: EngineContext, facts: Facts, signal: AbortSignal): Promise<void> {
  const { journal: view } = facts;
  const copies = view.copies.filter(({ file }) => file !== context.file);
  const intents = view.intents.filter(
    ({ file, successor }) => file !== context.file && successor !== null && successor.pair !== null,
  );
  for (const file of new Set(copies.map((each) => each.file))) {
    const kept = {
      copies: copies.filter((copy) => copy.file === file),
      intents: intents.filter((intent) => intent.file === file),
    };
    if (await isUnkept(context, file, kept)) await eraseFile(context, file, kept, signal);
  }
}

/**
 * Judged by the newest of its files and its entries in the journal. A time that lies ahead tells that clocks disagree, so it
 * counts as new; and whose process lives is at work, whatever the times say.
 */
async function isUnkept(context: EngineContext, file: string, kept: Kept): Promise<boolean> {
  const { stateDir, clock, journal, processes } = context;
  const folder = `${PATHS.files(stateDir)}/${file}`;
  const paths = [
    ...(await below(context, folder, 2)),
    ...[...kept.copies, ...kept.intents].map((entry) => journal.pathOf(entry)),
  ];
  for (const path of paths) {
    const stat = await statOf(context, path);
    if (stat?.kind === "file" && clock.now() - timeOf(stat) < UNKEPT_MS) return false;
  }
  for (const { owner } of kept.intents) if ((await processes.judge(owner)) === "alive") return false;
  return !(await standsElsewhere(context, file, kept));
}

/** Two files may hold one login; then what came of it under the one is the safe copy of the other. */
async function standsElsewhere(context: EngineContext, file: string, kept: Kept): Promise<boolean> {
  const { files, stateDir } = context;
  const fps = [
    ...kept.copies.map(({ fp }) => fp),
    ...kept.intents.flatMap(({ fp, successor }) => (successor === null ? [fp] : [fp, successor.fp])),
  ];
  for (const other of await files.list(PATHS.files(stateDir))) {
    if (other === file) continue;
    const ledger = await loadLedger(files, PATHS.ledger(`${PATHS.files(stateDir)}/${other}`));
    // What cannot be read may tell of them.
    if (
      ledger.kind === "damaged" ||
      (ledger.kind === "whole" && fps.some((fp) => lookUp(ledger.value.tokens, fp) !== undefined))
    )
      return true;
  }
  return false;
}

async function eraseFile(context: EngineContext, file: string, kept: Kept, signal: AbortSignal): Promise<void> {
  const { stateDir, files, journal, clock, log } = context;
  const folder = `${PATHS.files(stateDir)}/${file}`;
  const isThere = (await statOf(context, folder)) !== null;
  // A keeper that lives holds this, whatever any clock says.
  const lock = isThere ? await context.lock.acquire(PATHS.keeperLock(folder), { ...KEEPER_LOCK, signal }) : null;
  if (lock?.kind === "busy") return;
  try {
    for (const { fp } of kept.copies) await journal.dropCopy(fp);
    await journal.sync();
    const ids = new Map<string, string>();
    for (const { fp, ids: of } of kept.copies) for (const id of of) ids.set(id, fp);
    const events = [...ids].map(([id, fp]): HistoryEvent => {
      const what = { kind: "copyErased", because: "unkept" } as const;
      return { at: clock.now(), id, by: "us", what, fingerprint: fp };
    });
    if (isThere) await createHistory(files, PATHS.history(folder), log).append(events);
    log.info("our safe copies are erased: no keeper used this file for 30 days", { file, logins: ids.size });
  } finally {
    await lock?.release();
  }
}

/** The path itself and what stands below it. */
async function below(context: EngineContext, path: string, depth: number): Promise<readonly string[]> {
  if (depth === 0) return [path];
  let names: readonly string[];
  try {
    names = await context.files.list(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return [path];
    throw error;
  }
  const inside = await Promise.all(names.map((name) => below(context, `${path}/${name}`, depth - 1)));
  return [path, ...inside.flat()];
}

/** When it was written, in wall ms. */
const timeOf = ({ mtimeNs }: FileStat): number => Math.floor(Number(mtimeNs) / 1e6);

/** null = it is gone. */
async function statOf({ files }: EngineContext, path: string): Promise<FileStat | null> {
  try {
    return await files.stat(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}
