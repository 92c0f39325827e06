/** The keeper inside the app: brought up, run, told of sleep and network, stopped; what it says goes into the view. */

import type { CommandResult, Engine, RunningKeeper } from "../../keeper/api.ts";
import { type Clock } from "../../ports/clock.ts";
import { type SettingsStore } from "../../ports/settings.ts";
import { ALL } from "../../shared/data/all.ts";
import { entriesOf, lookUp, withEntry } from "../../shared/data/by-id.ts";
import { plainReason, sentenceOfError, UserError } from "../../shared/data/errors.ts";
import type { Said } from "../../shared/login/outcome.ts";
import { type PingMode, type Snapshot, sameButTime } from "../../shared/login/snapshot.ts";
import { subjectOf } from "../../shared/view/answers.ts";
import { isBusy } from "../../shared/view/busy.ts";
import type { View } from "../../shared/view/view.ts";
import type { ViewStore } from "../window/view-store.ts";

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

/** On which logins a command works; `ALL` = all. */
type Target = string;

/** @param tell of a result before the end: the login is free then, and what came of it is noted. */
type Act = (
  engine: Engine,
  signal: AbortSignal,
  tell: (result: CommandResult) => void,
) => Promise<readonly CommandResult[]>;

export interface KeeperHost {
  /**
   * Does something with the engine for a person: marks it as busy, notes what came of it. A second one on the
   * same login while one is at work does nothing.
   * @throws UserError for a login that is not in the file.
   */
  command(target: Target, act: Act): Promise<void>;
  /** Notes a sentence that concerns all logins, or the app itself. */
  say(sentence: string): void;
  /** Notes an error as such a sentence. */
  fail(error: unknown): void;
  /** Shows what is wrong with the settings file, until it is null. */
  settingsProblem(sentence: string | null): void;
  /** The settings, once they could be read. @throws UserError before. */
  settings(): SettingsStore;
  wake(): void;
  /** Nothing new starts; resolves when the answer that is under way is safe. Idempotent. */
  stop(): Promise<void>;
}

const AGAIN_MS = 10_000;

/** @returns the error of what needs the keeper before it is there. */
export function stillStarting(): UserError {
  return new UserError("Pilot Light is still starting; try again in a moment.", 3);
}

export function createKeeperHost({ bringUp, view, clock }: KeeperHostDeps): KeeperHost {
  const stopping = new AbortController();
  const working = new Set<Promise<void>>();
  /** What each answer speaks of. */
  const subjects = new Map<string, string | null>();
  let brought: Brought | null = null;
  let running: RunningKeeper | null = null;
  let ending: Promise<void> | null = null;

  const sayProblem = (error: unknown) => {
    const problem =
      error instanceof UserError
        ? error.message
        : `The keeper could not start: ${plainReason(error)}. Pilot Light tries again every 10 seconds.`;
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
          answers: stillTrue(before.answers, { snapshot, allPaused: pauseOfAll(settings) }),
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

  /** @param subject null = it is over only when it is old news. */
  const note = (target: string, { sentence, tells }: Said, subject: string | null) => {
    subjects.set(target, subject);
    const answer = { at: clock.now(), sentence, ...(tells === undefined ? {} : { tells }) };
    view.change((before) => ({ ...before, answers: withEntry(before.answers, target, answer) }));
  };

  /** Answers that still are about what is there; what was said of a login that is gone is over. */
  const stillTrue = (
    answers: View["answers"],
    now: { readonly snapshot: Snapshot } & Pick<View, "allPaused">,
  ): View["answers"] =>
    Object.fromEntries(
      entriesOf(answers).filter(([target, { at }]) => {
        if (target !== ALL && !has(now, target)) return false;
        const subject = subjects.get(target) ?? null;
        // A snapshot from before the answer shows what was true before it.
        return subject === null || now.snapshot.generatedAt < at || subject === subjectOf(now, target);
      }),
    );

  const carryOut = async (target: Target, act: Act, free: (id: string) => void): Promise<void> => {
    try {
      if (brought === null) throw stillStarting();
      const { engine, settings } = brought;
      const told = new Set<string>();
      let telling = Promise.resolve();
      const answer = async (results: readonly CommandResult[]) => {
        // The view may not show yet what the command has done. What was answered is told even if this look fails.
        const snapshot = await engine.status().catch(() => view.get().snapshot);
        const now = { snapshot, allPaused: pauseOfAll(settings) };
        for (const { id, ...said } of results) {
          const about = id === "all" ? ALL : id;
          note(about, said, subjectOf(now, about));
          free(about);
        }
      };
      const tell = (result: CommandResult) => {
        told.add(result.id);
        telling = telling.then(() => answer([result]));
      };
      const results = await act(engine, stopping.signal, tell);
      await telling;
      await answer(results.filter(({ id }) => !told.has(id)));
    } catch (error) {
      note(target, { sentence: sentenceOfError(error) }, subjectOf(view.get(), target));
    }
  };

  return {
    async command(target, act) {
      if (stopping.signal.aborted || isBusy(view.get(), target)) return;
      // Nothing is noted of a login that nobody has: a page could ask for any number of them.
      if (target !== ALL && !has(view.get(), target)) throw new UserError("There is no such login.", 2);
      const logins = target === ALL ? (view.get().snapshot?.accounts ?? []).map(({ id }) => id) : [];
      const mine = new Set([target, ...logins]);
      view.change((before) => ({ ...before, busy: [...before.busy, ...mine] }));
      // One command of a login and one of all may be at work at the same time: each takes back its own mark.
      const free = (id: string) => {
        if (!mine.delete(id)) return;
        view.change(({ busy, ...before }) => ({ ...before, busy: busy.filter((_, at) => at !== busy.indexOf(id)) }));
      };
      const work = carryOut(target, act, (id) => id !== ALL && free(id)).finally(() => {
        working.delete(work);
        for (const id of mine) free(id);
      });
      working.add(work);
      await work;
    },
    say: (sentence) => note(ALL, { sentence }, null),
    fail: (error) => note(ALL, { sentence: sentenceOfError(error) }, null),
    settingsProblem: (sentence) => view.change((before) => ({ ...before, settingsProblem: sentence })),
    settings() {
      if (brought === null) throw stillStarting();
      return brought.settings;
    },
    wake: () => running?.wake(),
    stop() {
      stopping.abort();
      ending ??= started.then(async () => {
        await Promise.all([running?.stop(), ...working]);
      });
      return ending;
    },
  };
}

function pauseOfAll(settings: SettingsStore): View["allPaused"] {
  const until = lookUp(settings.read().pauses, ALL);
  return until === undefined ? null : { until };
}

function pingsOf(settings: SettingsStore, chosen: PingMode | null): View["pings"] {
  const { mode, dailyTokens } = settings.read().ping;
  return { mode: chosen ?? mode ?? "message", dailyTokens };
}

function has({ snapshot }: Pick<View, "snapshot">, id: string): boolean {
  return snapshot !== null && snapshot.accounts.some((account) => account.id === id);
}
