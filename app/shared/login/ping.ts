/** What came of a ping or why none was sent, as data; `words/commands.ts` says it. */
import type { PingOutcome } from "./snapshot.ts";

export type PingWhy =
  | { readonly kind: Exclude<PingOutcome, "skipped"> }
  /** The provider ended message pings; `sentence`: in its own words, from its adapter. */
  | { readonly kind: "messagesStopped"; readonly sentence: string }
  | { readonly kind: PingHeld };

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
