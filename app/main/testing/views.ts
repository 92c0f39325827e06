/** For tests: views to look at, and a main process in which each call is noted. */
import type { Handlers } from "../../shared/contract.ts";
import { accountOf, snapshotOf } from "../../shared/testing/snapshots.ts";
import type { View } from "../../shared/view.ts";

/** A view in which all is well with one login. */
export function viewOf(change: Partial<View> = {}): View {
  return {
    snapshot: snapshotOf([accountOf("anthropic")]),
    role: { name: "keeper" },
    problem: null,
    tokensToday: {},
    busy: [],
    answers: {},
    notice: null,
    allPaused: null,
    startAtLogin: { on: false, locked: null },
    tray: "shown",
    ending: false,
    demo: false,
    version: "1.2.3",
    stateDir: "/home/ann/.local/state/pilot-light",
    settingsFile: "/home/ann/.config/pilot-light/settings.json",
    endpoints: [{ provider: "anthropic", tokenUrl: "https://token.example/t", apiUrl: "https://api.example" }],
    signInHints: { anthropic: "opencode auth login", "*": "opencode auth login" },
    ...change,
  };
}

/** @returns handlers that note each call in `calls`. */
export function notingHandlers(calls: (readonly unknown[])[]): Handlers {
  const note =
    (name: string) =>
    (...args: readonly unknown[]): void => {
      calls.push([name, ...args]);
    };
  return {
    getView: () => viewOf(),
    refresh: note("refresh"),
    refreshAll: note("refreshAll"),
    ping: note("ping"),
    pausePings: note("pausePings"),
    resumePings: note("resumePings"),
    allow: note("allow"),
    disallow: note("disallow"),
    setStartAtLogin: note("setStartAtLogin"),
    copySignInHint: note("copySignInHint"),
    noticeShown: note("noticeShown"),
    noticeClosed: note("noticeClosed"),
    openDemo: note("openDemo"),
    quit: note("quit"),
  };
}
