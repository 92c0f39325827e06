/** What the tray shows, as a pure function of the view; Electron's classes see only the result (`tray.ts`). */
import { ALL } from "../../shared/data/all.ts";
import { asksForSignIn, byNeed, type Degree, isInTrouble } from "../../shared/login/need.ts";
import { allows, oursOf } from "../../shared/login/rules.ts";
import type { Login } from "../../shared/login/snapshot.ts";
import { isBusy } from "../../shared/view/busy.ts";
import type { Handlers } from "../../shared/view/contract.ts";
import { degreeOf } from "../../shared/view/degree.ts";
import { offers, pingsAreOff } from "../../shared/view/offers.ts";
import { PAUSES, type PauseName, pauseMs } from "../../shared/view/pauses.ts";
import type { View } from "../../shared/view/view.ts";
import { PAUSE_WORDS } from "../../shared/words/card.ts";
import { nameInLine, summaryOf } from "../../shared/words/status.ts";
import { capital } from "../../shared/words/times.ts";
import { clockLines, MENU, menuHead, standing, startAtLoginLabel } from "../../shared/words/tray.ts";
import { tooltipOf } from "./tooltip.ts";

/** What a click does: one of the window's own commands, or to open the window. */
export type MenuAction =
  | { readonly name: "refresh" | "ping"; readonly id: string }
  /** The way to a new sign-in of this login. */
  | { readonly name: "signIn"; readonly id: string }
  | { readonly name: "pausePings"; readonly id: string | null; readonly pause: PauseName }
  | { readonly name: "resumePings"; readonly id: string | null }
  /** The window, at one login if it is about that. */
  | { readonly name: "open"; readonly id?: string }
  | { readonly name: "refreshAll" | "quit" }
  | { readonly name: "setStartAtLogin"; readonly on: boolean };

export type MenuEntry =
  | { readonly kind: "separator" }
  /** Cannot be clicked: it stands there to be read, or because there is nothing to be done with it now. */
  | { readonly kind: "text"; readonly label: string }
  | ActionEntry
  | {
      readonly kind: "switch";
      readonly label: string;
      readonly enabled: boolean;
      readonly on: boolean;
      readonly action: MenuAction;
    }
  | { readonly kind: "submenu"; readonly label: string; readonly entries: readonly MenuEntry[] };

interface ActionEntry {
  readonly kind: "action";
  readonly label: string;
  readonly enabled: boolean;
  readonly action: MenuAction;
}

export interface TrayModel {
  readonly icon: Degree;
  readonly tooltip: string;
  readonly entries: readonly MenuEntry[];
}

const SEPARATOR: MenuEntry = { kind: "separator" };

/** @param now ms; it says what is over by now, and on which day: while nothing changes the menu stays as it is. */
export function trayModel(view: View, now: number): TrayModel {
  const { snapshot, problem } = view;
  const glance = { icon: degreeOf(view, now), tooltip: tooltipOf(view, now) };
  if (view.ending) return { ...glance, entries: [text(capital(MENU.quitting))] };
  const logins = byNeed(snapshot?.accounts ?? [], now);
  const fileIsWell = snapshot === null || snapshot.file.problem === null;
  const summary = summaryOf(snapshot, now).text;
  return {
    ...glance,
    entries: [
      text(menuHead(view.demo, problem === null ? summary : null)),
      ...(problem === null && fileIsWell ? [] : [action(MENU.whatHappened, { name: "open" })]),
      ...(view.role.name === "viewer" ? [text(MENU.otherKeeper)] : []),
      SEPARATOR,
      ...loginEntries(logins, view, now),
      action(MENU.open, { name: "open" }),
      startAtLogin(view),
      SEPARATOR,
      action(MENU.quit, { name: "quit" }),
    ],
  };
}

