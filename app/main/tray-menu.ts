/** What the tray shows, as a pure function of the view; Electron's classes see only the result (`tray.ts`). */
import type { Handlers } from "../shared/contract.ts";
import { pauseChoices } from "../shared/pauses.ts";
import { type Command, RULES } from "../shared/rules.ts";
import type { Account } from "../shared/snapshot.ts";
import { loginName, summaryOf } from "../shared/summary.ts";
import type { View } from "../shared/view.ts";
import { shortened, visible } from "../shared/visible.ts";
import { moment, STATE_WORDS } from "../shared/words.ts";

/** What a click does: one of the window's own commands, or to open the window. */
export type MenuAction =
  | { readonly name: "refresh" | "ping"; readonly id: string }
  | { readonly name: "pausePings"; readonly id: string | null; readonly pause: number }
  | { readonly name: "resumePings"; readonly id: string | null }
  | { readonly name: "refreshAll" | "open" | "quit" }
  | { readonly name: "setStartAtLogin"; readonly on: boolean };

export type MenuEntry =
  | { readonly kind: "separator" }
  | { readonly kind: "text"; readonly label: string }
  | { readonly kind: "action"; readonly label: string; readonly enabled: boolean; readonly action: MenuAction }
  | {
      readonly kind: "switch";
      readonly label: string;
      readonly enabled: boolean;
      readonly on: boolean;
      readonly action: MenuAction;
    }
  | { readonly kind: "submenu"; readonly label: string; readonly entries: readonly MenuEntry[] };

export type TrayIcon = "well" | "paused" | "needs-you" | "unreadable";

export interface TrayModel {
  readonly icon: TrayIcon;
  readonly tooltip: string;
  readonly entries: readonly MenuEntry[];
}

const NAME_LENGTH = 48;
/** A refresh is never cut: an answer that was lost may cost the login. */
const ENDING = "finishing what is under way, then it ends";
const SEPARATOR: MenuEntry = { kind: "separator" };

/**
 * Times are times of day, not "in 5 h": a menu that counts would be made anew each minute, and each new one makes the clicks
 * on the old one go nowhere.
 * @param now ms.
 */
export function trayModel(view: View, now: number): TrayModel {
  const { snapshot } = view;
  if (view.ending) return { icon: iconOf(view), tooltip: `Pilot Light: ${ENDING}`, entries: [text(ENDING)] };
  const summary = `Pilot Light${view.demo ? " (demo)" : ""}: ${summaryOf(snapshot).text}`;
  const accounts = snapshot?.accounts ?? [];
  const next = nextEvent(accounts, now);
  return {
    icon: iconOf(view),
    tooltip: view.problem === null ? [summary, ...next].join(". ") : `Pilot Light: ${view.problem}`,
    entries: [
      { kind: "text", label: summary },
      ...(view.role.name === "viewer" ? [text("Another Pilot Light keeps these logins alive.")] : []),
      ...(accounts.length === 0 ? [] : [SEPARATOR]),
      ...accounts.map((account) => loginEntry(account, view, now)),
      SEPARATOR,
      action(
        "Refresh all now",
        { name: "refreshAll" },
        accounts.some((account) => allows(account, "refresh")),
      ),
      pauseEntry(null, view.allPaused !== null, accounts.length > 0, now),
      action("Open status window", { name: "open" }),
      startAtLogin(view),
      SEPARATOR,
      action("Quit", { name: "quit" }),
    ],
  };
}

function nameOf(account: Account): string {
  return shortened(visible(loginName(account)), NAME_LENGTH);
}

function text(label: string): MenuEntry {
  return { kind: "text", label };
}

function action(label: string, what: MenuAction, enabled = true): MenuEntry {
  return { kind: "action", label, enabled, action: what };
}

function allows({ state }: Account, command: Command): boolean {
  return RULES[state].commands.includes(command);
}

/** Grey = cannot read, a dot = needs you, hollow = paused, a flame = all well (design section 7). */
function iconOf({ snapshot, problem, allPaused }: View): TrayIcon {
  if (problem !== null) return "unreadable";
  switch (summaryOf(snapshot).weight) {
    case "unreadable":
      return "unreadable";
    case "needsYou":
      return "needs-you";
    case "paused":
      return allPaused === null && snapshot?.accounts.some(({ state }) => state === "healthy") ? "well" : "paused";
    case "waiting":
    case "well":
      return "well";
  }
}

