import { posix } from "node:path";
import { folderOf, readText, removeIfThere, writeDurably } from "../../ports/durable.ts";
import { type Files } from "../../ports/files.ts";
import { errorCode, plainReason, UserError } from "../../shared/data/errors.ts";
import type { StartLock } from "../../shared/view/start-lock.ts";
import {
  type DesktopEntry,
  isTrue,
  parseEntry,
  parseExec,
  replaceKeys,
  writeEntry,
  writeExec,
} from "./desktop-entry.ts";
import { HIDDEN_FLAG } from "./hidden-flag.ts";

/** Says that the file is ours: one without it is never changed. */
const MARK = "X-Pilot-Light-Managed";
const FILE_NAME = "pilot-light.desktop";

/** The XDG start file: what stands there, and what we may do with it. */
export interface StartFile {
  /** `foreign` is why it is not ours to change; null = it is, or there is none. */
  read(): Promise<{ readonly on: boolean; readonly foreign: StartLock | null }>;
  /** @throws UserError */
  write(binary: string): Promise<void>;
  /** @throws UserError */
  remove(): Promise<void>;
  /** Points our own file, if it is on, at `binary` where the program that it names is gone. @throws UserError */
  repair(binary: string): Promise<void>;
}

export interface StartFileOptions {
  readonly files: Files;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** An unguessable name for a temp file. */
  readonly tempId: () => string;
}

/** @returns the start file of this user. */
export function createStartFile({ files, env, home, tempId }: StartFileOptions): StartFile {
  const path = startFilePath(env, home);

  const write = async (text: string): Promise<void> => {
    try {
      await files.makeFolders(folderOf(path));
      await writeDurably(files, path, text, tempId(), 0o644);
    } catch (error) {
      throw refused("written", error);
    }
  };
  const refused = (what: string, error: unknown): UserError =>
    new UserError(`${path} could not be ${what}: ${whyOf(error)}. Fix that, and switch it again.`, 3);

  const look = async (): Promise<{ readonly text: string; readonly entry: DesktopEntry | null } | null> => {
    try {
      const text = await readText(files, path, "read");
      return text === null ? null : { text, entry: parseEntry(text) };
    } catch (error) {
      // A file stands where one of its folders should be: there is no start file, and writing one tells why not.
      if (errorCode(error) === "ENOTDIR") return null;
      throw error;
    }
  };

  return {
    async read() {
      let found;
      try {
        found = await look();
      } catch (error) {
        return { on: false, foreign: { kind: "unreadableFile", path, code: errorCode(error) } };
      }
      if (found === null) return { on: false, foreign: null };
      const on = found.entry !== null && isActive(found.entry);
      if (isOurs(found.entry)) return { on, foreign: null };
      return { on, foreign: { kind: "foreignFile", path } };
    },

    write: (binary) => write(writeEntry(entryFor(binary))),

    async remove() {
      try {
        if ((await look()) !== null) await removeIfThere(files, path);
      } catch (error) {
        throw refused("removed", error);
      }
    },

    async repair(binary) {
      const found = await look().catch(() => null);
      if (found === null || found.entry === null || !isOurs(found.entry) || !isActive(found.entry)) return;
      const program = programOf(found.entry);
      const tried = found.entry.get("TryExec") ?? program;
      // Where both still stand, it may be another copy that the user chose.
      if (program !== null && tried !== null && (await isThere(files, program)) && (await isThere(files, tried)))
        return;
      // All other lines stay: they may be the user's.
      await write(replaceKeys(found.text, commandOf(binary)));
    },
  };
}

/** @returns where the start file stands: by the XDG rule a relative folder is ignored. */
function startFilePath(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const chosen = env["XDG_CONFIG_HOME"];
  const config = chosen && posix.isAbsolute(chosen) ? chosen : posix.join(home, ".config");
  return posix.join(config, "autostart", FILE_NAME);
}

/** @returns the keys of the start file for this program. */
function entryFor(binary: string): DesktopEntry {
  return new Map([
    ["Type", "Application"],
    ["Name", "Pilot Light"],
    ["Comment", "Keeps logins alive while the tool that uses them is closed"],
    ...commandOf(binary),
    ["Icon", "pilot-light"],
    ["Terminal", "false"],
    ["StartupNotify", "false"],
    ["X-GNOME-Autostart-enabled", "true"],
    [MARK, "true"],
  ]);
}

function commandOf(binary: string): DesktopEntry {
  // GLib and systemd look for a program named "%%" where `%%` means "%"; in a word after the first they read it right.
  const relay = binary.includes("%") ? [RELAY] : [];
  return new Map([
    ["Exec", writeExec([...relay, binary, HIDDEN_FLAG])],
    // A desktop passes the entry over when this is gone.
    ["TryExec", binary],
  ]);
}

/** Runs the program that its words name. */
const RELAY = "env";

/** @returns the program that an `Exec` of ours starts, or null where it cannot be told. */
function programOf(entry: DesktopEntry): string | null {
  const [first, second] = parseExec(entry.get("Exec") ?? "") ?? [];
  return (first === RELAY ? second : first) ?? null;
}

/** Making a folder where a file stands fails in another way than opening a file below it. */
function whyOf(error: unknown): string {
  return errorCode(error) === "EEXIST" ? "a file is where a folder should be" : plainReason(error);
}

function isOurs(entry: DesktopEntry | null): boolean {
  return entry !== null && isTrue(entry, MARK);
}

/** Desktops switch an entry off by one of these two keys, and keep the file. */
function isActive(entry: DesktopEntry): boolean {
  return !isTrue(entry, "Hidden") && entry.get("X-GNOME-Autostart-enabled")?.trim() !== "false";
}

async function isThere(files: Files, path: string): Promise<boolean> {
  // A bare name is looked up where the desktop looks, not where we are.
  if (!posix.isAbsolute(path)) return true;
  try {
    return (await files.stat(path)).kind === "file";
  } catch (error) {
    // Only a sure absence counts: a folder that is not mounted yet, or not ours to read, is no reason to change anything.
    return errorCode(error) !== "ENOENT" && errorCode(error) !== "ENOTDIR";
  }
}
