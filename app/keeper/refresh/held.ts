/**
 * Answers that this process has and that must not depend on any folder: from the moment they come until the file and the
 * journal have them (I2). A state dir that is removed, or a disk that fills, takes nothing away.
 */

import type { GoodReading, PairChange } from "../../ports/credential-file.ts";
import type { Fingerprint } from "../../ports/fingerprint.ts";
import type { Providers } from "../../ports/provider.ts";
import { managedEntries } from "../decide/entries.ts";
import type { Journal } from "../notes/journal.ts";
import type { Intent, Successor } from "../notes/journal-text.ts";
import { type JournalView, journalView } from "../notes/journal-view.ts";

export interface HeldAnswer {
  /** Under which it was asked for. */
  readonly intent: Intent;
  readonly successor: Successor;
  /** The journal took it, durably; a folder that is removed can still take it away. */
  readonly journaled: boolean;
}

/** By the fingerprint of the token that was sent. */
export type Held = ReadonlyMap<string, HeldAnswer>;

/** @returns the journal as it were had nothing happened to it. */
export function withHeld(journal: JournalView, held: Held | undefined): JournalView {
  if (held === undefined || held.size === 0) return journal;
  const lacking = [...held.values()].filter(({ intent }) => successorIn(journal, intent) === null);
  const isLacking = (intent: Intent) => lacking.some((each) => isSame(each.intent, intent));
  return journalView(
    [
      ...journal.intents.filter((intent) => !isLacking(intent)),
      ...lacking.map(({ intent, successor }) => ({ ...intent, successor })),
    ],
    journal.copies,
    journal.torn,
  );
}

/**
 * Writes into the journal what it lacks, and lets go of what it has: those that are left are in memory only.
 * @throws file errors of reading it.
 */
export async function sealHeld(journal: Journal, held: Map<string, HeldAnswer>): Promise<void> {
  if (held.size === 0) return;
  const view = await journal.load();
  for (const [fp, { intent, successor, journaled }] of held) {
    // What can be read is not always durable: after a failed sync it is written anew.
    if (!journaled || successorIn(view, intent) === null) await journal.seal(intent, successor);
    held.delete(fp);
  }
}

/** What the file needs where not even our notes can be read: the token that stands there says where an answer belongs. */
export function heldChanges(
  held: Held,
  reading: GoodReading,
  providers: Providers,
  fingerprint: Fingerprint,
): readonly PairChange[] {
  return managedEntries(reading, providers, fingerprint).flatMap(({ entry, fp }) => {
    const pair = fp === null ? null : (held.get(fp)?.successor.pair ?? null);
    return pair === null ? [] : [{ id: entry.id, from: entry.pair.refresh, pair }];
  });
}

function successorIn(journal: JournalView, intent: Intent): Successor | null {
  return journal.byToken.get(intent.fp)?.find(({ attempt }) => attempt === intent.attempt)?.successor ?? null;
}

const isSame = (a: Intent, b: Intent): boolean => a.fp === b.fp && a.attempt === b.attempt;
