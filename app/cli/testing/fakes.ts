/** For the tests of this folder: an engine that does what it is told, and an output that can be read. */

import type { Engine, RunListener } from "../../keeper/api.ts";
import type { DoctorFacts } from "../../keeper/commands/doctor-facts.ts";
import type { SettingsStore } from "../../ports/settings.ts";
import type { HistoryEvent } from "../../shared/login/history.ts";
import type { KeptCopy, Rescuable } from "../../shared/login/kept.ts";
import type { Snapshot } from "../../shared/login/snapshot.ts";
import { parseSettings, type Settings } from "../../shared/settings.ts";
import type { Output } from "../output.ts";

export interface TestOutput extends Output {
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export function testOutput(change: Partial<Pick<Output, "terminal" | "colour" | "gone">> = {}): TestOutput {
  let stdout = "";
  let stderr = "";
  return {
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    terminal: false,
    colour: false,
    moves: change.terminal ?? false,
    gone: new AbortController().signal,
    width: () => 80,
    height: () => 24,
    ...change,
    stdout: () => stdout,
    stderr: () => stderr,
  };
}

export interface TestEngine extends Engine {
  /** Each call as it came: the command, then what it was asked with. */
  readonly calls: readonly (readonly unknown[])[];
  /** The listener of `run`. */
  readonly listener: () => RunListener;
}

export interface TestEngineOptions {
  /** What `status` answers, one after the other; the last one stays. */
  readonly snapshots: readonly Snapshot[];
  readonly events?: readonly HistoryEvent[];
  readonly kept?: readonly KeptCopy[];
  readonly rescuables?: readonly Rescuable[];
  readonly found?: DoctorFacts;
  readonly sentence?: string;
  readonly stopped?: Promise<void>;
  /** What `runOnce` leaves undone. */
  readonly undone?: readonly string[];
}

export function testEngine({
  snapshots,
  events = [],
  kept = [],
  rescuables = [],
  found,
  sentence = "Done.",
  stopped,
  undone = [],
}: TestEngineOptions): TestEngine {
  const calls: unknown[][] = [];
  const left = [...snapshots];
  let heard: RunListener | null = null;
  const status = (): Snapshot => {
    const [next] = left;
    if (next === undefined) throw new Error("the test gave no snapshot");
    if (left.length > 1) left.shift();
    return next;
  };
  const act = async (command: string, ids: readonly string[] | "all", ...rest: unknown[]) => {
    calls.push([command, ids, ...rest]);
    const all = snapshots[0]?.accounts.map(({ id }) => id) ?? [];
    return (ids === "all" ? all : ids).map((id) => ({ id, sentence }));
  };
  return {
    calls,
    listener: () => {
      if (heard === null) throw new Error("nothing runs");
      return heard;
    },
    status: async () => status(),
    run: async (listener) => {
      heard = listener;
      return {
        stop: async () => {
          calls.push(["stop"]);
          await stopped;
        },
        wake: () => void calls.push(["wake"]),
      };
    },
    runOnce: async () => {
      calls.push(["runOnce"]);
      return { snapshot: status(), left: undone };
    },
    async refresh(ids, _signal, onResult) {
      const results = await act("refresh", ids);
      for (const result of results) onResult?.(result);
      return results;
    },
    ping: (ids) => act("ping", ids),
    pause: (ids, until) => act("pause", ids, until),
    resume: (ids) => act("resume", ids),
    allow: async (id) => (await act("allow", [id]))[0] ?? { id, sentence },
    disallow: async (id) => (await act("disallow", [id]))[0] ?? { id, sentence },
    tokensToday: async () => ({}),
    history: async (id) => events.filter((event) => id === null || event.id === id),
    story: async (id) => ({ events: events.filter((event) => event.id === id), spans: [] }),
    keptCopies: async () => kept,
    forget: async (id) => (await act("forget", [id]))[0] ?? { id, sentence },
    rescuables: async () => rescuables,
    rescue: async ({ id, fingerprint }) => (await act("rescue", [id], fingerprint))[0] ?? { id, sentence },
    doctor: async () => {
      if (found === undefined) throw new Error("the test gave nothing to find");
      return found;
    },
  };
}

export function testSettings(value: unknown = {}): SettingsStore {
  let settings: Settings = parseSettings(value);
  return {
    read: () => settings,
    update: (change) => {
      settings = change(settings);
    },
    onChange: () => () => undefined,
  };
}
