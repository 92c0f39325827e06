/** For tests: a main process in which each call is noted. */

import { viewOf } from "../../shared/testing/views.ts";
import type { Handlers } from "../../shared/view/contract.ts";

/** @returns handlers that note each call in `calls`. */
export function notingHandlers(calls: (readonly unknown[])[]): Handlers {
  const note =
    (name: string) =>
    (...args: readonly unknown[]): void => {
      calls.push([name, ...args]);
    };
  return {
    getView: () => viewOf([]),
    refresh: note("refresh"),
    refreshAll: note("refreshAll"),
    ping: note("ping"),
    pausePings: note("pausePings"),
    resumePings: note("resumePings"),
    allow: note("allow"),
    disallow: note("disallow"),
    forget: note("forget"),
    rescue: note("rescue"),
    setStartAtLogin: note("setStartAtLogin"),
    signIn: note("signIn"),
    copySignInHint: note("copySignInHint"),
    noticeShown: note("noticeShown"),
    changeSettings: note("changeSettings"),
    setSettingsAside: note("setSettingsAside"),
    usePlace: note("usePlace"),
    openDemo: note("openDemo"),
    contentHeight: note("contentHeight"),
    quit: note("quit"),
  };
}
