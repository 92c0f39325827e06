/** What a person asks of the engine in the app: one command at a time for a login, and what came of it in the view. */

import type { CommandResult, Engine } from "../../keeper/api.ts";
import { type Clock } from "../../ports/clock.ts";
import { type SettingsStore } from "../../ports/settings.ts";
import { ALL } from "../../shared/data/all.ts";
import { entriesOf, lookUp, withEntry } from "../../shared/data/by-id.ts";
import { sentenceOfError, UserError } from "../../shared/data/errors.ts";
import type { Said } from "../../shared/login/outcome.ts";
import { type Snapshot } from "../../shared/login/snapshot.ts";
import type { Settings } from "../../shared/settings.ts";
import { subjectOf } from "../../shared/view/answers.ts";
import { isBusy } from "../../shared/view/busy.ts";
import type { View } from "../../shared/view/view.ts";
import type { ViewStore } from "../window/view-store.ts";

/** On which logins a command works; `ALL` = all. */
type Target = string;

/** @param tell of a result before the end: the login is free then, and what came of it is noted. */
type Act = (
  engine: Engine,
  signal: AbortSignal,
  tell: (result: CommandResult) => void,
) => Promise<readonly CommandResult[]>;

export interface Commands {
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
  /** @returns of `answers` those that still are about what is there. */
  stillTrue(answers: View["answers"], now: { readonly snapshot: Snapshot } & Pick<View, "allPaused">): View["answers"];
  /** Resolves when the commands that are at work now have ended. */
  idle(): Promise<void>;
}

export interface CommandsDeps {
  readonly view: ViewStore;
  readonly clock: Pick<Clock, "now">;
  /** null = the keeper is not there yet. */
  readonly brought: () => { readonly engine: Engine; readonly settings: SettingsStore } | null;
  /** Aborted = no new command starts. */
  readonly signal: AbortSignal;
}

/** @returns the error of what needs the keeper before it is there. */
export function stillStarting(): UserError {
  return new UserError("Pilot Light is still starting; try again in a moment.", 3);
}

export function createCommands({ view, clock, brought: current, signal }: CommandsDeps): Commands {
  const working = new Set<Promise<void>>();
  /** What each answer speaks of. */
  const subjects = new Map<string, string | null>();

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
        const { signedOut } = view.get();
        if (target !== ALL && !has({ ...now, signedOut }, target)) return false;
        const subject = subjects.get(target) ?? null;
        // A snapshot from before the answer shows what was true before it.
        return subject === null || now.snapshot.generatedAt < at || subject === subjectOf(now, target);
      }),
    );

  const runAct = async (target: Target, act: Act, free: (id: string) => void): Promise<void> => {
    try {
      const brought = current();
      if (brought === null) throw stillStarting();
      const { engine, settings } = brought;
      const told = new Set<string>();
      let telling = Promise.resolve();
      const answer = async (results: readonly CommandResult[]) => {
        // The view may not show yet what the command has done. What was answered is told even if this look fails.
        const snapshot = await engine.status().catch(() => view.get().snapshot);
        const now = { snapshot, allPaused: pauseOfAll(settings.read()) };
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
      const results = await act(engine, signal, tell);
      await telling;
      await answer(results.filter(({ id }) => !told.has(id)));
    } catch (error) {
      note(target, { sentence: sentenceOfError(error) }, subjectOf(view.get(), target));
    }
  };

  return {
    async command(target, act) {
      if (signal.aborted || isBusy(view.get(), target)) return;
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
      const work = runAct(target, act, (id) => id !== ALL && free(id)).finally(() => {
        working.delete(work);
        for (const id of mine) free(id);
      });
      working.add(work);
      await work;
    },
    say: (sentence) => note(ALL, { sentence }, null),
    fail: (error) => note(ALL, { sentence: sentenceOfError(error) }, null),
    stillTrue,
    async idle() {
      await Promise.all(working);
    },
  };
}

/** @returns since when and how long everything is paused, by the settings. */
export function pauseOfAll({ pauses }: Pick<Settings, "pauses">): View["allPaused"] {
  const until = lookUp(pauses, ALL);
  return until === undefined ? null : { until };
}

/** Is there such a login, in the file or as a safe copy? */
function has({ snapshot, signedOut }: Pick<View, "snapshot" | "signedOut">, id: string): boolean {
  const isIn = (logins: readonly { readonly id: string }[]) => logins.some((login) => login.id === id);
  return (snapshot !== null && isIn(snapshot.accounts)) || isIn(signedOut);
}
