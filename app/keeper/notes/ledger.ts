/**
 * What we know of the tokens of one credential file: fingerprints, never tokens.
 * `files/<hash>/lineage.json`; written under the lock, read at any time.
 */

import * as v from "valibot";
import { type Random } from "../../ports/clock.ts";
import { readText, writeDurably } from "../../ports/durable.ts";
import { type Files } from "../../ports/files.ts";
import { lookUp, withEntry } from "../../shared/data/by-id.ts";
import { byId } from "../../shared/data/by-id-schema.ts";
import { VERSION } from "../../shared/data/version.ts";
import { REFRESH_OUTCOMES } from "../../shared/login/snapshot.ts";
import { END_REASONS } from "../../shared/login/states.ts";
import { type Notes, readNotes } from "./notes.ts";

const ms = v.number();

const tokenNote = v.object({
  seenAt: ms,
  lineage: v.string(),
  /** We redeemed it and got another for it: `next`. */
  spentAt: v.optional(ms),
  /** A foreign pair took its place: `next`. */
  displacedAt: v.optional(ms),
  removedAt: v.optional(ms),
  /** The user had the safe copy of a removed login erased (`forget`): nothing of its chain is kept any more. */
  forgottenAt: v.optional(ms),
  next: v.optional(v.string()),
  /**
   * The provider said that the login has ended. `why`: for older versions, which know no `reason`; one of a newer version is
   * told in general words rather than that our notes count as damaged.
   */
  ended: v.optional(
    v.object({ at: ms, why: v.string(), reason: v.optional(v.fallback(v.picklist(END_REASONS), "refused")) }),
  ),
  triedAgainAt: v.optional(ms),
  /** Made by a refresh that a refused ping forced: a second refusal forces none. */
  by401: v.optional(v.boolean()),
});

const loginNote = v.object({
  current: v.string(),
  provider: v.string(),
  label: v.string(),
  wipedAt: v.optional(ms),
  removedAt: v.optional(ms),
  lastRefresh: v.optional(v.object({ at: ms, outcome: v.picklist(REFRESH_OUTCOMES) })),
  /** A new pair came in after the login had ended, was emptied or removed. */
  signedInAt: v.optional(ms),
});

const lineageNote = v.object({
  startedAt: ms,
  lifetimeMs: v.optional(ms),
  loginEndsAt: v.optional(ms),
  accountUuid: v.optional(v.string()),
  accountChangedAt: v.optional(ms),
  lastRefreshAt: v.optional(ms),
});

const ledgerSchema = v.object({
  version: v.literal(VERSION),
  tokens: byId(tokenNote),
  logins: byId(loginNote),
  lineages: byId(lineageNote),
});

export type TokenNote = v.InferOutput<typeof tokenNote>;
export type LoginNote = v.InferOutput<typeof loginNote>;
export type LineageNote = v.InferOutput<typeof lineageNote>;
type Mutable = v.InferOutput<typeof ledgerSchema>;
export type Ledger = {
  readonly [K in keyof Mutable]: Mutable[K] extends object ? Readonly<Mutable[K]> : Mutable[K];
};

export const EMPTY_LEDGER: Ledger = { version: 1, tokens: {}, logins: {}, lineages: {} };

/** @throws as `readNotes`. */
export function loadLedger(files: Files, path: string): Promise<Notes<Ledger>> {
  return readNotes(files, path, ledgerSchema);
}

/** Writes it if it differs from what stands there; an empty ledger needs no file. */
export async function saveLedger(files: Files, path: string, ledger: Ledger, random: Random): Promise<void> {
  const text = JSON.stringify(ledger);
  const before = (await readText(files, path)) ?? JSON.stringify(EMPTY_LEDGER);
  if (text !== before) await writeDurably(files, path, text, random.id());
}

/** The chain that starts at `fp`: itself, then the successor or the adopter of each, to the newest. */
export function chainOf(ledger: Ledger, fp: string): readonly string[] {
  const chain = [fp];
  for (
    let at = lookUp(ledger.tokens, fp)?.next;
    at !== undefined && !chain.includes(at);
    at = lookUp(ledger.tokens, at)?.next
  )
    chain.push(at);
  return chain;
}

export function endOf(ledger: Ledger, fp: string): string {
  const chain = chainOf(ledger, fp);
  return chain[chain.length - 1] ?? fp;
}

/** The first removal in the chain of `fp`: what was removed stays removed, with all that followed it (I8). */
export function removalOf(ledger: Ledger, fp: string): (TokenNote & { readonly removedAt: number }) | null {
  for (const at of chainOf(ledger, fp)) {
    const note = lookUp(ledger.tokens, at);
    if (note?.removedAt !== undefined) return { ...note, removedAt: note.removedAt };
  }
  return null;
}

export function isSpent(ledger: Ledger, fp: string): boolean {
  return lookUp(ledger.tokens, fp)?.spentAt !== undefined;
}

export function withToken(ledger: Ledger, fp: string, note: TokenNote): Ledger {
  return { ...ledger, tokens: withEntry(ledger.tokens, fp, note) };
}

export function withLogin(ledger: Ledger, id: string, note: LoginNote): Ledger {
  return { ...ledger, logins: withEntry(ledger.logins, id, note) };
}

export function withLineage(ledger: Ledger, id: string, note: LineageNote): Ledger {
  return { ...ledger, lineages: withEntry(ledger.lineages, id, note) };
}
