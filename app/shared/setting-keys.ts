/** The keys of the settings file as a person names them, such as `ping.mode`. Pure. */
import * as v from "valibot";
import { ALL } from "./data/all.ts";
import { type ById, entriesOf, lookUp, withEntry, withoutEntry } from "./data/by-id.ts";
import { byId } from "./data/by-id-schema.ts";
import { tryJson } from "./data/json.ts";
import { NOTIFICATION_KINDS } from "./login/notifications.ts";
import { parseSettings } from "./settings.ts";

/** What stands in the file, without defaults. */
export type Stored = ById<unknown>;

export interface SettingKey {
  /** As it is typed and shown. */
  readonly name: string;
  readonly path: readonly string[];
  /** The login that it is about; null = none, or all. */
  readonly login: string | null;
  /** A running keeper takes it at its next start. */
  readonly atStart: boolean;
}

const PLAIN: readonly string[] = [
  "authFile",
  "schedule",
  "ping.mode",
  "ping.dailyTokens",
  ...NOTIFICATION_KINDS.map((kind) => `notifications.${kind}`),
  "logLevel",
  "pingNoticeAt",
  "pingAsked",
];
/** Shown only where it is set: `providers.ID.pingModel` has taken its place. */
const OLD = "ping.model";
const OF_PROVIDER = ["tokenUrl", "apiUrl", "encoding", "pingModel"] as const;
const AT_START: readonly string[] = ["authFile", "tokenUrl", "apiUrl", "encoding"];

/** @param providers the ids of those that there are. @returns the key that `name` names; null = there is none. */
export function settingKey(name: string, providers: readonly string[]): SettingKey | null {
  if (name === OLD || PLAIN.includes(name)) return keyOf(name.split("."));
  const [, group = "", id = ""] = /^(names|pauses)\.(.+)$/s.exec(name) ?? [];
  if (group !== "") return loginKey([group, id]);
  const [, shared] = /^allow\.(.+)\.shared$/s.exec(name) ?? [];
  if (shared !== undefined) return loginKey(["allow", shared, "shared"]);
  const paths = providers.flatMap((provider) => OF_PROVIDER.map((each) => ["providers", provider, each]));
  const path = paths.find((each) => each.join(".") === name);
  return path === undefined ? null : keyOf(path);
}

/** @returns the same key, about the login with this id. */
export function aboutLogin({ path: [group = "", , ...rest] }: SettingKey, id: string): SettingKey {
  return loginKey([group, id, ...rest]);
}

/** @returns every key that can be listed: those that there always are, and of each login what is stored. */
export function settingKeys(stored: Stored, providers: readonly string[]): readonly SettingKey[] {
  const names = [...PLAIN, ...(valueAt(stored, OLD.split(".")) === undefined ? [] : [OLD])];
  const ids = (group: string) => entriesOf(objectAt(lookUp(stored, group)) ?? {}).map(([id]) => id);
  return [
    ...names.map((name) => keyOf(name.split("."))),
    ...providers.flatMap((provider) => OF_PROVIDER.map((each) => keyOf(["providers", provider, each]))),
    ...ids("pauses").map((id) => loginKey(["pauses", id])),
    ...ids("allow").map((id) => loginKey(["allow", id, "shared"])),
    ...ids("names").map((id) => loginKey(["names", id])),
  ];
}

/** @returns the words that a mistyped key may have meant; `ID` for any login. */
export function keyNames(providers: readonly string[]): readonly string[] {
  return [...settingKeys({}, providers).map(({ name }) => name), "pauses.ID", "allow.ID.shared", "names.ID"];
}

/** @returns what stands at this place; undefined = nothing. */
export function valueAt(stored: Stored, path: readonly string[]): unknown {
  return path.reduce((at: unknown, key) => lookUp(objectAt(at) ?? {}, key), stored);
}

/** @param value undefined takes it out, and what would be left empty above it. @returns the same with `value` at this place. */
export function withValue(stored: Stored, [key = "", ...rest]: readonly string[], value: unknown): Stored {
  if (rest.length === 0) return value === undefined ? withoutEntry(stored, key) : withEntry(stored, key, value);
  const inside = objectAt(lookUp(stored, key)) ?? {};
  const next = withValue(inside, rest, value);
  const isLeftEmpty = value === undefined && Object.keys(next).length === 0;
  return isLeftEmpty ? withoutEntry(stored, key) : withEntry(stored, key, next);
}

/**
 * @param text as it was typed: a word, a number, true, false or null, whatever the key takes.
 * @returns what is to be stored. @throws as `parseSettings`, where the key takes no such thing.
 */
export function readValue(stored: Stored, path: readonly string[], text: string): unknown {
  const fits = (value: unknown) => {
    parseSettings(withValue(stored, path, value));
    return value;
  };
  const literal = tryJson(text);
  if (typeof literal !== "number" && typeof literal !== "boolean" && literal !== null) return fits(text);
  try {
    return fits(text);
  } catch {
    return fits(literal);
  }
}

function keyOf(path: readonly string[]): SettingKey {
  return { name: path.join("."), path, login: null, atStart: AT_START.includes(path.at(-1) ?? "") };
}

function loginKey(path: readonly string[]): SettingKey {
  const [group, id = ""] = path;
  return { ...keyOf(path), atStart: false, login: group === "pauses" && id === ALL ? null : id };
}

const object = byId(v.unknown());

function objectAt(value: unknown): Stored | null {
  const parsed = v.safeParse(object, value);
  return parsed.success ? parsed.output : null;
}
