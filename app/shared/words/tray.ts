/**
 * What the tray and its menu say. Times are times of day, not "in 5 h": a menu that counts would be made anew each minute, and
 * each new one makes the clicks on the old one go nowhere. All times in ms, shown as local time.
 */
import { endsSoon } from "../login/need.ts";
import { allows, isManaged, RULES, triesAgain } from "../login/rules.ts";
import type { Login, PingMode } from "../login/snapshot.ts";
import type { StartLock } from "../view/start-lock.ts";
import { PING_WORDS } from "./commands.ts";
import { STATE_WORDS } from "./state.ts";
import { otherKeeper, WAITING_TO_END } from "./status.ts";
import { capital, moment } from "./times.ts";

/** What entries of the menu are called. */
export const MENU = {
  signIn: "Sign in …",
  whatHappened: "What happened",
  refresh: "Refresh now",
  ping: "Ping now",
  pause: "Pause pings",
  resume: "Resume pings",
  refreshAll: "Refresh all now",
  open: "Open status window",
  quit: "Quit",
  quitting: `quitting … ${WAITING_TO_END}`,
  otherKeeper: `${otherKeeper(null)}.`,
} as const;

/** @param text null = the keeper cannot work. @returns the first line: who this is, and how all logins are. */
export function menuHead(demo: boolean, text: string | null): string {
  return `${APP_NAME}${demo ? " (demo)" : ""}: ${text ?? "not working"}`;
}

/** @param items clauses, the most important first. @returns what stands over the icon. */
export function tooltipText(demo: boolean, items: readonly string[]): string {
  return menuHead(demo, items.join(" · "));
}

/** @returns what happens next. */
export function nextClause(name: string, at: number, now: number): string {
  return `${name} refreshes ${timeOf(at, now)}`;
}

/** @returns that a command or a refresh is under way; `names`: of which logins. */
export function busyClause(names: readonly string[]): string {
  const [only, ...more] = names;
  if (only === undefined) return "at work";
  return more.length === 0 ? `at work on ${only}` : `at work on ${names.length} logins`;
}

/** @returns of the logins that are not named how many are well and how many are not; null = none is left. */
export function othersClause(unwell: number, well: number): string | null {
  const others = (some: number) => (some === 1 ? "1 other" : `${some} others`);
  if (unwell === 0) return well === 0 ? null : `${others(well)} well`;
  return `${others(unwell)} not well${well === 0 ? "" : `, ${well} well`}`;
}

/** @returns what is wrong with a login that is in trouble, to follow its name: "needs a sign-in". */
export function troubleClause(login: Login, now: number): string {
  const { state, nextRefreshAt: next, reasonKind } = login;
  switch (state) {
    case "unreadable":
      return "cannot be read";
    case "signIn":
      return "needs a sign-in";
    case "wipedElsewhere":
      return "was emptied";
    case "oldCopy":
      return "is an old copy, on hold";
    case "shared":
      return "is shared, on hold";
    case "rateLimited":
      return next === null || next <= now ? "is rate-limited" : `waits until ${moment(next, now)}`;
    case "outcomeUnknown":
      return next === null ? "waits for another process" : `lost an answer, tries again ${timeOf(next, now)}`;
    case "retrying":
      return failingClause(login, now);
    case "healthy":
    case "due":
    case "refreshing":
    case "paused":
    case "unmanaged":
      return reasonKind === "unkept" ? "has expired, and nothing refreshes it" : deadlineClause(login, now);
  }
}

/** Of a network that is away only the newest failure is noted, so there is no "since". */
function failingClause({ lastRefresh, reasonKind }: Login, now: number): string {
  if (reasonKind === "network") return "refresh failing: network";
  return lastRefresh?.outcome === "transient"
    ? `refresh failing since ${moment(lastRefresh.at, now)}`
    : "refresh failing";
}

function deadlineClause({ loginEndsAt: end }: Login, now: number): string {
  if (end === null) return "needs a look";
  return end > now ? `needs a sign-in before ${moment(end, now)}` : `reached its deadline ${moment(end, now)}`;
}

function timeOf(at: number, now: number): string {
  return at <= now ? "now" : `at ${moment(at, now)}`;
}

/** @returns the name of the switch, and why it cannot be used. */
export function startAtLoginLabel(locked: StartLock | null): string {
  return locked === null ? "Start at login" : `Start at login: ${startLockShort(locked)}`;
}

const APP_NAME = "Pilot Light";

