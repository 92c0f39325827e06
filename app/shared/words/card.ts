/** What the row of a login says, closed and opened: pure functions of a login and the time. All times are local. */
import { type Command, isManaged, triesAgain, weightOf } from "../login/rules.ts";
import type { Login, PingMode, PingOutcome, RefreshOutcome } from "../login/snapshot.ts";
import type { PauseName } from "../view/pauses.ts";
import { PING_WORDS } from "./commands.ts";
import { STATE_WORDS, signedInAgain } from "./state.ts";
import { ago, inTime, moment, roughSpan, span } from "./times.ts";

const DAY_MS = 86_400_000;
/** From here on a deadline is pointed out. */
const SOON_MS = 7 * DAY_MS;

// ---- at a glance -----------------------------------------------------------------------------------------------------

/** What stands beside the name of a login while its row is closed. */
export interface Glance {
  /** "until 14:52 (5 h 59 m)"; of a login that needs someone, or is left alone, its state. */
  readonly access: string;
  /** What comes, or came last: "pinged 4 min ago"; "" = nothing. */
  readonly news: string;
  /** The news deserves a look. */
  readonly soon: boolean;
}

/** @param mode how logins are pinged; null = not known. */
export function glanceOf(login: Login, mode: PingMode | null, now: number): Glance {
  const weight = weightOf(login);
  if (!isManaged(login.state) || weight === "needsYou")
    return { access: STATE_WORDS[login.state], news: "", soon: false };
  const { accessExpiresAt: end } = login;
  const access =
    end === null
      ? "access not known"
      : end <= now
        ? `expired ${ago(end, now)}`
        : `until ${moment(end, now)} (${span(end - now)})`;
  const ending = endingText(login, now);
  if (weight === "waiting") return { access, news: waitingText(login, now), soon: false };
  if (ending !== null) return { access, news: ending, soon: true };
  const back = signedInAgain(login, now);
  if (back !== null) return { access, news: back, soon: false };
  if (login.state === "paused") return { access, news: "pings paused", soon: false };
  return { access, news: comingSoon(login, now) ?? latestText(login, mode, now), soon: false };
}

function waitingText(login: Login, now: number): string {
  return comingText(login, now) ?? (login.reasonKind === "unkept" ? "" : STATE_WORDS[login.state]);
}

function endingText({ loginEndsAt: end }: Login, now: number): string | null {
  if (end === null || end - now > SOON_MS) return null;
  return end <= now ? `login ended ${ago(end, now)}` : `login ends in ${roughSpan(end - now)}`;
}

/** That a refresh is under way, or overdue. */
function comingSoon(login: Login, now: number): string | null {
  const isNow = login.state === "refreshing" || (login.nextRefreshAt !== null && login.nextRefreshAt <= now);
  return isNow ? comingText(login, now) : null;
}

function latestText({ lastPing, lastRefresh }: Login, mode: PingMode | null, now: number): string {
  if (lastPing !== null && mode !== "off") return `${PINGED[lastPing.outcome]} ${ago(lastPing.at, now)}`;
  if (lastRefresh?.outcome === "refreshed" || lastRefresh?.outcome === "adopted")
    return `refreshed ${ago(lastRefresh.at, now)}`;
  return mode === "off" ? "pings off" : "not pinged yet";
}

const PINGED: Readonly<Record<PingOutcome, string>> = {
  ok: "pinged",
  refused: "ping refused",
  "rate-limited": "ping limited",
  unauthorized: "ping refused",
  "no-model": "ping failed",
  unreachable: "ping failed",
  skipped: "ping skipped",
};

/** @returns that a login is now otherwise than it was, for who does not see it: "work: sign in". */
export function changeSentence(name: string, { state }: Pick<Login, "state">): string {
  return `${name}: ${STATE_WORDS[state]}`;
}

/** @returns the same of one that is back: "work: signed in again". */
export function backSentence(name: string): string {
  return `${name}: signed in again`;
}

// ---- the clocks ------------------------------------------------------------------------------------------------------

/** The access token's clock. @returns "until 21:40, refreshes in 5 h 12 m". */
export function accessText(login: Pick<Login, "accessExpiresAt" | "nextRefreshAt" | "state">, now: number): string {
  const { accessExpiresAt: end } = login;
  const coming = comingText(login, now);
  if (end === null) return coming ?? "not known";
  if (end <= now) return `expired ${ago(end, now)}${coming === null ? "" : `, ${coming}`}`;
  return coming === null ? `until ${moment(end, now)} (${span(end - now)})` : `until ${moment(end, now)}, ${coming}`;
}

