import { writeFileSync } from "node:fs";

/** Which mappings of a process go into a core dump; see core(5). Children inherit it. */
const FILTER = "/proc/self/coredump_filter";

/**
 * From now on no memory of this process goes into a core dump, where tokens would stand in it: what stays are registers, of
 * which a wide one may hold a token that is just copied, and the list of mappings. Only Linux lets a process choose;
 * elsewhere, and where it may not, nothing happens.
 */
export function keepMemoryOutOfCoreDumps(): void {
  if (process.platform !== "linux") return;
  try {
    writeFileSync(FILTER, "0");
  } catch {
    // Without /proc, or where it may only be read: then it is as with every other program.
  }
}
