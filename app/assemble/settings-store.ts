import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { refusal, settingsNotOurs } from "../platform/files/own-folders.ts";
import { SETTINGS_NAME } from "../platform/files/paths.ts";
import { type Files } from "../ports/files.ts";
import { type SettingsFile } from "../ports/settings.ts";
import type { ById } from "../shared/data/by-id.ts";
import { byId } from "../shared/data/by-id-schema.ts";
import { errorCode, plainReason, UserError } from "../shared/data/errors.ts";
import { withValue } from "../shared/setting-keys.ts";
import { parseSettings, type Settings, wrongSetting } from "../shared/settings.ts";
import { endOfJson } from "./json-place.ts";

type Raw = ById<unknown>;

/** What we use of conf, and of electron-store, which is a conf. */
export interface ConfFile {
  /** The whole file, read anew at each look. */
  store: Raw;
}

/** What both are opened with: the app and the command line share one file. */
export interface ConfOptions {
  readonly cwd: string;
  readonly configFileMode: number;
  readonly clearInvalidConfig: false;
  readonly accessPropertiesByDotNotation: false;
  readonly deserialize: (text: string) => Raw;
}

export interface SettingsStoreOptions {
  /** Opens `<name>.json` in `options.cwd`; each root with its own library. */
  readonly openConf: (name: string, options: ConfOptions) => ConfFile;
  /** Absolute; made at the first write, not before. */
  readonly folder: string;
  readonly files: Pick<Files, "watchFolder">;
  /** Told what is wrong with the file when it breaks while we run (the last good settings go on); null = no longer. */
  readonly onProblem: (problem: UserError | null) => void;
}

/**
 * The settings file, on the same format and library base as the app's. Unknown keys, and known ones that are not changed,
 * stay as they stand.
 * @throws UserError (exit 2) when the file cannot be understood now, (4) when others may write there; later the last good
 * settings are kept instead, so that a slip of the editor does not stop a keeper.
 */
export async function openSettings(options: SettingsStoreOptions): Promise<SettingsFile> {
  const { folder, files, onProblem } = options;
  const path = join(folder, `${SETTINGS_NAME}.json`);
  const open = (): ConfFile => {
    lookFirst(path);
    try {
      return options.openConf(SETTINGS_NAME, {
        cwd: folder,
        configFileMode: 0o600,
        clearInvalidConfig: false,
        accessPropertiesByDotNotation: false,
        deserialize: toRaw,
      });
    } catch (error) {
      throw problem(error, path);
    }
  };
  let conf: ConfFile | null = null;
  const raw = (): Raw => {
    // conf makes its folder even to read, and a mere look must leave no trace: so it is opened once there is a folder.
    if (conf === null && exists(folder)) conf = open();
    return conf === null ? {} : readRaw(conf, path);
  };
  let good = understand(raw(), path);
  let wrong: string | null = null;
  const tell = (found: UserError | null) => {
    const sentence = found?.message ?? null;
    if (sentence !== wrong) onProblem(found);
    wrong = sentence;
  };

  const read = (): Settings => {
    try {
      good = understand(raw(), path);
      tell(null);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      tell(error);
    }
    return good;
  };

  /** Of the listeners: one of our own changes is told at once, whatever the system says of the folder, and when. */
  const looks = new Set<() => void>();
  const write = (to: ConfFile, next: Raw, after: Settings) => {
    try {
      to.store = next;
    } catch (error) {
      throw new UserError(`The settings file ${path} cannot be written: ${plainReason(error)}.`, 3);
    }
    good = after;
    for (const look of looks) look();
  };

  return {
    read,
    stored: raw,
    update(change) {
      conf ??= open();
      const stored = readRaw(conf, path);
      const before = understand(stored, path);
      const after = change(before);
      const next = merged(stored, before, after);
      if (next === null) return;
      write(conf, next, after);
    },
    put(place, value) {
      conf ??= open();
      const stored = readRaw(conf, path);
      const next = withValue(stored, place, value);
      const after = understand(next, path);
      if (JSON.stringify(next) === JSON.stringify(stored)) return;
      write(conf, next, after);
    },
    onChange(listener) {
      let seen = JSON.stringify(read());
      let stopped = false;
      const look = () => {
        if (stopped) return;
        const now = JSON.stringify(read());
        if (now === seen) return;
        seen = now;
        listener();
      };
      // The folder may be the state dir, in which much changes: only other settings are a change.
      const unwatch = files.watchFolder(folder, look);
      looks.add(look);
      return () => {
        stopped = true;
        looks.delete(look);
        unwatch();
      };
    },
  };
}

