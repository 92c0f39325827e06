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
  /** All values that it ever had from others, oldest first. */
  readonly before: readonly unknown[];
  /** How a backup tool put it back since the last write. */
  readonly putBack: string | null;
  /** All that may stand there: one, but for entries that a backup tool put back while a write of them may be under way. */
  readonly allowed: readonly unknown[];
}

export class Ledger {
  readonly #standing = new Map<string, Standing>();

  /** A foreign write has ended: from now on this, and nothing else, stands there. */
  wrote(write: Write): void {
    const before = [...(this.#standing.get(write.key)?.before ?? []), write.value];
    this.#standing.set(write.key, { last: write, before, putBack: null, allowed: [write.value] });
  }

  /**
   * A backup tool put the whole file back; these are its foreign entries.
   * @param undone may this be undone, as the write of somebody who had read the file a moment ago?
   */
  restored(entries: Readonly<Record<string, unknown>>, how: string, now: number, undone: boolean): void {
    for (const key of new Set([...this.#standing.keys(), ...Object.keys(entries)])) {
      const { last = null, allowed = [undefined], before = [] } = this.#standing.get(key) ?? {};
      const open = undone || (last !== null && now - last.ended < OPEN_MS) ? allowed : [];
      this.#standing.set(key, { last, before, putBack: how, allowed: [entries[key], ...open] });
    }
  }

  /** What the file holds now is what counts from here on: after a calm in which nothing was lost, or was noted. */
  settled(entries: Readonly<Record<string, unknown>>): void {
    for (const [key, known] of this.#standing) this.#standing.set(key, { ...known, allowed: [entries[key]] });
  }

  losses(entries: Readonly<Record<string, unknown>>): readonly Loss[] {
    const lost: Loss[] = [];
    for (const [key, { last, allowed, before, putBack }] of this.#standing) {
      if (allowed.some((value) => isDeepStrictEqual(value, entries[key]))) continue;
      const kind = last?.kind ?? "new";
      const verb = last?.value === undefined ? "removed" : "written";
      const how = putBack === null ? `${verb} by ${last?.by ?? "nobody"}` : `put back ${putBack}`;
      const age = before.length - 1 - before.findLastIndex((value) => isDeepStrictEqual(value, entries[key]));
      const is = entries[key] === undefined ? "absent" : age > before.length - 1 ? "a stranger" : `${age} older`;
      lost.push({ key, kind, last, what: `an entry with ${kind} values, ${how}, is ${is}` });
    }
    for (const key of Object.keys(entries)) {
      if (!this.#standing.has(key)) lost.push({ key, kind: "new", last: null, what: `${key} came from nowhere` });
    }
    return lost;
  }
}
