/** What came of a ping or why none was sent, as data; `words/commands.ts` says it. */
import type * as v from "valibot";
import type { pingStopSchema } from "./ping-stop-schema.ts";
import type { PingOutcome } from "./snapshot.ts";

export type PingWhy =
  | { readonly kind: Exclude<PingOutcome, "skipped"> }
  /** The provider ended message pings. */
  | { readonly kind: "messagesStopped"; readonly stop: PingStop }
  | { readonly kind: PingHeld };

/** Why message pings must stop for a login. */
export type PingStop = v.InferOutput<typeof pingStopSchema>;

/**
 * Why none was sent. "leaving": the system is about to sleep. "noticeYoung": the notice about pings was not on a screen for a
 * minute yet.
 */
export type PingHeld =
  | "noLogin"
  | "off"
  | "paused"
  | "noAccess"
  | "dailyLimit"
  | "noticeYoung"
  | "noSuchPing"
  | "leaving"
  | "stopped";
