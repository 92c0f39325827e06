/** What the tray shows, as a pure function of the view; Electron's classes see only the result (`tray.ts`). */
import { ALL } from "../../shared/data/all.ts";
import { byNeed } from "../../shared/login/need.ts";
import { allows, RULES } from "../../shared/login/rules.ts";
import type { Login } from "../../shared/login/snapshot.ts";
import { isBusy } from "../../shared/view/busy.ts";
import type { Handlers } from "../../shared/view/contract.ts";
import { type Degree, degreeOf } from "../../shared/view/degree.ts";
import { pingsAreOff } from "../../shared/view/offers.ts";
import { PAUSES, type PauseName, pauseMs } from "../../shared/view/pauses.ts";
import type { View } from "../../shared/view/view.ts";
import { PAUSE_WORDS } from "../../shared/words/card.ts";
import { loginName, summaryOf } from "../../shared/words/status.ts";
import { capital } from "../../shared/words/times.ts";
import {
  clockLines,
  MENU,
  menuHead,
  nextClause,
  standing,
  startAtLoginLabel,
  tooltipText,
} from "../../shared/words/tray.ts";
import { shortened, visible } from "../../shared/words/visible.ts";

/** What a click does: one of the window's own commands, or to open the window. */
export type MenuAction =
  | { readonly name: "refresh" | "ping"; readonly id: string }
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
  | { readonly kind: "action"; readonly label: string; readonly enabled: boolean; readonly action: MenuAction }
  | {
      readonly kind: "switch";
      readonly label: string;
      readonly enabled: boolean;
      readonly on: boolean;
      readonly action: MenuAction;
    }
  | { readonly kind: "submenu"; readonly label: string; readonly entries: readonly MenuEntry[] };

export interface TrayModel {
  readonly icon: Degree;
  readonly tooltip: string;
  readonly entries: readonly MenuEntry[];
}

const NAME_LENGTH = 48;
const SEPARATOR: MenuEntry = { kind: "separator" };
/** Around a name that is written from right to left, so that it does not turn the whole line round. */
const ISOLATE = { start: "\u2068", end: "\u2069" } as const;
const FROM_RIGHT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** @param now ms; it says what is over by now, and on which day: while nothing changes the menu stays as it is. */
export function trayModel(view: View, now: number): TrayModel {
  const { snapshot, problem } = view;
  if (view.ending)
    return {
      icon: degreeOf(view, now),
      tooltip: tooltipText(view.demo, [MENU.quitting]),
      entries: [text(capital(MENU.quitting))],
    };
  const logins = byNeed(snapshot?.accounts ?? []);
  const summary = summaryOf(snapshot).text;
  return {
    icon: degreeOf(view, now),
    tooltip: tooltipText(
      view.demo,
      problem === null ? [...troubleOf(view, now), ...nextEvent(logins, now)] : [problem],
    ),
    entries: [
      text(menuHead(view.demo, problem === null ? summary : null)),
      ...(problem === null ? [] : [action(MENU.whatToDo, { name: "open" })]),
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

/** The login that is worst off, unless all are well, and how many there are. */
function troubleOf({ snapshot }: View, now: number): readonly string[] {
  const summary = summaryOf(snapshot);
  const ours = oursOf(snapshot?.accounts ?? []);
  const [worst] = byNeed(ours);
  if (worst === undefined || snapshot?.file.problem !== null) return [summary.text];
  if (summary.weight === "well" || summary.weight === "paused") return [summary.text];
  return [`${nameOf(worst)}, ${standing(worst, now)}`, ...(ours.length === 1 ? [] : [summary.text])];
}

function oursOf(logins: readonly Login[]): readonly Login[] {
  return logins.filter(({ state }) => state !== "unmanaged");
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
  const canRefresh = logins.some(({ state }) => allows(state, "refresh"));
  return [
    ...logins.map((login): MenuEntry => {
      const label = lineOf(login, now);
      // Nothing can be done with it, and nothing need be.
      if (login.state === "unmanaged") return text(label);
      return { kind: "submenu", label, entries: entriesOfLogin(login, view, now) };
    }),
    ...(logins.length === 0 ? [] : [SEPARATOR]),
    action(MENU.refreshAll, { name: "refreshAll" }, canRefresh && !busy),
    ...pauseEntries(null, view, { paused: view.allPaused !== null, can: logins.length > 0, busy }),
  ];
}

function nameOf(login: Login): string {
  const name = shortened(visible(loginName(login)), NAME_LENGTH);
  return FROM_RIGHT.test(name) ? `${ISOLATE.start}${name}${ISOLATE.end}` : name;
}

function text(label: string): MenuEntry {
  return { kind: "text", label };
}

function action(label: string, what: MenuAction, enabled = true): MenuEntry {
  return { kind: "action", label, enabled, action: what };
}

function lineOf(login: Login, now: number): string {
  return `${nameOf(login)}   ${standing(login, now)}`;
}

/** Its clocks and its commands. */
function entriesOfLogin(login: Login, view: View, now: number): readonly MenuEntry[] {
  const { id, state } = login;
  const busy = isBusy(view, id);
  const open: MenuAction = { name: "open", id };
  // Not greyed out like other text, for they are there to be read; the window tells more of them.
  const clocks = clockLines(login, view.pings?.mode ?? null, now).map((line) => action(line, open));
  return [
    ...clocks,
    ...(clocks.length === 0 ? [] : [SEPARATOR]),
    ...(["needsYou", "unreadable"].includes(RULES[state].weight) ? [action(MENU.whatToDo, open)] : []),
    action(MENU.refresh, { name: "refresh", id }, allows(state, "refresh") && !busy),
    ...(pingsAreOff(view) ? [] : [action(MENU.ping, { name: "ping", id }, allows(state, "ping") && !busy)]),
    ...pauseEntries(id, view, { paused: allows(state, "resume"), can: allows(state, "pause"), busy }),
  ];
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
  if (pingsAreOff(view)) return [];
  if (!can || busy) return [text(MENU.pause)];
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

function nextEvent(logins: readonly Login[], now: number): readonly string[] {
  const coming = logins
    .filter(({ nextRefreshAt }) => nextRefreshAt !== null && nextRefreshAt > now)
    .sort((a, b) => (a.nextRefreshAt ?? 0) - (b.nextRefreshAt ?? 0));
  const [first] = coming;
  if (first === undefined || first.nextRefreshAt === null) return [];
  return [nextClause(nameOf(first), first.nextRefreshAt, now)];
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
    case "open":
      return open(what.id);
    case "quit":
      return handlers.quit();
    case "setStartAtLogin":
      return handlers.setStartAtLogin(what.on);
  }
}