function comingText(
  { state, nextRefreshAt: next }: Pick<Login, "nextRefreshAt" | "state">,
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
export function loginText({ loginEndsAt: end, state }: Pick<Login, "loginEndsAt" | "state">, now: number): Deadline {
  // What the provider once said of its end no longer counts.
  if (state === "signIn" && (end === null || end > now)) return { text: "needs a sign-in", soon: true };
  if (end === null) return { text: "no known deadline", soon: false };
  if (end <= now) return { text: `ended ${moment(end, now)}, ${ago(end, now)}`, soon: true };
  const left = end - now;
  const text = `until ${moment(end, now)} (${left < 3 * DAY_MS ? span(left) : `${Math.floor(left / DAY_MS)} days`})`;
  return left > SOON_MS ? { text, soon: false } : { text: `${text}; sign in again before that`, soon: true };
}

/** @param part of the whole, 0 to 1. @returns what the bar of the access token shows. */
export function accessLeft(part: number): string {
  return `${Math.round(part * 100)} % left`;
}

/** @param days that are left. @returns what the bar of the login shows. */
export function daysLeft(days: number, of: number): string {
  return `${days} of about ${of} days left`;
}

/** That there was no ping, or no refresh. */
export const NONE_YET = "none yet";

/**
 * @param tokens what message pings of this login used today.
 * @param mode how logins are pinged; null = not known.
 * @returns "2 min ago, ok · ~96 tokens today".
 */
export function pingText(
  { lastPing }: Pick<Login, "lastPing">,
  tokens: number,
  mode: PingMode | null,
  now: number,
): string {
  const last = lastPing === null ? null : `${ago(lastPing.at, now)}, ${PING_WORDS[lastPing.outcome]}`;
  if (mode === "off") return last === null ? "off" : `off; the last one ${last}`;
  const said = last ?? NONE_YET;
  return tokens === 0 ? said : `${said} · ~${tokens} ${tokens === 1 ? "token" : "tokens"} today`;
}

const REFRESH_WORDS: Readonly<Record<RefreshOutcome, string>> = {
  refreshed: "ok",
  adopted: "done by another program",
  transient: "failed, will try again",
  "rate-limited": "rate-limited",
  unknown: "its answer was lost",
  rejected: "refused",
};

/** @returns "3 h ago, ok"; null when nothing is known of one. */
export function refreshText({ lastRefresh }: Pick<Login, "lastRefresh">, now: number): string | null {
  return lastRefresh === null ? null : `${ago(lastRefresh.at, now)}, ${REFRESH_WORDS[lastRefresh.outcome]}`;
}

/** @returns that another program uses a login that is refreshed here. */
export function sharedText(other: string): string {
  return `also used by ${other}`;
}

/** The names of the facts of a login. */
export const CARD_FACTS = {
  access: "access",
  login: "login",
  refresh: "refresh",
  ping: "ping",
  shared: "shared",
  id: "ID",
} as const;

// ---- what can be done ------------------------------------------------------------------------------------------------

/** The names of a login's buttons; of those that ask first see `wordingOf`. */
export const BUTTONS = {
  refresh: "Refresh now",
  ping: "Ping now",
  resume: "Resume pings",
  disallow: "Stop refreshing it here",
  signIn: "Sign in …",
  copySignIn: "Copy sign-in command",
  cancel: "Cancel",
} as const;

/** How long a pause of pings lasts; it goes on after "Pause pings". */
export const PAUSE_WORDS: Readonly<Record<PauseName, string>> = {
  hour: "for 1 hour",
  tomorrow: "until tomorrow 8:00",
  resumed: "until resumed",
};

/** @returns that the sign-in command is on the clipboard. */
export function copiedSentence(hint: string): string {
  return `Copied: ${hint}`;
}

/** That the sign-in goes on in a terminal. */
export const SIGN_IN_OPENED = "Continue in the terminal. The login then appears here by itself.";

/** A command that is asked first. */
export type AskedFirst = Extract<Command, "pause" | "tryOnce" | "allow">;

interface Wording {
  /** On the button that opens the question. */
  readonly button: string;
  /** What it means, and the question. */
  readonly text: string;
  /** On the button that says yes. */
  readonly yes: string;
}

/** @returns how it is asked for this login; names of others in it are not yet made harmless. */
export function wordingOf(asked: AskedFirst, login: Pick<Login, "state" | "sharedWith">): Wording {
  switch (asked) {
    case "pause":
      return {
        button: "Pause pings",
        text: "Pause pings for this login? It is still refreshed.",
        yes: "Pause pings",
      };
    case "tryOnce":
      return {
        button: "Try once more",
        text:
          "The provider is asked once more, and the attempt is recorded. It may refuse again; then only a new sign-in helps. " +
          "Try once more?",
        yes: "Try once more",
      };
    case "allow":
      return allowWording(login);
  }
}

function allowWording({ state, sharedWith }: Pick<Login, "state" | "sharedWith">): Wording {
  switch (state) {
    case "shared": {
      const yes = "Refresh it anyway";
      const other = sharedWith ?? "Another program";
      return {
        button: yes,
        text: `${other} uses the same login and may be signed out by a refresh here. ${yes}?`,
        yes,
      };
    }
    case "wipedElsewhere": {
      const yes = "Put the safe copy back";
      const text = `If Pilot Light kept a safe copy, it goes back into the file and is used again. The other program may have ended it. ${yes}?`;
      return { button: yes, text, yes };
    }
    default: {
      const yes = "Use it anyway";
      return {
        button: yes,
        text: `The provider may refuse an older copy, and end a newer login with it. ${yes}?`,
        yes,
      };
    }
  }
}
