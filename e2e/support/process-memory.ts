import { open, readdir, readFile, stat } from "node:fs/promises";

const CHUNK = 4 * 1024 * 1024;

/**
 * Which of these texts stand in the writable memory of a process, as Latin-1 or UTF-16. Only for processes of our own, and
 * only where the system lets us look (root, or the same user without a guard).
 * @throws when the memory cannot be read at all.
 */
export async function foundInMemory(pid: number, texts: readonly string[]): Promise<readonly string[]> {
  return foundIn(`/proc/${pid}/mem`, await writable(pid), texts);
}

/** Which of these texts stand in a file of any size, as Latin-1 or UTF-16: a core dump. @throws when it cannot be read at all. */
export async function foundInFile(path: string, texts: readonly string[]): Promise<readonly string[]> {
  return foundIn(path, [{ start: 0, end: (await stat(path)).size }], texts);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

async function foundIn(path: string, ranges: readonly Range[], texts: readonly string[]): Promise<readonly string[]> {
  const needles = texts.map((text) => ({ text, forms: [Buffer.from(text, "latin1"), Buffer.from(text, "utf16le")] }));
  const longest = Math.max(...needles.flatMap(({ forms }) => forms.map((form) => form.length)));
  const found = new Set<string>();
  const memory = await open(path, "r");
  try {
    for (const { start, end } of ranges) {
      // Neighbouring chunks overlap, so that no text falls between two.
      for (let at = start; at < end; at += CHUNK) {
        const chunk = Buffer.alloc(Math.min(CHUNK + longest, end - at));
        const { bytesRead } = await memory.read(chunk, 0, chunk.length, at).catch(() => ({ bytesRead: 0 }));
        const seen = chunk.subarray(0, bytesRead);
        for (const { text, forms } of needles) if (forms.some((form) => seen.includes(form))) found.add(text);
      }
    }
  } finally {
    await memory.close();
  }
  return [...found];
}

async function writable(pid: number): Promise<readonly Range[]> {
  const maps = await readFile(`/proc/${pid}/maps`, "utf8");
  return [...maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw/gm)].map(([, start = "0", end = "0"]) => ({
    start: Number.parseInt(start, 16),
    end: Number.parseInt(end, 16),
  }));
}

/** The command lines of all processes that can be seen, by pid. */
export async function commandLines(): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const text = await readFile(`/proc/${name}/cmdline`, "latin1").catch(() => null);
    if (text !== null) found.set(Number(name), text);
  }
  return found;
}
