import * as v from "valibot";
import { byId } from "./by-id-schema.ts";
import { PING_MODES } from "./snapshot.ts";

const until = v.nullable(v.number());

const model = v.pipe(v.string(), v.minLength(1));

const providerSettings = v.object({
  tokenUrl: v.optional(v.string()),
  apiUrl: v.optional(v.string()),
  encoding: v.optional(v.picklist(["json", "form"])),
  /** What message pings ask; another one starts stopped pings again. */
  pingModel: v.optional(model),
});

/** Who said a setting: the first that did counts, in this order. */
export type Source = "flag" | "env" | "settings" | "default";

/**
 * The settings file, shared by the app and the command line (design section 2). Every key is optional, so a new install
 * needs no file; keys that this version does not know are kept as they stand (`looseObject`).
 */
export const settingsSchema = v.looseObject({
  authFile: v.optional(v.string()),
  /** "lead" (design section 5) or "classic": 10 min before expiry. */
  schedule: v.optional(v.picklist(["lead", "classic"]), "lead"),
  ping: v.optional(
    v.object({
      mode: v.optional(v.picklist(PING_MODES)),
      /** The old place of `pingModel`, from when there was one provider. */
      model: v.optional(model),
      dailyTokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 5_000),
    }),
    {},
  ),
  providers: v.optional(byId(providerSettings), {}),
  /** Pings that are paused, by login id, or `ALL`: until when (ms), null = until resumed. */
  pauses: v.optional(byId(until), {}),
  /** What the user allowed, by login id. */
  allow: v.optional(byId(v.object({ shared: v.optional(v.boolean()) })), {}),
  /** Labels that the user gave, by login id. */
  names: v.optional(byId(v.string()), {}),
  /** When the notice about pings was first shown (ms). */
  pingNoticeAt: v.optional(v.number()),
});

export type Settings = v.InferOutput<typeof settingsSchema>;

/** @returns the settings in `value`, defaults filled in. @throws a `ValiError` that names the first bad key. */
export function parseSettings(value: unknown): Settings {
  return v.parse(settingsSchema, value);
}
