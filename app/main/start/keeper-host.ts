/** The keeper inside the app: brought up, run, woken, stopped; what it says goes into the view. */

import { type Options, pingNow } from "../../assemble/options.ts";
import type { Engine, RunningKeeper } from "../../keeper/api.ts";
import { type Clock } from "../../ports/clock.ts";
import type { SettingsFile } from "../../ports/settings.ts";
import { plainReason, UserError } from "../../shared/data/errors.ts";
import { sameButTime } from "../../shared/login/snapshot.ts";
import { asksForPings, type Settings } from "../../shared/settings.ts";
import type { View } from "../../shared/view/view.ts";
import { keeperNotStarted } from "../../shared/words/window.ts";
import type { ViewStore } from "../window/view-store.ts";
import { type Commands, createCommands, pauseOfAll, stillStarting } from "./commands.ts";
import { createKeptLook } from "./kept-look.ts";

/** What bringing up gives: an engine over the real world, and what the view says of it. */
export interface Brought {
  readonly engine: Engine;
  readonly settings: SettingsFile;
  /** As this run was started: what flag or env chose wins over the settings. */
  readonly ping: Options["ping"];
  /** As the settings have them now. */
  readonly providers: () => readonly View["providers"][number][];
}

export interface KeeperHostDeps {
  /** @throws UserError when it cannot be done now; it is tried again. */
  readonly bringUp: () => Promise<Brought>;
  readonly view: ViewStore;
  readonly clock: Pick<Clock, "now" | "sleep">;
  /** Is the window open? */
  readonly isShown: () => boolean;
}

export interface KeeperHost {
  readonly commands: Pick<Commands, "command" | "say" | "fail">;
  /** Shows what is wrong with the settings file, until it is null. */
  settingsProblem(problem: UserError | null): void;
  /** The window was opened: looks at what is kept of logins that are gone. */
  shown(): void;
  /** The settings, once they could be read. @throws UserError before. */
  settings(): SettingsFile;
  /** Where it waits to try again whether the keeper can be brought up, it does so now. */
  again(): void;
  wake(): void;
  /** Nothing new starts; resolves when the answer that is under way is safe. Idempotent. */
  stop(): Promise<void>;
}

const AGAIN_MS = 10_000;

export function createKeeperHost({ bringUp, view, clock, isShown }: KeeperHostDeps): KeeperHost {
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

  const lookAtKept = createKeptLook({ view, engine: () => brought?.engine ?? null, isShown });

  let waiting = new AbortController();
  const showSettingsProblem = (found: UserError | null) =>
    view.change((before) => ({ ...before, settingsProblem: settingsProblemOf(found) }));
  const sayProblem = (error: unknown) => {
    const problem = error instanceof UserError ? error.message : keeperNotStarted(plainReason(error), AGAIN_MS);
    view.change((before) => ({ ...before, problem }));
    showSettingsProblem(error instanceof UserError && isOfSettings(error) ? error : null);
  };

  const start = async (): Promise<void> => {
    while (!stopping.signal.aborted && brought === null) {
      try {
        brought = await bringUp();
      } catch (error) {
        sayProblem(error);
        waiting = new AbortController();
        await clock.sleep(AGAIN_MS, AbortSignal.any([stopping.signal, waiting.signal]));
      }
    }
    if (brought === null || stopping.signal.aborted) return;
    const { engine, settings, ping, providers } = brought;
    const bySettings = () => ({ ...shownSettings(settings.read(), ping, view.get()), providers: [...providers()] });
    view.change((before) => ({ ...before, ...bySettings(), problem: null, settingsProblem: null }));
    const unwatch = settings.onChange(() => view.change((before) => ({ ...before, ...bySettings() })));
    stopping.signal.addEventListener("abort", unwatch);
    running = await engine.run({
      onRole: (role) => view.change((before) => ({ ...before, role })),
      onSnapshot: (snapshot) => {
        const shown = view.get().snapshot;
        const isSame = shown !== null && sameButTime(shown, snapshot);
        if (!isSame) void lookAtKept();
        view.change((before) => ({
          ...before,
          snapshot: isSame ? shown : snapshot,
          answers: commands.stillTrue(before.answers, { snapshot, allPaused: pauseOfAll(settings.read()) }),
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
    commands: {
      ...commands,
      // What is kept may be another now, though the file holds the same.
      command: (target, act) => commands.command(target, act).finally(() => void lookAtKept()),
    },
    shown: () => void lookAtKept(),
    settingsProblem: showSettingsProblem,
    settings() {
      if (brought === null) throw stillStarting();
      return brought.settings;
    },
    again: () => waiting.abort(),
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

/** Only wrong settings end with this code here: flags and environment were looked at before. */
function isOfSettings({ exitCode }: UserError): boolean {
  return exitCode === 2;
}

function settingsProblemOf(found: UserError | null): View["settingsProblem"] {
  return found === null ? null : { sentence: found.message, maySetAside: isOfSettings(found) };
}

/** What the view says of the settings. @param ping as this run was started. */
function shownSettings(settings: Settings, ping: Options["ping"], { demo }: Pick<View, "demo">) {
  const { notifications, schedule, names, pingNoticeAt } = settings;
  const { mode } = pingNow(ping, settings);
  // A demo sends nothing to anyone.
  const asks = !ping.chosen && !demo && asksForPings(settings);
  return {
    allPaused: pauseOfAll(settings),
    pings: { mode, dailyTokens: settings.ping.dailyTokens, lockedBy: lockOf(ping) },
    notifications,
    schedule,
    names,
    notice: asks ? { shownAt: pingNoticeAt ?? null } : null,
  };
}

function lockOf({ source }: Options["ping"]): NonNullable<View["pings"]>["lockedBy"] {
  switch (source) {
    case "flag":
    case "env":
      return source;
    case "settings":
    case "default":
      return null;
  }
}