function exists(folder: string): boolean {
  try {
    return statSync(folder, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

const object = byId(v.unknown());

/** Why a text is no JSON; a few words, which quote nothing of it. */
class NotJson extends Error {}

/** conf would take the letters of a text, or the places of a list, for keys. */
function toRaw(text: string): Raw {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The error of JSON.parse quotes the text, and names no place in old versions of Node.
    throw new NotJson(notJson(text));
  }
  return v.parse(object, value);
}

function notJson(text: string): string {
  if (text.trim() === "") return "it is empty";
  const place = endOfJson(text);
  return place === null ? "it is not JSON" : `it is not JSON (line ${place.line}, column ${place.column})`;
}

function readRaw(conf: ConfFile, path: string): Raw {
  lookFirst(path);
  try {
    return conf.store;
  } catch (error) {
    throw problem(error, path);
  }
}

const MAX_BYTES = 1024 * 1024;
const NO_OBJECT = "it is not a JSON object";

/**
 * Others must not choose where tokens are sent; and conf would wait for the other end of a FIFO for ever, and we with it.
 * @throws UserError
 */
function lookFirst(path: string): void {
  let stat: ReturnType<typeof statSync>;
  let folder: ReturnType<typeof statSync>;
  try {
    stat = statSync(path, { throwIfNoEntry: false });
    folder = statSync(dirname(path), { throwIfNoEntry: false });
  } catch {
    // conf has the better words for it.
    return;
  }
  const notOurs =
    (folder === undefined ? null : settingsNotOurs(dirname(path), folder)) ??
    (stat === undefined ? null : settingsNotOurs(path, stat));
  if (notOurs !== null) throw refusal(notOurs);
  if (stat === undefined || stat.isDirectory() || (stat.isFile() && stat.size <= MAX_BYTES)) return;
  const why = stat.isFile() ? "it is too large for a settings file" : "it is not a regular file";
  throw new UserError(`The settings file ${path} cannot be read: ${why}. Fix it, or move it away.`, 2);
}

function problem(error: unknown, path: string): UserError {
  const why = error instanceof NotJson ? error.message : errorCode(error) === null ? NO_OBJECT : plainReason(error);
  return new UserError(`The settings file ${path} cannot be read: ${why}. Fix it, or move it away.`, 2);
}

function understand(stored: Raw, path: string): Settings {
  try {
    return parseSettings({ ...stored });
  } catch (error) {
    const what = wrongSetting(error);
    throw new UserError(`The settings file ${path} cannot be used: ${what}. Fix it, or move it away.`, 2);
  }
}

/** What to store: only what changed, so that no default becomes a choice. null = nothing changed. */
function merged(stored: Raw, before: Settings, after: Settings): Raw | null {
  const next = new Map(Object.entries(stored));
  const [old, fresh] = [new Map(Object.entries<unknown>(before)), new Map(Object.entries<unknown>(after))];
  let changed = false;
  for (const key of new Set([...old.keys(), ...fresh.keys()])) {
    const value = fresh.get(key);
    if (JSON.stringify(old.get(key)) === JSON.stringify(value)) continue;
    changed = true;
    if (value === undefined) next.delete(key);
    else next.set(key, value);
  }
  return changed ? Object.fromEntries(next) : null;
}