/** @returns how it is, in a few words: "until 14:52"; "expired 09:10, rate-limited"; "sign in again". */
export function standing(login: Login, now: number): string {
  const { state } = login;
  if (!isManaged(state)) return STATE_WORDS[state];
  const access = accessWords(login, now);
  const word = wordBeside(state);
  // What a person must do comes first; of an access that is over nothing more need be said.
  if (RULES[state].weight === "needsYou")
    return [word, access?.valid && `access ${access.text}`].filter(Boolean).join(", ");
  const deadline = endsSoon(login, now) ? loginLine(login, now) : null;
  return [access?.text, word, deadline].filter(Boolean).join(", ") || STATE_WORDS[state];
}

/**
 * @returns "Expires 14:52, refreshes 12:52", "Last ping 09:10, ok" and, where it is known, "Login ends 13 Dec"; of one whose
 * refresh failed "Tries again at 14:52", or "Waits until 14:52".
 */
export function clockLines(login: Login, mode: PingMode | null, now: number): readonly string[] {
  if (!isManaged(login.state)) return [];
  const lines = [accessLine(login, now), waitLine(login, now), pingLine(login, mode, now), loginLine(login, now)];
  return lines.filter((line) => line !== null).map(capital);
}

interface Access {
  readonly text: string;
  readonly valid: boolean;
}

function accessWords({ accessExpiresAt: end }: Login, now: number): Access | null {
  if (end === null) return null;
  return end > now
    ? { text: `until ${moment(end, now)}`, valid: true }
    : { text: `expired ${moment(end, now)}`, valid: false };
}

/** What stands beside the access; null where that says enough. */
function wordBeside(state: Login["state"]): string | null {
  switch (state) {
    case "healthy":
      return null;
    case "due":
      return "refreshes now";
    case "refreshing":
      return "refreshing …";
    case "paused":
      return "pings paused";
    case "signIn":
      return "sign in again";
    case "retrying":
    case "rateLimited":
    case "outcomeUnknown":
    case "shared":
    case "oldCopy":
    case "wipedElsewhere":
    case "unmanaged":
    case "unreadable":
      return STATE_WORDS[state];
  }
}

function accessLine(login: Login, now: number): string | null {
  const { accessExpiresAt: end, nextRefreshAt: next, state } = login;
  const ends = end === null ? null : `${end > now ? "expires" : "expired"} ${moment(end, now)}`;
  const parts = [ends, comingWords(state, next, now)].filter((part) => part !== null);
  if (parts.length > 0) return capital(parts.join(", "));
  return RULES[state].weight === "needsYou" ? null : "Expiry not known";
}

function waitLine({ state, nextRefreshAt: next }: Login, now: number): string | null {
  if (!triesAgain(state)) return null;
  if (next === null) return state === "outcomeUnknown" ? "Waits for another process" : null;
  return state === "rateLimited" && next > now
    ? `Waits until ${moment(next, now)}`
    : `Tries again ${timeOf(next, now)}`;
}

function comingWords(state: Login["state"], next: number | null, now: number): string | null {
  if (state === "refreshing") return "refreshing now";
  if (next === null || triesAgain(state)) return null;
  return `refreshes ${next <= now ? "now" : moment(next, now)}`;
}

function pingLine({ state, lastPing }: Login, mode: PingMode | null, now: number): string | null {
  if (lastPing !== null) {
    const last = `Last ping ${moment(lastPing.at, now)}, ${PING_WORDS[lastPing.outcome]}`;
    return mode === "off" ? `${last}; pings are off` : last;
  }
  const pinged = allows(state, "ping") || allows(state, "pause") || allows(state, "resume");
  if (!pinged) return null;
  return mode === "off" ? "Pings are off" : "No ping yet";
}

function loginLine({ loginEndsAt: end, state }: Login, now: number): string | null {
  // What the provider once said of its end no longer counts once it has ended.
  if (end === null || (state === "signIn" && end > now)) return null;
  return `login ${end > now ? "ends" : "ended"} ${moment(end, now)}`;
}

/** @returns why "Start at login" cannot be switched, to follow "Start at login: " in a menu; the window shows all of it. */
export function startLockShort(lock: StartLock): string {
  switch (lock.kind) {
    case "starting":
      return "still starting";
    case "checkout":
      return "off in a development checkout";
    case "ownInstance":
      return "off for a demo or a chosen state folder";
    case "flatpak":
      return "a Flatpak cannot write start entries";
    case "snap":
      return "a Snap cannot write start entries";
    case "oddPath":
      return "the path of this app cannot be used";
    case "approval":
      return "macOS is waiting for your approval";
    case "foreignFile":
      return "the start file is another program's";
    case "unreadableFile":
      return "the start file cannot be read";
  }
}
