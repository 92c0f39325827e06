/** What a card says, as text: pure functions of an account and the time. All times are local. */
import { triesAgain } from "../login/rules.ts";
import type { Account, PingMode, RefreshOutcome } from "../login/snapshot.ts";
import { PING_WORDS } from "./commands.ts";
import { ago, inTime, moment, span } from "./times.ts";

const DAY_MS = 86_400_000;
/** From here on a deadline is pointed out. */
const SOON_MS = 7 * DAY_MS;

/** The access token's clock. @returns "until 21:40, refreshes in 5 h 12 m". */
export function accessText(account: Pick<Account, "accessExpiresAt" | "nextRefreshAt" | "state">, now: number): string {
  const { accessExpiresAt: end } = account;
  const coming = comingText(account, now);
  if (end === null) return coming ?? "not known";
  if (end <= now) return `expired ${ago(end, now)}${coming === null ? "" : `, ${coming}`}`;
  return coming === null ? `until ${moment(end, now)} (${span(end - now)})` : `until ${moment(end, now)}, ${coming}`;
}

function comingText(
  { state, nextRefreshAt: next }: Pick<Account, "nextRefreshAt" | "state">,
  now: number,
): string | null {
  if (state === "refreshing") return "refreshing now";
  if (next === null) return null;
  return `${triesAgain(state) ? "tries again" : "refreshes"} ${inTime(next, now)}`;
}

/** The login's own clock, which only a sign-in sets back. */
export interface Deadline {
  readonly text: string;
  /** It deserves a look: over, or within a week. */
  readonly soon: boolean;
}

/** @returns "until 12 Dec (19 days)". */
export function loginText({ loginEndsAt: end }: Pick<Account, "loginEndsAt">, now: number): Deadline {
  if (end === null) return { text: "no known deadline", soon: false };
  if (end <= now) return { text: `ended ${moment(end, now)}, ${ago(end, now)}`, soon: true };
  const left = end - now;
  const text = `until ${moment(end, now)} (${left < 3 * DAY_MS ? span(left) : `${Math.floor(left / DAY_MS)} days`})`;
  return left > SOON_MS ? { text, soon: false } : { text: `${text}; sign in again before that`, soon: true };
}

/**
 * @param tokens what message pings of this login used today.
 * @param mode how logins are pinged; null = not known.
 * @returns "2 min ago, ok · ~96 tokens today".
 */
export function pingText(
  { lastPing }: Pick<Account, "lastPing">,
  tokens: number,
  mode: PingMode | null,
  now: number,
): string {
  const last = lastPing === null ? null : `${ago(lastPing.at, now)}, ${PING_WORDS[lastPing.outcome]}`;
  if (mode === "off") return last === null ? "off" : `off; the last one ${last}`;
  const said = last ?? "none yet";
  return tokens === 0 ? said : `${said} · ~${tokens} ${tokens === 1 ? "token" : "tokens"} today`;
}

const REFRESH_WORDS: Readonly<Record<RefreshOutcome, string>> = {
  refreshed: "ok",
  adopted: "done by another program",
  transient: "failed, will be tried again",
  "rate-limited": "rate-limited",
  unknown: "its answer was lost",
  rejected: "refused",
};

/** @returns "3 h ago, ok"; null when nothing is known of one. */
export function refreshText({ lastRefresh }: Pick<Account, "lastRefresh">, now: number): string | null {
  return lastRefresh === null ? null : `${ago(lastRefresh.at, now)}, ${REFRESH_WORDS[lastRefresh.outcome]}`;
}
