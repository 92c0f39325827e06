import { type Clock, type Random } from "../ports/clock.ts";
import { type CredentialFile } from "../ports/credential-file.ts";
import { type Files } from "../ports/files.ts";
import { type Log } from "../ports/log.ts";
import { closeQuietly, readingOf, stableRead } from "./read/stable-read.ts";
import { folderOf, inFolder, nameOf, realPathOf } from "./read/store-path.ts";
import { createFormatLock } from "./write/format-lock.ts";
import { createSession } from "./write/session.ts";

export interface CredentialFileDeps {
  /** Absolute. It may lead through links, and the file may be missing. */
  readonly path: string;
  readonly files: Files;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of temp files and locks that could not be removed. */
  readonly log: Pick<Log, "warn">;
}

/** The credential file at `path`, in either format. Nothing is opened, read or watched until it is asked for. */
export function createCredentialFile({ path, files, clock, random, log }: CredentialFileDeps): CredentialFile {
  const context = { path, files, clock, random, log, formatLock: createFormatLock(files, clock, log) };
  const realPath = () => realPathOf(files, path);
  return {
    path,
    realPath,
    lockPath: async () => {
      const real = await realPath();
      return inFolder(folderOf(real), `.${nameOf(real)}.pilot-light.lock`);
    },
    read: async () => {
      const read = await stableRead(context);
      if (read.kind === "good") await closeQuietly(read.handle);
      return readingOf(read);
    },
    openSession: () => createSession(context),
    watch: (onChange) => watchFolders(files, path, onChange),
  };
}

/** Watches the folder of `path`, and where a link leads elsewhere, the folder of the real file; it follows new links. */
function watchFolders(files: Files, path: string, onChange: () => void): () => void {
  const folder = folderOf(path);
  let real: { readonly folder: string; readonly stop: () => void } | null = null;
  let stopped = false;

  const follow = async (): Promise<void> => {
    let there: string;
    try {
      there = folderOf(await realPathOf(files, path));
    } catch {
      return;
    }
    if (stopped || there === (real?.folder ?? folder)) return;
    real?.stop();
    real = there === folder ? null : { folder: there, stop: files.watchFolder(there, changed) };
    // What happened there before it was watched counts too.
    onChange();
  };
  const changed = (): void => {
    void follow();
    onChange();
  };

  const stop = files.watchFolder(folder, changed);
  void follow();
  return () => {
    stopped = true;
    stop();
    real?.stop();
  };
}
