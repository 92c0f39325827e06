import type { FileStat, Files, OpenFile } from "../../ports/files.ts";
import { errorCode } from "../../shared/data/errors.ts";
import { logPaths } from "./log-file.ts";

const CHUNK = 256 * 1024;

/** Reads the log of a state dir while others write it. */
export interface LogReader {
  /**
   * @returns the whole lines that were added since the last look, oldest first; at the first look all that there are, of the
   * older files as well. None is told twice, and none is missed when the log is put aside, unless that happens more often than
   * older files are kept. @throws file errors; a missing file is none.
   */
  more(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** @returns a reader that has looked at nothing yet. */
export function createLogReader(files: Files, stateDir: string): LogReader {
  const paths = logPaths(stateDir);
  let open: Reading | null = null;

  async function start(path: string): Promise<Reading | null> {
    try {
      return createReading(await files.open(path, "readOwn"));
    } catch (error) {
      if (errorCode(error) === "ENOENT") return null;
      throw error;
    }
  }

  /** What is newer than the file that was open, the oldest first: it may have been put aside several times. */
  async function newer(): Promise<readonly string[]> {
    if (open === null) return [...paths].toReversed();
    const was = await open.stat();
    for (const [at, path] of paths.entries()) {
      const stat = await files.stat(path).catch(() => null);
      if (stat !== null && isSame(stat, was)) return paths.slice(0, at).toReversed();
    }
    return [...paths].toReversed();
  }

  return {
    async more() {
      const coming = await newer();
      // After that look: what was added before it was put aside is there now.
      const lines = open === null ? [] : [...(await open.more())];
      for (const path of coming) {
        const next = await start(path);
        if (next === null) continue;
        await open?.close();
        open = next;
        lines.push(...(await next.more()));
      }
      return lines;
    },
    async close() {
      await open?.close();
      open = null;
    },
  };
}

interface Reading {
  more(): Promise<readonly string[]>;
  stat(): Promise<FileStat>;
  close(): Promise<void>;
}

function createReading(file: OpenFile): Reading {
  let at = 0;
  let rest = "";
  let decoder = new TextDecoder();
  return {
    async more() {
      // Someone emptied it.
      if ((await file.stat()).size < at) {
        at = 0;
        rest = "";
        decoder = new TextDecoder();
      }
      for (;;) {
        const bytes = await file.read(at, CHUNK);
        if (bytes.length === 0) break;
        at += bytes.length;
        rest += decoder.decode(bytes, { stream: true });
      }
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      return lines;
    },
    stat: () => file.stat(),
    close: () => file.close(),
  };
}

const isSame = (a: FileStat, b: FileStat): boolean => a.dev === b.dev && a.ino === b.ino;
