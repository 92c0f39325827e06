import { lstatSync } from "node:fs";

/** @returns whether what stands there may be read at once: nothing, or a file of at most so many bytes; no FIFO, no link. */
export function isSmallFile(path: string, mostBytes: number): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined || (stat.isFile() && stat.size <= mostBytes);
}
