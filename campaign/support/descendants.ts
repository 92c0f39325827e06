import { readdir } from "node:fs/promises";
import { textOf } from "../../e2e/support/files.ts";

/** All processes below this one that live, with their command lines. */
export async function descendantsOf(root: number): Promise<ReadonlyMap<number, string>> {
  const parents = new Map<number, number>();
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const status = (await textOf(`/proc/${pid}/status`)) ?? "";
    if (/^State:\s+[ZX]/m.test(status)) continue;
    parents.set(Number(pid), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0));
  }
  const isBelow = (pid: number): boolean => {
    const above = parents.get(pid) ?? 0;
    return above === root || (above > 1 && isBelow(above));
  };
  const found = new Map<number, string>();
  for (const pid of parents.keys()) {
    if (isBelow(pid)) found.set(pid, ((await textOf(`/proc/${pid}/cmdline`)) ?? "").replaceAll("\0", " ").trim());
  }
  return found;
}
