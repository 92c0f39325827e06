import type { BigIntStats } from "node:fs";

/** One inode for as long as it lives: its number alone comes back as soon as it is free. */
export function inodeOf({ ino, birthtimeNs }: Pick<BigIntStats, "ino" | "birthtimeNs">): string {
  return `${ino} ${birthtimeNs}`;
}
