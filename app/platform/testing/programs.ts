/** Stand-ins for programs of the system, and looks at what was started. */
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { temporaryFolder } from "./support.ts";

/** For `expect.poll`: what must come, however busy the machine. */
export const SOON = { timeout: 20_000, interval: 10 } as const;

export interface StandIns {
  /** The folder in which they stand, for PATH. */
  readonly bin: string;
  /** The file of which they find the path in `$RECORD`. */
  readonly record: string;
  /** Puts one there: a program of this name that does what this text says in the words of `sh`. */
  install(name: string, text: string): Promise<void>;
  /** What they have written into the record so far, line by line. */
  lines(): Promise<readonly string[]>;
}

/** @returns an empty folder for stand-ins, gone after the test. */
export async function standIns(): Promise<StandIns> {
  const folder = temporaryFolder();
  const [bin, record] = [join(folder, "bin"), join(folder, "record")];
  await mkdir(bin);
  return {
    bin,
    record,
    install: async (name, text) => {
      const path = join(bin, name);
      await writeFile(path, `#!/bin/sh\n${text}\n`);
      await chmod(path, 0o755);
    },
    lines: async () => (await readFile(record, "utf8").catch(() => "")).split("\n").slice(0, -1),
  };
}

/** Is there such a process? */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Resolves once it has ended. */
export async function gone(pid: number): Promise<void> {
  await expect.poll(() => lives(pid), SOON).toBe(false);
}
