import { constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { lstat, mkdir, open, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import * as v from "valibot";
import { type Processes, type ProcessIdentity } from "../../ports/processes.ts";
import { plainReason, UserError } from "../../shared/data/errors.ts";
import { tryJson } from "../../shared/data/json.ts";

/** A folder of this process alone (0700), with files for its owner's eyes only (0600). */
export interface TempFolder {
  /** Absolute. */
  readonly path: string;
  /** Writes a new file; folders on the way to it are made. @returns its absolute path. */
  write(name: string, text: string): Promise<string>;
  /**
   * Removes it with all that is in it; links in it are removed, not followed. A second call is the first one's.
   * @throws UserError (3) when it could not be removed.
   */
  remove(): Promise<void>;
}

export interface TempFolderOptions {
  /** What it is for, a word; part of its name. */
  readonly purpose: string;
  readonly processes: Processes;
  /** Where it is made; the system's temporary folder by default. */
  readonly root?: string | undefined;
}

/** Names the process that made the folder: without it, nothing is swept. */
const MARK = ".pilot-light-owner.json";
const MAX_MARK_BYTES = 4_096;
/** Something may still be written while it is removed. */
const PATIENTLY = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 } as const;

const markSchema = v.object({
  boot: v.string(),
  pidNamespace: v.string(),
  pid: v.number(),
  startedAt: v.string(),
});

/**
 * Makes `pilot-light-PURPOSE-PID-RANDOM`. At once, since an app must name its folders before it may wait for anything.
 * @throws UserError (3) when it cannot be made.
 */
export function createTempFolder(options: TempFolderOptions): TempFolder {
  const { purpose, processes } = options;
  const path = makeMarked(rootOf(options), purpose, processes.self());
  const remove = async (): Promise<void> => {
    try {
      await rm(path, PATIENTLY);
    } catch (error) {
      throw new UserError(
        `The temporary folder ${path} could not be removed: ${plainReason(error)}. Remove it by hand.`,
        3,
      );
    }
  };
  let removing: Promise<void> | null = null;
  return {
    path,
    async write(name, text) {
      const file = join(path, name);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(file, text, { mode: 0o600, flag: "wx" });
      return file;
    },
    remove: () => (removing ??= remove()),
  };
}

/**
 * Removes folders for this purpose whose process is proven dead: only real folders of this user, named as ours and marked by
 * the process in their name. What cannot be judged stays. It never throws.
 * @returns the folders that are gone.
 */
export async function sweepTempFolders(options: TempFolderOptions): Promise<readonly string[]> {
  const root = rootOf(options);
  const names = await readdir(root).catch(() => []);
  const swept: string[] = [];
  for (const name of names) {
    const pid = pidIn(name, options.purpose);
    if (pid === null) continue;
    const path = join(root, name);
    try {
      if (!(await isDead(path, pid, options.processes))) continue;
      await rm(path, PATIENTLY);
      swept.push(path);
    } catch {
      // Not to be read or not to be removed: the next one may have more luck.
    }
  }
  return swept;
}

function makeMarked(root: string, purpose: string, owner: ProcessIdentity): string {
  let path: string | null = null;
  try {
    path = mkdtempSync(join(root, `${prefixOf(purpose)}${owner.pid}-`));
    writeFileSync(join(path, MARK), JSON.stringify(owner), { mode: 0o600, flag: "wx" });
    return path;
  } catch (error) {
    // Without its mark it would never be swept.
    if (path !== null) rmSync(path, PATIENTLY);
    const hint = "Make room there, or choose another place with TMPDIR.";
    throw new UserError(`No temporary folder can be made in ${root}: ${plainReason(error)}. ${hint}`, 3);
  }
}

function rootOf({ root }: TempFolderOptions): string {
  return resolve(root ?? tmpdir());
}

function prefixOf(purpose: string): string {
  return `pilot-light-${purpose}-`;
}

function pidIn(name: string, purpose: string): number | null {
  const prefix = prefixOf(purpose);
  const [, pid] = /^(\d{1,10})-\w{6}$/.exec(name.startsWith(prefix) ? name.slice(prefix.length) : "") ?? [];
  return pid === undefined ? null : Number(pid);
}

async function isDead(path: string, pid: number, processes: Processes): Promise<boolean> {
  const folder = await lstat(path);
  if (!folder.isDirectory() || !isOurs(folder.uid)) return false;
  const mark = await readMark(join(path, MARK));
  return mark !== null && mark.pid === pid && (await processes.judge(mark)) === "dead";
}

/** Windows knows no such numbers; the temporary folder there is each user's own. */
function isOurs(uid: number): boolean {
  const own = process.getuid?.();
  return own === undefined || own === uid;
}

async function readMark(path: string): Promise<ProcessIdentity | null> {
  // Neither through a link nor waiting for the other end of a FIFO.
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > MAX_MARK_BYTES || !isOurs(stat.uid)) return null;
    const parsed = v.safeParse(markSchema, tryJson(await file.readFile("utf8")));
    return parsed.success ? parsed.output : null;
  } finally {
    await file.close();
  }
}
