/**
 * Our own folders are ours alone: of this user, for nobody else to write, and with no link below the state dir. Else tokens
 * could end in other hands. This is the one place that looks.
 */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmdirSync,
  type Stats,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { errorCode, plainReason, UserError } from "../../shared/data/errors.ts";

/** What of the state dir is ours to the bottom. */
const OWN = ["journal", "files", "log"] as const;
/** What else must be no link: Electron's folder and the published status. */
const OWN_NAMES = [...OWN, "electron", "status.json"] as const;
const WRITABLE = 0o022;
const OTHERS = 0o077;
const STICKY = 0o1000;

/** A folder or file that is not ours alone. */
export interface NotOurs {
  /** One sentence that names it, without a full stop. */
  readonly what: string;
  /** What to do about it, likewise. */
  readonly next: string;
}

export interface OwnFolders {
  /**
   * Looks, and changes nothing; nothing has to be there yet.
   * @throws UserError (4) for what is not ours; (3) for what cannot be looked at.
   */
  readonly check: () => void;
  /** Checks, then closes to other users what they may only read. @throws as `check` does. */
  readonly close: () => void;
}

/**
 * The folders of this state dir. The dir itself may be reached through links; what counts is where it really stands.
 * @param onClosed told once of each folder that was closed to other users.
 */
export function createOwnFolders(stateDir: string, onClosed: (folder: string) => void = () => undefined): OwnFolders {
  const told = new Set<string>();
  const look = (): readonly string[] => {
    const { notOurs, open } = lookAt(stateDir);
    if (notOurs !== null) throw refusal(notOurs);
    return open;
  };
  return {
    check: () => void look(),
    close: () => {
      for (const folder of look()) {
        try {
          chmodSync(folder, 0o700);
        } catch {
          // A disk that knows no modes, or may not be written: nobody can write there but us.
          continue;
        }
        if (!told.has(folder)) onClosed(folder);
        told.add(folder);
      }
    },
  };
}

/** @returns what is wrong with a settings folder or file: who may write there chooses where tokens are sent. Root may. */
export function settingsNotOurs(path: string, stats: Pick<Stats, "uid" | "mode">): NotOurs | null {
  if (process.getuid === undefined) return null;
  if (stats.uid !== 0 && stats.uid !== process.getuid()) return foreign(path);
  return (stats.mode & WRITABLE) === 0 ? null : writable(path, stats.mode, "chmod go-w");
}

/** @returns the error that says so and ends a command: nothing was sent, and nothing written. */
export function refusal({ what, next }: NotOurs): UserError {
  return new UserError(`${what}, so nothing is sent. ${next}.`, 4);
}

interface Look {
  readonly notOurs: NotOurs | null;
  /** Folders of ours that others may read. */
  readonly open: readonly string[];
}

function lookAt(stateDir: string): Look {
  // Windows has no such modes and owners: the profile's rights protect what is in it.
  if (process.getuid === undefined) return { notOurs: null, open: [] };
  try {
    const { real, isThere } = reallyAt(stateDir);
    const open: string[] = [];
    const notOurs =
      (isThere ? (judge(real, lstatSync(real), open) ?? below(real, open)) : null) ??
      above(isThere ? dirname(real) : real);
    return { notOurs, open };
  } catch (error) {
    throw new UserError(
      `The state folder ${stateDir} cannot be used: ${plainReason(error)}. Fix it, or choose another with --state-dir.`,
      3,
    );
  }
}

/** Where the folder stands, links followed; where it is missing, the next folder above it that is there. */
function reallyAt(folder: string): { readonly real: string; readonly isThere: boolean } {
  for (let at = folder; ; at = dirname(at)) {
    try {
      return { real: realpathSync(at), isThere: at === folder };
    } catch (error) {
      if (errorCode(error) !== "ENOENT" || dirname(at) === at) throw error;
    }
  }
}

/** Who may write in a folder above may put another in its place; under the sticky bit only its owner may. */
function above(start: string): NotOurs | null {
  for (let at = start; ; at = dirname(at)) {
    const { mode } = lstatSync(at);
    if ((mode & 0o002) !== 0 && (mode & STICKY) === 0) return writable(at, mode, "chmod o-w");
    if (dirname(at) === at) return null;
  }
}

function below(stateDir: string, open: string[]): NotOurs | null {
  for (const name of OWN_NAMES) {
    const path = join(stateDir, name);
    const notOurs = OWN.some((own) => own === name) ? whole(path, open) : one(path, open);
    if (notOurs !== null) return notOurs;
  }
  return null;
}

/** A folder with all that is in it, or a file; nothing is followed. */
function whole(path: string, open: string[]): NotOurs | null {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  const notOurs = judge(path, stats, open);
  if (notOurs !== null || !stats.isDirectory()) return notOurs;
  for (const name of namesIn(path)) {
    const inside = whole(join(path, name), open);
    if (inside !== null) return inside;
  }
  return null;
}

function one(path: string, open: string[]): NotOurs | null {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats === undefined ? null : judge(path, stats, open);
}

/** Locks come and go while we look. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

function judge(path: string, stats: Stats, open: string[]): NotOurs | null {
  if (stats.isSymbolicLink())
    return {
      what: `${path} is a link, and tokens would end where it leads`,
      next: "Remove the link, or choose another folder with --state-dir",
    };
  if (stats.uid !== process.getuid?.()) return foreign(path);
  // In a folder that is shut, the modes of files do not matter.
  if (!stats.isDirectory()) return null;
  if ((stats.mode & WRITABLE) !== 0) return writable(path, stats.mode, "chmod 700");
  if ((stats.mode & OTHERS) !== 0) open.push(path);
  return null;
}

function foreign(path: string): NotOurs {
  return {
    what: `${path} belongs to another user`,
    next: `Make it yours (chown), or choose another folder with --state-dir`,
  };
}

function writable(path: string, mode: number, mend: string): NotOurs {
  return {
    what: `Other users may write in ${path} (mode ${(mode & 0o7777).toString(8)})`,
    next: `Check what is in it, then ${mend} ${path}`,
  };
}

/**
 * Makes a folder of ours (0700) and sees to it that something can be made in it and in the system's temporary folder. At once:
 * Electron wants both before it is ready, and where it cannot have them it claims that another instance runs.
 * @throws UserError (3) that names the folder and says why.
 */
export function ensureOwnFolder(folder: string): void {
  attempt(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  for (const each of [folder, tmpdir()]) attempt(each, () => rmdirSync(mkdtempSync(join(each, ".pilot-light-try-"))));
}

function attempt(folder: string, act: () => unknown): void {
  try {
    act();
  } catch (error) {
    throw new UserError(`The folder ${folder} cannot be used: ${plainReason(error)}. Fix it, and start again.`, 3);
  }
}
