/** The notice about pings: message pings wait until it was on a screen for a while, unless somebody chose. Pure. */

/** The first message ping leaves this long after its notice was shown. */
export const NOTICE_MS = 60_000;

/**
 * @param shownAt when the notice was shown, ms; absent = not yet.
 * @returns how long message pings still wait for it, ms; a time that is yet to come is that of a clock which was set back.
 */
export function noticeLeft(shownAt: number | null | undefined, now: number): number {
  if (shownAt === null || shownAt === undefined) return NOTICE_MS;
  return shownAt > now ? 0 : Math.max(0, shownAt + NOTICE_MS - now);
}
