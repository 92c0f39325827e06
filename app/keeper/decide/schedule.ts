/** When a login is due, and how long to wait after a failure. All times in ms. */

import { type Random } from "../../ports/clock.ts";
import { MAX_BACK_OFF, MAX_UNKNOWN_WAIT } from "../notes/waits.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Between two unforced refreshes of one lineage. */
export const MIN_GAP = 60 * SECOND;
/** What an answer that states no lifetime is taken to mean. */
export const DEFAULT_LIFETIME = HOUR;
const DISBELIEF = 5 * MINUTE;
/** Deliberate attempts that follow each other closely after a lost answer; then one an hour. */
export const CAREFUL_TRIES = 5;

export type Schedule = "lead" | "classic";

/** How long before `expires` a login is due; `lifetime` null = not known yet. */
export function leadOf(lifetime: number | null, schedule: Schedule): number {
  if (schedule === "classic" || lifetime === null) return 10 * MINUTE;
  const quarter = Math.min(Math.max(lifetime / 4, 10 * MINUTE), 2 * HOUR);
  return Math.min(quarter, lifetime / 2);
}

/**
 * @param expires as the file says; 0 or less = due now.
 * @returns the wall time from which the login is due.
 */
export function dueAt(expires: number, lifetime: number | null, schedule: Schedule, now: number): number {
  if (expires <= 0) return now;
  // https://github.com/anthropics/claude-code/issues/54443: an `expires` beyond what the server ever granted is a lie.
  if (lifetime !== null && expires > now + lifetime + DISBELIEF) return now;
  return expires - leadOf(lifetime, schedule);
}

/** Full jitter, 30 s doubling to 1 h. `count` = failures in a row, from 1. */
export function backOff(count: number, random: Pick<Random, "fraction">): number {
  const ceiling = Math.min(30 * SECOND * 2 ** Math.min(count - 1, 12), MAX_BACK_OFF);
  return Math.max(SECOND, Math.round(random.fraction() * ceiling));
}

/**
 * When the next deliberate attempt may follow: 1, 2, 4, 8 and 16 min after the first lost answer was seen, and a minute after
 * the newest; then an hour after the newest, for as long as it takes. A server that answers 500 for a day and never acted has
 * spent nothing, and where it did act, `invalid_grant` is the honest end. A time that lies ahead means that the clock stepped
 * back since: then the newest counts alone, or none.
 * @param open attempts without an answer so far, at least 1.
 */
export function nextDeliberate(firstSeen: number, newest: number, open: number, now: number): number {
  if (newest > now) return now;
  if (open > CAREFUL_TRIES) return newest + MAX_UNKNOWN_WAIT;
  const wait = MINUTE * 2 ** Math.max(open - 1, 0);
  return Math.max((firstSeen > now ? newest : firstSeen) + wait, newest + MINUTE);
}