/** The logins, and what can be done with all of them. The only one of ours needs neither submenu nor a second "Refresh". */
function loginEntries(logins: readonly Login[], view: View, now: number): readonly MenuEntry[] {
  const [only, ...more] = oursOf(logins);
  if (only !== undefined && more.length === 0) {
    const others = logins.filter((login) => login !== only).map((login) => text(lineOf(login, now)));
    return [
      action(lineOf(only, now), { name: "open", id: only.id }),
      ...entriesOfLogin(only, view, now),
      SEPARATOR,
      ...(others.length === 0 ? [] : [...others, SEPARATOR]),
    ];
  }
  const busy = isBusy(view, ALL);
  return [
    ...logins.map((login): MenuEntry => {
      const label = lineOf(login, now);
      // Nothing can be done with it, and nothing need be.
      if (login.state === "unmanaged") return text(label);
      return { kind: "submenu", label, entries: entriesOfLogin(login, view, now) };
    }),
    ...(logins.length === 0 ? [] : [SEPARATOR]),
    ...refreshEntries(logins, action(MENU.refreshAll, { name: "refreshAll" }, !busy)),
    ...pauseEntries(null, view, { paused: view.allPaused !== null, can: logins.length > 0, busy }),
  ];
}

function text(label: string): MenuEntry {
  return { kind: "text", label };
}

function action(label: string, what: MenuAction, enabled = true): ActionEntry {
  return { kind: "action", label, enabled, action: what };
}

function lineOf(login: Login, now: number): string {
  return `${nameInLine(login)}   ${standing(login, now)}`;
}

/** Its clocks, and what can be done with it: what its state does not allow has no entry. */
function entriesOfLogin(login: Login, view: View, now: number): readonly MenuEntry[] {
  const { id, state } = login;
  const busy = isBusy(view, id);
  const open: MenuAction = { name: "open", id };
  // Not greyed out like other text, for they are there to be read; the window tells more of them.
  const clocks = clockLines(login, view.pings?.mode ?? null, now).map((line) => action(line, open));
  return [
    ...clocks,
    ...(clocks.length === 0 ? [] : [SEPARATOR]),
    ...(asksForSignIn(login, now) ? [action(MENU.signIn, { name: "signIn", id })] : []),
    ...(isInTrouble(login, now) ? [action(MENU.whatHappened, open)] : []),
    ...refreshEntries([login], action(MENU.refresh, { name: "refresh", id }, !busy)),
    ...(offers(view, state, "ping") ? [action(MENU.ping, { name: "ping", id }, !busy)] : []),
    ...pauseEntries(id, view, { paused: allows(state, "resume"), can: allows(state, "pause"), busy }),
  ];
}

/** Grey while all of these are refreshed anyway, so that nothing jumps for a moment. */
function refreshEntries(logins: readonly Login[], entry: ActionEntry): readonly MenuEntry[] {
  if (logins.some(({ state }) => allows(state, "refresh"))) return [entry];
  return logins.some(({ state }) => state === "refreshing") ? [{ ...entry, enabled: false }] : [];
}

interface Pausing {
  readonly paused: boolean;
  /** Are there pings to pause? */
  readonly can: boolean;
  readonly busy: boolean;
}

/** None while there are no pings; but a pause can always be ended. */
function pauseEntries(id: string | null, view: View, { paused, can, busy }: Pausing): readonly MenuEntry[] {
  if (paused) return [action(MENU.resume, { name: "resumePings", id }, !busy)];
  if (pingsAreOff(view) || !can) return [];
  if (busy) return [text(MENU.pause)];
  const entries = PAUSES.map(({ name: pause }) => action(PAUSE_WORDS[pause], { name: "pausePings", id, pause }));
  return [{ kind: "submenu", label: MENU.pause, entries }];
}

function startAtLogin({ startAtLogin: { on, locked } }: View): MenuEntry {
  return {
    kind: "switch",
    label: startAtLoginLabel(locked),
    enabled: locked === null,
    on,
    action: { name: "setStartAtLogin", on: !on },
  };
}

/** Opens the window, at a login if one is named. */
export type Open = (id?: string) => void;

/** Does what a menu entry says, through the same commands as the window's. @param now ms; when it was clicked. */
export async function runMenuAction(what: MenuAction, handlers: Handlers, open: Open, now: number): Promise<void> {
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
    case "signIn":
    case "open":
      return open(what.id);
    case "quit":
      return handlers.quit();
    case "setStartAtLogin":
      return handlers.setStartAtLogin(what.on);
  }
}
