import type { Reading } from "../../ports/credential-file.ts";
import { observeFacts } from "../decide/detect.ts";
import type { Facts } from "../decide/facts.ts";
import { copiesToKeep, ownTorn } from "../decide/put-backs.ts";
import { workOf } from "../decide/work.ts";
import { viewOf } from "../notes/journal-view.ts";
import { saveLedger } from "../notes/ledger.ts";
import { setAside } from "../notes/notes.ts";
import { PATHS } from "../notes/paths.ts";
import { cutWaits, saveWaits } from "../notes/waits.ts";
import { onceMore } from "./folders.ts";
import { gatherFacts } from "./gather.ts";
import type { Pass } from "./pass.ts";

/** Two equal reads this far apart make a removal (I8). */
const REMOVAL_MS = 1_000;

/** What of a pass is needed to write notes under its lock. */
export type Recorder = Pick<Pass, "context" | "lock" | "held" | "networkBackAt" | "allowOldCopy" | "tell">;

/**
 * Reads all facts and, where our notes lack something of them, writes it down. Under the lock.
 * @returns the facts with the ledger as it is now. @throws file errors of our notes.
 */
export async function settle(recorder: Recorder): Promise<Facts> {
  const { context, held, networkBackAt } = recorder;
  const facts = await gatherFacts(context, { held, networkBackAt });
  const isBehind = workOf(facts, { due: false, force: new Map(), allowOldCopy: recorder.allowOldCopy }).some(
    ({ kind }) => kind === "record",
  );
  return isBehind ? record(recorder, facts) : { ...facts, ledger: observeFacts(facts, false).ledger };
}

/**
 * Makes sure of removals, then writes down what file and journal tell: pairs first, then the ledger. Nothing is written once
 * the lock is in other hands: what we know stays in memory then.
 * @returns the facts with the ledger as it is now. @throws file errors of our notes.
 */
export async function record(recorder: Recorder, before: Facts): Promise<Facts> {
  const { context, lock, held, networkBackAt, allowOldCopy, tell } = recorder;
  let facts = before;
  let seen = observeFacts(facts, false, allowOldCopy);
  if (seen.lacking.length > 0) {
    await context.clock.sleep(REMOVAL_MS);
    const second = await context.credentialFile.read();
    const isConfirmed = sameText(facts.reading, second);
    facts = await gatherFacts(context, { held, networkBackAt, reading: second });
    seen = observeFacts(facts, isConfirmed, allowOldCopy);
  }
  const known: Facts = { ...facts, ledger: seen.ledger, waits: cutWaits(facts.waits, facts.now) };
  if (!(await lock.stillOurs())) return known;
  const aside = await onceMore(context, () => setAside(context, facts.damaged));
  const after = await onceMore(context, () => write(recorder, facts, known));
  await tell([...aside, ...seen.events]);
  return after;
}

async function write({ context }: Recorder, before: Facts, after: Facts): Promise<Facts> {
  const { files, folder, journal, random } = context;
  const torn = ownTorn(after);
  for (const name of torn) await journal.discardTorn(name);
  const copies = copiesToKeep(after);
  for (const copy of copies) await journal.keepCopy(copy);
  await saveLedger(files, PATHS.ledger(folder), after.ledger, random);
  if (after.waits !== before.waits) await saveWaits(files, PATHS.waits(folder), after.waits, random);
  const { intents, copies: kept, torn: all } = after.journal;
  return {
    ...after,
    damaged: [],
    noted: after.ledger,
    journal: viewOf(
      intents,
      [...kept, ...copies.map((copy) => ({ version: 1 as const, ...copy }))],
      all.filter((name) => !torn.includes(name)),
    ),
  };
}

function sameText(a: Reading, b: Reading): boolean {
  return a.kind === "good" && b.kind === "good" && a.text === b.text;
}
