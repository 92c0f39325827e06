import * as v from "valibot";
import { FILE_PROBLEM_KINDS } from "./file-problem.ts";
import { pingStopSchema } from "./ping-stop-schema.ts";
import { LOGIN_STATE_NAMES } from "./states.ts";

/** What became of a ping; `skipped`: pings are off though one was asked for, or the daily limit. */
export const PING_OUTCOMES = [
  "ok",
  "refused",
  "rate-limited",
  "unauthorized",
  "no-model",
  "unreachable",
  "skipped",
] as const;
export const REFRESH_OUTCOMES = ["refreshed", "adopted", "transient", "rate-limited", "unknown", "rejected"] as const;
export const PING_MODES = ["off", "profile", "message"] as const;

const ms = v.number();

const account = v.object({
  id: v.string(),
  provider: v.string(),
  label: v.string(),
  state: v.picklist(LOGIN_STATE_NAMES),
  reason: v.nullable(v.string()),
  /** The same for programs (`ReasonKind`), where the state alone does not tell; new kinds may come. Older keepers wrote none. */
  reasonKind: v.optional(v.nullable(v.string())),
  /** Until when its pings pause; null = they do not, or until they are resumed. Older keepers wrote none. */
  pausedUntil: v.optional(v.nullable(ms)),
  accessExpiresAt: v.nullable(ms),
  loginEndsAt: v.nullable(ms),
  nextRefreshAt: v.nullable(ms),
  lastRefresh: v.nullable(v.object({ at: ms, outcome: v.picklist(REFRESH_OUTCOMES) })),
  lastPing: v.nullable(v.object({ at: ms, outcome: v.picklist(PING_OUTCOMES), mode: v.picklist(PING_MODES) })),
  sharedWith: v.nullable(v.string()),
  /** Why message pings of it stopped by themselves; absent = they did not, or an older keeper wrote it. */
  pingStop: v.fallback(v.optional(pingStopSchema), undefined),
  /** When a new pair came in after it had ended, was emptied or removed; absent = that is not known. Older keepers wrote none. */
  signedInAt: v.optional(ms),
  /** `rescue` can put a kept pair of it back; absent = it cannot, or an older keeper wrote it. */
  rescuable: v.optional(v.boolean()),
});

/** The one public format: `status --json` and `status.json`. It can hold no secret: no field takes one. */
export const snapshotSchema = v.object({
  version: v.literal(1),
  generatedAt: ms,
  keeper: v.object({ running: v.boolean(), pid: v.nullable(v.number()), since: v.nullable(ms) }),
  file: v.object({
    path: v.string(),
    format: v.nullable(v.picklist(["flat", "accounts"])),
    problem: v.nullable(v.string()),
    /** The same for programs. Older keepers wrote none; a kind of a newer one counts as none. */
    problemKind: v.optional(v.fallback(v.nullable(v.picklist(FILE_PROBLEM_KINDS)), null)),
  }),
  accounts: v.array(account),
});

export type Snapshot = v.InferOutput<typeof snapshotSchema>;
export type Login = Snapshot["accounts"][number];
export type PingOutcome = (typeof PING_OUTCOMES)[number];
export type RefreshOutcome = (typeof REFRESH_OUTCOMES)[number];
export type PingMode = (typeof PING_MODES)[number];

/** Do these two say the same? The time at which they were made is no news. */
export function sameButTime(a: Snapshot, b: Snapshot): boolean {
  return JSON.stringify({ ...a, generatedAt: 0 }) === JSON.stringify({ ...b, generatedAt: 0 });
}
