/** How much of its life an access token, or a login, has before it. Pure. */
import type { Login } from "../login/snapshot.ts";

const DAY_MS = 86_400_000;
/** A login lasts about so long where the provider names an end; what has more before it has no such life. */
export const LOGIN_DAYS = 30;

/** @returns the part of the access token's life that is left, 0 to 1; null where its beginning or its end is not known. */
export function accessPart(
  { accessExpiresAt: end, lastRefresh }: Pick<Login, "accessExpiresAt" | "lastRefresh">,
  now: number,
): number | null {
  // Only a refresh of ours tells when the token began.
  if (end === null || lastRefresh?.outcome !== "refreshed" || lastRefresh.at >= end) return null;
  return Math.min(1, Math.max(0, (end - now) / (end - lastRefresh.at)));
}

/**
 * @returns the full days that a login has left; null where it has ended, its end is not known, past, or further away than a
 * login lasts.
 */
export function loginDays(
  { loginEndsAt: end, state }: Pick<Login, "loginEndsAt" | "state">,
  now: number,
): number | null {
  if (end === null || state === "signIn" || end <= now || end - now > LOGIN_DAYS * DAY_MS) return null;
  return Math.floor((end - now) / DAY_MS);
}
