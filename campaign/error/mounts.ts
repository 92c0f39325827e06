/** File systems of a campaign's own: small ones that can be filled, and made read-only. Only root can make them. */
import { execFile } from "node:child_process";
import { appendFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Room for some answers, and little more. */
const SIZE = "768k";
const FILLER = "written-by-another-program";

export interface Mounted {
  /** Leaves no byte of room. */
  fill(): Promise<void>;
  empty(): Promise<void>;
  readOnly(): Promise<void>;
  writable(): Promise<void>;
  unmount(): Promise<void>;
}

/** A small file system at `folder`, which is made. */
export async function mountSmall(folder: string): Promise<Mounted> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await run("mount", ["-t", "tmpfs", "-o", `size=${SIZE},mode=0700`, "tmpfs", folder]);
  const filler = join(folder, FILLER);
  return {
    async fill() {
      for (const size of [4096, 512, 1]) {
        while (await wrote(filler, size));
      }
    },
    empty: () => rm(filler, { force: true }),
    async readOnly() {
      // Over it, not in its place: who has a file open for writing there cannot hinder that.
      await run("mount", ["--bind", folder, folder]);
      await run("mount", ["-o", "remount,bind,ro", folder]);
    },
    async writable() {
      await run("umount", ["--lazy", folder]);
    },
    async unmount() {
      // A second one may lie over the first.
      while (
        await run("umount", ["--lazy", folder]).then(
          () => true,
          () => false,
        )
      );
    },
  };
}

async function wrote(path: string, size: number): Promise<boolean> {
  return appendFile(path, Buffer.alloc(size)).then(
    () => true,
    () => false,
  );
}

/** Mounts a file upon itself: it can no longer be replaced. @returns what takes that away again. */
export async function mountUponItself(file: string): Promise<() => Promise<void>> {
  await run("mount", ["--bind", file, file]);
  return async () => {
    await run("umount", ["--lazy", file]).catch(() => undefined);
  };
}
