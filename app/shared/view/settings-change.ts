/** What a page may change of the settings: a few keys, one at a time. Never an address, a path, or what is allowed. */
import * as v from "valibot";
import { LOG_LEVELS } from "../data/log-levels.ts";
import { NOTIFICATION_KINDS } from "../login/notifications.ts";
import { SCHEDULES } from "../login/schedules.ts";
import { PING_MODES } from "../login/snapshot.ts";

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(1_000));
/** null = the default. */
const words = (most: number) => v.nullable(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most)));

export const settingsChangeSchema = v.variant("key", [
  v.strictObject({ key: v.literal("ping.mode"), value: v.picklist(PING_MODES) }),
  v.strictObject({
    key: v.literal("ping.dailyTokens"),
    value: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000_000)),
  }),
  /** What message pings of this provider ask. */
  v.strictObject({ key: v.literal("pingModel"), provider: id, value: words(200) }),
  v.strictObject({ key: v.literal("schedule"), value: v.picklist(SCHEDULES) }),
  v.strictObject({ key: v.literal("logLevel"), value: v.picklist(LOG_LEVELS) }),
  v.strictObject({ key: v.literal("notifications"), kind: v.picklist(NOTIFICATION_KINDS), value: v.boolean() }),
  /** The label of this login. */
  v.strictObject({ key: v.literal("names"), login: id, value: words(100) }),
]);

export type SettingsChange = v.InferOutput<typeof settingsChangeSchema>;
