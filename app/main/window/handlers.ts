/** What the window and the tray can ask for: main's end of the contract. */

import { ALL } from "../../shared/data/all.ts";
import type { Handlers } from "../../shared/view/contract.ts";
import { signInHint } from "../../shared/view/sign-in.ts";
import type { StartAtLogin } from "../autostart/index.ts";
import { stillStarting } from "../start/commands.ts";
import { type KeeperHost } from "../start/keeper-host.ts";
import type { ViewStore } from "./view-store.ts";

export interface HandlerDeps {
  readonly view: ViewStore;
  readonly host: KeeperHost;
  readonly startAtLogin: StartAtLogin;
  readonly now: () => number;
  /** Puts a text into the clipboard. */
  readonly copy: (text: string) => void | Promise<void>;
  /** Opens the demo as a second app. @throws UserError */
  readonly openDemo: () => Promise<void>;
  /** Gives the window this height (px), unless a person sized it. */
  readonly fit: (height: number) => void;
  readonly quit: () => void;
}

/** Reads the switch into the view. */
export async function showStartAtLogin(view: ViewStore, startAtLogin: Pick<StartAtLogin, "read">): Promise<void> {
  const state = await startAtLogin.read();
  view.change((before) => ({ ...before, startAtLogin: state }));
}

export function createHandlers({ view, host, startAtLogin, now, copy, openDemo, fit, quit }: HandlerDeps): Handlers {
  return {
    getView: () => view.get(),

    refresh: (id) => host.commands.command(id, (engine, signal, tell) => engine.refresh([id], signal, tell)),
    refreshAll: () => host.commands.command(ALL, (engine, signal, tell) => engine.refresh("all", signal, tell)),
    ping: (id) => host.commands.command(id, (engine, signal) => engine.ping([id], signal)),
    pausePings: (id, forMs) =>
      host.commands.command(id ?? ALL, (engine) =>
        engine.pause(id === null ? "all" : [id], forMs === null ? null : now() + forMs),
      ),
    resumePings: (id) => host.commands.command(id ?? ALL, (engine) => engine.resume(id === null ? "all" : [id])),
    allow: (id) => host.commands.command(id, async (engine, signal) => [await engine.allow(id, signal)]),
    disallow: (id) => host.commands.command(id, async (engine) => [await engine.disallow(id)]),

    async setStartAtLogin(on) {
      try {
        await startAtLogin.set(on);
      } finally {
        await showStartAtLogin(view, startAtLogin);
      }
    },
    async copySignInHint(provider) {
      const hint = signInHint(view.get(), provider);
      if (hint === null) throw stillStarting();
      await copy(hint);
    },
    noticeShown() {
      // Message pings count from here, so it is noted at once, not when the notice is closed.
      host.settings().update((before) => ({ ...before, pingNoticeAt: before.pingNoticeAt ?? now() }));
    },
    noticeClosed: () => view.change((before) => ({ ...before, notice: null })),
    openDemo: () => openDemo(),
    contentHeight: (height) => fit(height),
    quit: () => quit(),
  };
}
