/** `settings`: what the settings file says, and changes of single keys of it. */
import type { SettingsFile } from "../../ports/settings.ts";
import { UserError } from "../../shared/data/errors.ts";
import type { Named } from "../../shared/data/named.ts";
import {
  aboutLogin,
  keyNames,
  readValue,
  type SettingKey,
  type Stored,
  settingKey,
  settingKeys,
  valueAt,
  withValue,
} from "../../shared/setting-keys.ts";
import { parseSettings, type Settings, wrongSetting } from "../../shared/settings.ts";
import {
  SETTINGS_HEAD,
  SETTINGS_USAGE,
  settingRefused,
  settingSet,
  settingUnset,
  unknownId,
  unknownSetting,
} from "../../shared/words/commands.ts";
import { visible } from "../../shared/words/visible.ts";
import type { Output } from "../output.ts";
import { cellWidth, pad } from "../text/cells.ts";
import { jsonDocument } from "../text/json.ts";
import { idOf } from "./named.ts";

export interface SettingsContext {
  readonly output: Output;
  readonly json: boolean;
  /** Absolute. */
  readonly path: string;
  /** @throws UserError where the file cannot be used. */
  readonly open: () => Promise<SettingsFile>;
  readonly defaults: Stored;
  readonly providers: readonly string[];
  /** The logins of the credential file; null = it cannot be read, or is not there. */
  readonly logins: (settings: SettingsFile) => Promise<readonly Named[] | null>;
  /** @throws UserError for settings that could not be started with, such as an endpoint that may have no token. */
  readonly check: (settings: Settings) => void;
}

type Asked =
  | { readonly kind: "list" | "path" }
  | { readonly kind: "get" | "unset"; readonly key: string }
  | { readonly kind: "set"; readonly key: string; readonly value: string };

/** @returns the exit code. @throws UserError (2) for a key or a value that there is not. */
export async function settingsCommand(words: readonly string[], context: SettingsContext): Promise<number> {
  const { output, json, path, open } = context;
  const asked = askedOf(words);
  if (asked.kind === "path") {
    output.out(json ? jsonDocument({ version: 1, path }) : `${visible(path)}\n`);
    return 0;
  }
  const file = await open();
  switch (asked.kind) {
    case "list":
      list(file, context);
      return 0;
    case "get":
      get(await keyOf(asked.key, file, context), file, context);
      return 0;
    case "set":
      set(await keyOf(asked.key, file, context), asked.value, file, context);
      return 0;
    case "unset":
      unset(await keyOf(asked.key, file, context), file, context);
      return 0;
  }
}

function askedOf(words: readonly string[]): Asked {
  const [verb, key, value] = words;
  if (verb === undefined) return { kind: "list" };
  if (verb === "path" && words.length === 1) return { kind: "path" };
  if (key !== undefined && words.length === 2 && (verb === "get" || verb === "unset")) return { kind: verb, key };
  if (key !== undefined && value !== undefined && words.length === 3 && verb === "set")
    return { kind: verb, key, value };
  throw new UserError(SETTINGS_USAGE, 2);
}

async function keyOf(typed: string, file: SettingsFile, context: SettingsContext): Promise<SettingKey> {
  const { providers } = context;
  const key = settingKey(typed, providers);
  if (key === null) throw new UserError(unknownSetting(typed, keyNames(providers)), 2);
  if (key.login === null || valueAt(file.stored(), key.path) !== undefined) return key;
  const known = await context.logins(file);
  if (known === null) return key;
  const id = idOf(key.login, known);
  if (!known.some((login) => login.id === id)) throw new UserError(unknownId(key.login, known), 2);
  return aboutLogin(key, id);
}

interface Shown {
  readonly key: string;
  /** null = it has none. */
  readonly value: unknown;
  readonly source: "default" | "settings";
}

function shownOf({ name, path }: SettingKey, file: SettingsFile, { defaults }: SettingsContext): Shown {
  const own = valueAt(file.stored(), path);
  if (own !== undefined) return { key: name, value: own, source: "settings" };
  return { key: name, value: valueAt(defaults, path) ?? null, source: "default" };
}

/** A text as it stands, anything else as in the file; "-" = none. */
function textOf({ value, source }: Shown): string {
  if (value === null && source === "default") return "-";
  return visible(typeof value === "string" ? value : JSON.stringify(value));
}

function list(file: SettingsFile, context: SettingsContext): void {
  const { output, json, providers, path } = context;
  const all = settingKeys(file.stored(), providers).map((key) => shownOf(key, file, context));
  if (json) return output.out(jsonDocument({ version: 1, path, settings: all }));
  const rows = [SETTINGS_HEAD, ...all.map((each) => [visible(each.key), each.source, textOf(each)] as const)];
  const width = (at: 0 | 1) => Math.max(...rows.map((row) => cellWidth(row[at])));
  const [keys, sources] = [width(0), width(1)];
  output.out(rows.map(([key, from, value]) => `${pad(key, keys)}  ${pad(from, sources)}  ${value}\n`).join(""));
}

function get(key: SettingKey, file: SettingsFile, context: SettingsContext): void {
  const shown = shownOf(key, file, context);
  context.output.out(context.json ? jsonDocument({ version: 1, ...shown }) : `${textOf(shown)}\n`);
}

function set(key: SettingKey, text: string, file: SettingsFile, context: SettingsContext): void {
  put(key, valueOf(key, text, file), file, context);
  say(key, (value) => settingSet(visible(key.name), value ?? "-", key.atStart), file, context);
}

function unset(key: SettingKey, file: SettingsFile, context: SettingsContext): void {
  put(key, undefined, file, context);
  say(key, (value) => settingUnset(visible(key.name), value, key.atStart), file, context);
}

function valueOf({ path }: SettingKey, text: string, file: SettingsFile): unknown {
  try {
    return readValue(file.stored(), path, text);
  } catch (error) {
    throw new UserError(settingRefused(wrongSetting(error)), 2);
  }
}

function put({ path }: SettingKey, value: unknown, file: SettingsFile, { check }: SettingsContext): void {
  check(parseSettings(withValue(file.stored(), path, value)));
  file.put(path, value);
}

function say(
  key: SettingKey,
  sentence: (value: string | null) => string,
  file: SettingsFile,
  context: SettingsContext,
): void {
  if (context.json) return get(key, file, context);
  const shown = shownOf(key, file, context);
  const value = typeof shown.value === "string" ? `"${textOf(shown)}"` : textOf(shown);
  context.output.out(`${sentence(shown.value === null && shown.source === "default" ? null : value)}\n`);
}
