/** What the window and the tray can ask for: main's end of the contract. */

import { ALL } from "../../shared/data/all.ts";
import { UserError } from "../../shared/data/errors.ts";
import type { Handlers } from "../../shared/view/contract.ts";
import { signInHint } from "../../shared/view/sign-in.ts";
import { rescueChanged } from "../../shared/words/kept.ts";
import { erasedSentence } from "../../shared/words/window/kept.ts";
import { setAsideSentence } from "../../shared/words/window/settings.ts";
import type { StartAtLogin } from "../autostart/index.ts";
import { stillStarting } from "../start/commands.ts";
import { type KeeperHost } from "../start/keeper-host.ts";
import { putsOf } from "./change-settings.ts";
import { type PlaceDeps, usePlace } from "./places.ts";
import { storyOf } from "./story.ts";
import type { ViewStore } from "./view-store.ts";

export interface HandlerDeps extends PlaceDeps {
  readonly view: ViewStore;
  readonly host: KeeperHost;
  readonly startAtLogin: StartAtLogin;
  readonly now: () => number;
  /** Said of each change of the settings: a page could ask for any number of them. */
  readonly mayChange: () => boolean;
  /** @returns where the settings file was moved. @throws UserError */
  readonly setSettingsAside: () => Promise<string>;
  /** Opens the user's terminal with this command in it. @throws UserError */
  readonly openTerminal: (command: string) => Promise<void>;
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

export function createHandlers(deps: HandlerDeps): Handlers {
  const { view, host, startAtLogin, now, copy, openDemo, quit } = deps;
  const commandOf = (provider: string): string => {
    const hint = signInHint(view.get(), provider);
    if (hint === null) throw stillStarting();
    return hint;
  };
  return {
    getView: () => view.get(),

    async loginStory(id) {
      const logins = view.get().snapshot?.accounts ?? [];
      if (!logins.some((login) => login.id === id)) throw new UserError("There is no such login.", 2);
      return storyOf(await host.story(id), now());
    },

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
    forget: (id) =>
      host.commands.command(id, async (engine, signal) => {
        const { sentence } = await engine.forget(id, signal);
        // It is nowhere any more, so this is said above all logins.
        return [{ id: "all", sentence: erasedSentence(id, sentence) }];
      }),
    rescue(id, fingerprint) {
      const offer = view.get().rescuables.find((each) => each.id === id && each.fingerprint === fingerprint);
      if (offer === undefined) throw new UserError(rescueChanged(id, "window"), 3);
      return host.commands.command(id, async (engine, signal) => [await engine.rescue(offer, signal)]);
    },

    async setStartAtLogin(on) {
      try {
        await startAtLogin.set(on);
      } finally {
        await showStartAtLogin(view, startAtLogin);
      }
    },
    // A provider's own words: nothing of what the page says gets into a command.
    signIn: (provider) => deps.openTerminal(commandOf(provider)),
    copySignInHint: async (provider) => copy(commandOf(provider)),
    noticeShown() {
      // Message pings count from here, so it is noted at once, not when the notice is closed.
      host
        .settings()
        .update((before) =>
          before.pingNoticeAt === undefined ? { ...before, pingNoticeAt: now(), pingAsked: true } : before,
        );
    },
    changeSettings(change) {
      if (!deps.mayChange()) throw new UserError("That was too much at once; try again in a moment.", 3);
      const settings = host.settings();
      for (const { path, value } of putsOf(change, view.get())) settings.put(path, value);
    },
    async setSettingsAside() {
      const aside = await deps.setSettingsAside();
      host.commands.say(setAsideSentence(aside));
      host.again();
    },
    usePlace: (place, act) => usePlace(place, act, view.get(), deps),
    openDemo: () => openDemo(),
    contentHeight: (height) => deps.fit(height),
    quit: () => quit(),
  };
}
