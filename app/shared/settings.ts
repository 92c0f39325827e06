import * as v from "valibot";
import { byId } from "./data/by-id-schema.ts";
import { listed } from "./data/listed.ts";
import { LOG_LEVELS } from "./data/log-levels.ts";
import { NOTIFICATION_KINDS } from "./login/notifications.ts";
import { SCHEDULES } from "./login/schedules.ts";
import { PING_MODES } from "./login/snapshot.ts";

/** Each part says what it can be: that is told, with the key, of a value that is something else (`wrongSetting`). */
const text = (what = "a text") => v.string(what);
const word = <const T extends readonly string[]>(words: T) =>
  v.picklist(words, listed(words.map((each) => JSON.stringify(each))));
const byLogin = <S extends v.GenericSchema>(schema: S) => byId(schema, "an object with the ID of a login for each key");

/** Of the token request. */
export const ENCODINGS = ["json", "form"] as const;

/** JSON writes 1e999 as null, so that it could not be read again. */
const time = (what: string) => v.pipe(v.number(what), v.finite(what));
const UNTIL = "a time in ms or null";
const COUNT = "a whole number, 0 or more";

const model = v.pipe(text("the name of a model"), v.minLength(1, "the name of a model"));

const providerSettings = v.object(
  {
    tokenUrl: v.optional(text("a URL")),
    apiUrl: v.optional(text("a URL")),
    encoding: v.optional(word(ENCODINGS)),
    /** What message pings ask; another one starts stopped pings again. */
    pingModel: v.optional(model),
  },
  "an object",
);

const switches = v.entriesFromList(NOTIFICATION_KINDS, v.optional(v.boolean("true or false"), true));

/** Who said a setting: the first that did counts, in this order. */
export type Source = "flag" | "env" | "settings" | "default";

/**
 * The settings file, shared by the app and the command line. Every key is optional, so a new install
 * needs no file; keys that this version does not know are kept as they stand (`looseObject`).
 */
export const settingsSchema = v.looseObject(
  {
    authFile: v.optional(v.pipe(text("a path"), v.excludes("\0", "a path"))),
    schedule: v.optional(word(SCHEDULES), "lead"),
    ping: v.optional(
      v.object(
        {
          mode: v.optional(word(PING_MODES)),
          /** The old place of `pingModel`, from when there was one provider. */
          model: v.optional(model),
          dailyTokens: v.optional(v.pipe(v.number(COUNT), v.integer(COUNT), v.minValue(0, COUNT)), 5_000),
        },
        "an object",
      ),
      {},
    ),
    providers: v.optional(byId(providerSettings, "an object with the name of a provider for each key"), {}),
    /** Pings that are paused, by login id, or `ALL`: until when (ms), null = until resumed. */
    pauses: v.optional(byLogin(v.nullable(time(UNTIL))), {}),
    /** What the user allowed, by login id. */
    allow: v.optional(byLogin(v.object({ shared: v.optional(v.boolean("true or false")) }, "an object")), {}),
    /** Labels that the user gave, by login id. */
    names: v.optional(byLogin(text()), {}),
    /** What is told by a notification; what is not named is. */
    notifications: v.optional(v.object(switches, "an object"), {}),
    /** What is less grave is not written to the log. */
    logLevel: v.optional(word(LOG_LEVELS), "info"),
    /** When the notice about pings was first shown (ms). */
    pingNoticeAt: v.optional(time("a time in ms")),
    /** It asked which pings there shall be, and goes on asking until a mode is chosen; older versions only told. */
    pingAsked: v.optional(v.boolean("true or false")),
  },
  "an object",
);

export type Settings = v.InferOutput<typeof settingsSchema>;

/** @returns the settings in `value`, defaults filled in. @throws a `ValiError` that names the first bad key. */
export function parseSettings(value: unknown): Settings {
  return v.parse(settingsSchema, value);
}

/** Shall the notice about pings be shown: is there no choice yet, and was it not read and closed in an older version? */
export function asksForPings({ ping, pingNoticeAt, pingAsked = false }: Settings): boolean {
  return ping.mode === undefined && (pingNoticeAt === undefined || pingAsked);
}

/**
 * @param error what `parseSettings` threw.
 * @returns which key has which value, and what it can be: `"ping.mode" is "often"; it can be "off", "profile" or "message"`.
 */
export function wrongSetting(error: unknown): string {
  const [issue] = v.isValiError(error) ? error.issues : [];
  const key = issue === undefined ? null : v.getDotPath(issue);
  if (issue === undefined || key === null) return "it holds something else than settings";
  return `"${key}" is ${shownValue(issue.input)}; it can be ${issue.message}`;
}

/** A short word or number as it stands; anything that could be a token only by its kind. */
function shownValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return /^[a-z]{0,16}$/i.test(value) ? JSON.stringify(value) : "a text that is not shown here";
    case "number":
      return Math.abs(value) < 1e9 ? String(value) : "a number";
    case "boolean":
      return String(value);
    default:
      return value === null ? "null" : Array.isArray(value) ? "a list" : "an object";
  }
}