function loginEntry(account: Account, view: View, now: number): MenuEntry {
  const { id } = account;
  const busy = view.busy.includes(id);
  const name = nameOf(account);
  return {
    kind: "submenu",
    label: `${name}:  ${standing(account, now)}`,
    entries: [
      action("Refresh now", { name: "refresh", id }, allows(account, "refresh") && !busy),
      action("Ping now", { name: "ping", id }, allows(account, "ping") && !busy),
      pauseEntry(id, account.state === "paused", allows(account, "pause"), now),
      ...(RULES[account.state].weight === "needsYou" ? [SEPARATOR, action("What to do …", { name: "open" })] : []),
    ],
  };
}

/** State and next refresh in a few words. */
function standing({ state, nextRefreshAt, accessExpiresAt }: Account, now: number): string {
  switch (state) {
    case "healthy":
      return nextRefreshAt === null ? "healthy" : `refreshes ${at(nextRefreshAt, now)}`;
    case "paused":
      return nextRefreshAt === null ? "pings paused" : `pings paused, refreshes ${at(nextRefreshAt, now)}`;
    case "due":
      return accessExpiresAt !== null && accessExpiresAt <= now ? "expired, refreshes now" : "refreshes now";
    case "refreshing":
      return "refreshing …";
    case "retrying":
    case "outcomeUnknown":
    case "rateLimited":
      return nextRefreshAt === null
        ? STATE_WORDS[state]
        : `${STATE_WORDS[state]}, tries again ${at(nextRefreshAt, now)}`;
    case "signIn":
      return "sign in again";
    case "shared":
    case "oldCopy":
    case "wipedElsewhere":
    case "unmanaged":
    case "unreadable":
      return STATE_WORDS[state];
  }
}

function at(time: number, now: number): string {
  return time <= now ? "now" : `at ${moment(time, now)}`;
}

function pauseEntry(id: string | null, paused: boolean, can: boolean, now: number): MenuEntry {
  if (paused) return action("Resume pings", { name: "resumePings", id });
  if (!can) return action("Pause pings", { name: "pausePings", id, pause: 0 }, false);
  return {
    kind: "submenu",
    label: "Pause pings",
    entries: pauseChoices(now).map(({ label }, pause) => action(label, { name: "pausePings", id, pause })),
  };
}

function startAtLogin({ startAtLogin: { on, locked } }: View): MenuEntry {
  return {
    kind: "switch",
    // A menu has no room for more than the reason's first half; the window shows all of it.
    label: locked === null ? "Start at login" : `Start at login: ${lowered(locked.split(":")[0] ?? "")}`,
    enabled: locked === null,
    on,
    action: { name: "setStartAtLogin", on: !on },
  };
}

function lowered(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}

function nextEvent(accounts: readonly Account[], now: number): readonly string[] {
  const coming = accounts
    .filter(({ nextRefreshAt }) => nextRefreshAt !== null && nextRefreshAt > now)
    .sort((a, b) => (a.nextRefreshAt ?? 0) - (b.nextRefreshAt ?? 0));
  const [first] = coming;
  if (first === undefined || first.nextRefreshAt === null) return [];
  return [`Next: ${nameOf(first)} refreshes ${at(first.nextRefreshAt, now)}`];
}

/** Does what a menu entry says, through the same commands as the window's. @param now ms; when it was clicked. */
export async function carryOut(what: MenuAction, handlers: Handlers, open: () => void, now: number): Promise<void> {
  switch (what.name) {
    case "refresh":
      return handlers.refresh(what.id);
    case "ping":
      return handlers.ping(what.id);
    case "pausePings":
      return handlers.pausePings(what.id, pauseChoices(now)[what.pause]?.forMs ?? null);
    case "resumePings":
      return handlers.resumePings(what.id);
    case "refreshAll":
      return handlers.refreshAll();
    case "open":
      return open();
    case "quit":
      return handlers.quit();
    case "setStartAtLogin":
      return handlers.setStartAtLogin(what.on);
  }
}
