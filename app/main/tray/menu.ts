/** What the tray shows, as a pure function of the view; Electron's classes see only the result (`tray.ts`). */
import { ALL } from "../../shared/all.ts";
import { isBusy } from "../../shared/busy.ts";
import type { Handlers } from "../../shared/contract.ts";
import { PAUSES, type PauseName, pauseMs } from "../../shared/pauses.ts";
import { allows, RULES } from "../../shared/rules.ts";
import type { Account } from "../../shared/snapshot.ts";
import type { View } from "../../shared/view.ts";
import { startLockShort } from "../../shared/words/start-lock.ts";
import { loginName, summaryOf } from "../../shared/words/summary.ts";
import { shortened, visible } from "../../shared/words/visible.ts";
import { moment } from "../../shared/words/words.ts";
import { clockLines, standing } from "./words.ts";

/** What a click does: one of the window's own commands, or to open the window. */
export type MenuAction =
  | { readonly name: "refresh" | "ping"; readonly id: string }
  | { readonly name: "pausePings"; readonly id: string | null; readonly pause: PauseName }
  | { readonly name: "resumePings"; readonly id: string | null }
  | { readonly name: "refreshAll" | "open" | "quit" }
  | { readonly name: "setStartAtLogin"; readonly on: boolean };

export type MenuEntry =
  | { readonly kind: "separator" }
  /** Cannot be clicked: it stands there to be read, or because there is nothing to be done with it now. */
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
const WHAT_TO_DO: MenuEntry = { kind: "action", label: "What to do …", enabled: true, action: { name: "open" } };
/** Around a name that is written from right to left, so that it does not turn the whole line round. */
const ISOLATE = { start: "\u2068", end: "\u2069" } as const;
const FROM_RIGHT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** @param now ms; it says what is over by now, and on which day: while nothing changes the menu stays as it is. */
export function trayModel(view: View, now: number): TrayModel {
  const { snapshot } = view;
  if (view.ending) return { icon: iconOf(view), tooltip: `Pilot Light: ${ENDING}`, entries: [text(ENDING)] };
  const word = view.problem === null ? summaryOf(snapshot).text : "not working";
  const summary = `Pilot Light${view.demo ? " (demo)" : ""}: ${word}`;
  const accounts = snapshot?.accounts ?? [];
  const next = nextEvent(accounts, now);
  return {
    icon: iconOf(view),
    tooltip: view.problem === null ? [summary, ...next].join(". ") : `Pilot Light: ${view.problem}`,
    entries: [
      text(summary),
      ...(view.problem === null ? [] : [WHAT_TO_DO]),
      ...(view.role.name === "viewer" ? [text("Another Pilot Light keeps these logins alive.")] : []),
      ...(accounts.length === 0 ? [] : [SEPARATOR]),
      ...accounts.map((account) => loginEntry(account, view, now)),
      SEPARATOR,
      action(
        "Refresh all now",
        { name: "refreshAll" },
        accounts.some(({ state }) => allows(state, "refresh")) && !isBusy(view, ALL),
      ),
      pauseEntry(null, { paused: view.allPaused !== null, can: accounts.length > 0, busy: isBusy(view, ALL) }),
      action("Open status window", { name: "open" }),
      startAtLogin(view),
      SEPARATOR,
      action("Quit", { name: "quit" }),
    ],
  };
}

function nameOf(account: Account): string {
  const name = shortened(visible(loginName(account)), NAME_LENGTH);
  return FROM_RIGHT.test(name) ? `${ISOLATE.start}${name}${ISOLATE.end}` : name;
}

function text(label: string): MenuEntry {
  return { kind: "text", label };
}

function action(label: string, what: MenuAction, enabled = true): MenuEntry {
  return { kind: "action", label, enabled, action: what };
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
  const { id, state } = account;
  const busy = isBusy(view, id);
  const label = `${nameOf(account)}   ${standing(account, now)}`;
  // Not greyed out like other text, for they are there to be read; the window tells more of them.
  const clocks = clockLines(account, view.pings?.mode ?? null, now).map((line) => action(line, { name: "open" }));
  // Nothing can be done with it, and nothing need be.
  if (state === "unmanaged") return text(label);
  return {
    kind: "submenu",
    label,
    entries: [
      ...clocks,
      ...(clocks.length === 0 ? [] : [SEPARATOR]),
      action("Refresh now", { name: "refresh", id }, allows(state, "refresh") && !busy),
      action("Ping now", { name: "ping", id }, allows(state, "ping") && !busy),
      pauseEntry(id, { paused: allows(state, "resume"), can: allows(state, "pause"), busy }),
      ...(["needsYou", "unreadable"].includes(RULES[state].weight) ? [SEPARATOR, WHAT_TO_DO] : []),
    ],
  };
}

function at(time: number, now: number): string {
  return time <= now ? "now" : `at ${moment(time, now)}`;
}

interface Pausing {
  readonly paused: boolean;
  /** Are there pings to pause? */
  readonly can: boolean;
  readonly busy: boolean;
}

function pauseEntry(id: string | null, { paused, can, busy }: Pausing): MenuEntry {
  if (paused) return action("Resume pings", { name: "resumePings", id }, !busy);
  if (!can || busy) return text("Pause pings");
  return {
    kind: "submenu",
    label: "Pause pings",
    entries: PAUSES.map(({ name: pause, label }) => action(label, { name: "pausePings", id, pause })),
  };
}

function startAtLogin({ startAtLogin: { on, locked } }: View): MenuEntry {
  return {
    kind: "switch",
    label: locked === null ? "Start at login" : `Start at login: ${startLockShort(locked)}`,
    enabled: locked === null,
    on,
    action: { name: "setStartAtLogin", on: !on },
  };
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
      return handlers.pausePings(what.id, pauseMs(what.pause, now));
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
