/** The keeper inside the app: brought up, run, woken, stopped; what it says goes into the view. */

import type { Engine, RunningKeeper } from "../../keeper/api.ts";
import { type Clock } from "../../ports/clock.ts";
import { type SettingsStore } from "../../ports/settings.ts";
import { plainReason, UserError } from "../../shared/data/errors.ts";
import { type PingMode, sameButTime } from "../../shared/login/snapshot.ts";
import type { View } from "../../shared/view/view.ts";
import { keeperNotStarted } from "../../shared/words/window.ts";
import type { ViewStore } from "../window/view-store.ts";
import { type Commands, createCommands, pauseOfAll, stillStarting } from "./commands.ts";

/** What bringing up gives: an engine over the real world, and what the view says of it. */
export interface Brought {
  readonly engine: Engine;
  readonly settings: SettingsStore;
  /** The mode that was chosen for this run, by flag or env; null = the settings say it. */
  readonly pingMode: PingMode | null;
  /** As the settings have them now. */
  readonly providers: () => readonly View["providers"][number][];
  readonly shown: Pick<View, "settingsFile"> & { readonly notice: NonNullable<View["notice"]> };
}

export interface KeeperHostDeps {
  /** @throws UserError when it cannot be done now; it is tried again. */
  readonly bringUp: () => Promise<Brought>;
  readonly view: ViewStore;
  readonly clock: Pick<Clock, "now" | "sleep">;
}

export interface KeeperHost {
  readonly commands: Pick<Commands, "command" | "say" | "fail">;
  /** Shows what is wrong with the settings file, until it is null. */
  settingsProblem(sentence: string | null): void;
  /** The settings, once they could be read. @throws UserError before. */
  settings(): SettingsStore;
  wake(): void;
  /** Nothing new starts; resolves when the answer that is under way is safe. Idempotent. */
  stop(): Promise<void>;
}

const AGAIN_MS = 10_000;

export function createKeeperHost({ bringUp, view, clock }: KeeperHostDeps): KeeperHost {
  const stopping = new AbortController();
  let brought: Brought | null = null;
  let running: RunningKeeper | null = null;
  let ending: Promise<void> | null = null;
  const commands = createCommands({
    view,
    clock,
    brought: () => brought,
    signal: stopping.signal,
  });

  const sayProblem = (error: unknown) => {
    const problem = error instanceof UserError ? error.message : keeperNotStarted(plainReason(error), AGAIN_MS);
    view.change((before) => ({ ...before, problem }));
  };

  const start = async (): Promise<void> => {
    while (!stopping.signal.aborted && brought === null) {
      try {
        brought = await bringUp();
      } catch (error) {
        sayProblem(error);
        await clock.sleep(AGAIN_MS, stopping.signal);
      }
    }
    if (brought === null || stopping.signal.aborted) return;
    const { engine, settings, pingMode, providers, shown } = brought;
    const { notice, ...places } = shown;
    // A demo sends nothing to anyone.
    const firstRun = settings.read().pingNoticeAt === undefined && !view.get().demo;
    const bySettings = () => ({
      allPaused: pauseOfAll(settings),
      pings: pingsOf(settings, pingMode),
      notifications: settings.read().notifications,
      providers: [...providers()],
    });
    view.change((before) => ({
      ...before,
      ...places,
      ...bySettings(),
      problem: null,
      notice: firstRun ? notice : null,
    }));
    const unwatch = settings.onChange(() => view.change((before) => ({ ...before, ...bySettings() })));
    stopping.signal.addEventListener("abort", unwatch);
    running = await engine.run({
      onRole: (role) => view.change((before) => ({ ...before, role })),
      onSnapshot: (snapshot) => {
        view.change((before) => ({
          ...before,
          snapshot: before.snapshot !== null && sameButTime(before.snapshot, snapshot) ? before.snapshot : snapshot,
          answers: commands.stillTrue(before.answers, { snapshot, allPaused: pauseOfAll(settings) }),
        }));
        void engine.tokensToday().then(
          (tokensToday) => view.change((before) => ({ ...before, tokensToday })),
          () => undefined,
        );
      },
      onEvent: () => undefined,
    });
  };
  const started = start().catch(sayProblem);

  return {
    commands,
    settingsProblem: (sentence) => view.change((before) => ({ ...before, settingsProblem: sentence })),
    settings() {
      if (brought === null) throw stillStarting();
      return brought.settings;
    },
    wake: () => running?.wake(),
    stop() {
      stopping.abort();
      ending ??= started.then(async () => {
        await Promise.all([running?.stop(), commands.idle()]);
      });
      return ending;
    },
  };
}

function pingsOf(settings: SettingsStore, chosen: PingMode | null): View["pings"] {
  const { mode, dailyTokens } = settings.read().ping;
  return { mode: chosen ?? mode ?? "message", dailyTokens };
}
