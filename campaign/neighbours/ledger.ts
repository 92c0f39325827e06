/** What the other programs said last of their entries, and what of it is not there. Pure but for its own notes. */
import { isDeepStrictEqual } from "node:util";

/** `new`: each value comes once. `again`: few values, which return; such a write may look like an older state of the file. */
export type Kind = "new" | "again";

export interface Write {
  readonly key: string;
  readonly kind: Kind;
  /** undefined: the entry was removed. */
  readonly value: unknown;
  readonly by: "opencode" | "in place" | "rename";
  /** ms since the epoch. */
  readonly begun: number;
  readonly ended: number;
}

export interface Loss {
  readonly key: string;
  readonly kind: Kind;
  readonly last: Write | null;
  /** In words, without any value. */
  readonly what: string;
}

/** A foreign write that reached an inode which we had just replaced is put into the file only within our watch. */
const OPEN_MS = 10_000;

interface Standing {
  readonly last: Write | null;
  /** All that may stand there: one, but for entries that a backup tool put back while a write of them may be under way. */
  readonly allowed: readonly unknown[];
}

export class Ledger {
  readonly #standing = new Map<string, Standing>();

  /** A foreign write has ended: from now on this, and nothing else, stands there. */
  wrote(write: Write): void {
    this.#standing.set(write.key, { last: write, allowed: [write.value] });
  }

  /** A backup tool put the whole file back; these are its foreign entries. */
  restored(entries: Readonly<Record<string, unknown>>, now: number): void {
    for (const key of new Set([...this.#standing.keys(), ...Object.keys(entries)])) {
      const { last = null, allowed = [undefined] } = this.#standing.get(key) ?? {};
      const open = last !== null && now - last.ended < OPEN_MS ? allowed : [];
      this.#standing.set(key, { last, allowed: [entries[key], ...open] });
    }
  }

  /** What the file holds now is what counts from here on: after a calm in which nothing was lost, or was noted. */
  settled(entries: Readonly<Record<string, unknown>>): void {
    for (const [key, { last }] of this.#standing) this.#standing.set(key, { last, allowed: [entries[key]] });
  }

  losses(entries: Readonly<Record<string, unknown>>): readonly Loss[] {
    const lost: Loss[] = [];
    for (const [key, { last, allowed }] of this.#standing) {
      if (allowed.some((value) => isDeepStrictEqual(value, entries[key]))) continue;
      const kind = last?.kind ?? "new";
      const how = last === null ? "put back" : `${last.value === undefined ? "removed" : "written"} by ${last.by}`;
      const is = entries[key] === undefined ? "absent" : "another one";
      lost.push({ key, kind, last, what: `${key} (${kind} values), ${how}, is ${is}` });
    }
    for (const key of Object.keys(entries)) {
      if (!this.#standing.has(key)) lost.push({ key, kind: "new", last: null, what: `${key} came from nowhere` });
    }
    return lost;
  }
}
