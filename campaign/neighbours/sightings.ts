/** Which inodes of ours came to stand at the path, and when: what a loss is judged by. */
import { type FSWatcher, statSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { inodeOf } from "../support/inode.ts";

export interface Sightings {
  /** Inodes that other programs put there. */
  foreign(inode: string): void;
  /** Did one of ours come to stand there between these two moments, ms since the epoch? */
  oursBetween(from: number, to: number): boolean;
  /** How many of ours came to stand there. */
  ours(): number;
  close(): void;
}

export function watchPath(path: string): Sightings {
  const first = new Map<string, number>();
  const theirs = new Set<string>();
  const look = (): void => {
    try {
      const seen = statSync(path, { bigint: true });
      const name = inodeOf(seen);
      if (!first.has(name)) first.set(name, Number(seen.ctimeMs));
    } catch {
      // It is not there at this moment.
    }
  };
  const watcher: FSWatcher = watch(dirname(path), (_event, name) => {
    if (name === basename(path)) look();
  });
  look();
  const own = (): readonly number[] => [...first].filter(([inode]) => !theirs.has(inode)).map(([, at]) => at);
  return {
    foreign: (inode) => void theirs.add(inode),
    oursBetween: (from, to) => own().some((at) => at >= from && at <= to),
    ours: () => own().length,
    close: () => watcher.close(),
  };
}
