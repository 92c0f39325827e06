/** For the tests of this folder: an engine that does what it is told, an output that can be read, snapshots to look at. */
import fc from "fast-check";
import type { Engine, HistoryEvent, RunListener } from "../../keeper/api.ts";
import type { SettingsStore } from "../../keeper/ports.ts";
import { parseSettings, type Settings } from "../../shared/settings.ts";
import type { Account, Snapshot } from "../../shared/snapshot.ts";
import type { Output } from "../output.ts";

const HOUR = 3_600_000;
/** Noon, local time, whatever the time zone. */
export const NOON = new Date(2026, 10, 23, 12, 0, 0).getTime();

export function accountOf(id: string, change: Partial<Account> = {}): Account {
  return {
    id,
    provider: id.split("/")[0] ?? id,
    label: id,
    state: "healthy",
    reason: null,
    accessExpiresAt: NOON + 8 * HOUR,
    loginEndsAt: null,
    nextRefreshAt: NOON + 6 * HOUR,
    lastRefresh: null,
    lastPing: null,
    sharedWith: null,
    ...change,
  };
}

export function snapshotOf(accounts: readonly Account[], file: Partial<Snapshot["file"]> = {}): Snapshot {
  return {
    version: 1,
    generatedAt: NOON,
    keeper: { running: false, pid: null, since: null },
    file: { path: "/home/ann/.local/share/opencode/auth.json", format: "flat", problem: null, ...file },
    accounts: [...accounts],
  };
}

export interface TestOutput extends Output {
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export function testOutput(change: Partial<Pick<Output, "terminal" | "colour">> = {}): TestOutput {
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
    width: () => 80,
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
  readonly sentence?: string;
  readonly stopped?: Promise<void>;
}

export function testEngine({ snapshots, events = [], sentence = "Done.", stopped }: TestEngineOptions): TestEngine {
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
        wake: () => undefined,
        online: () => undefined,
      };
    },
    runOnce: async () => {
      calls.push(["runOnce"]);
      return status();
    },
    refresh: (ids) => act("refresh", ids),
    ping: (ids) => act("ping", ids),
    pause: (ids, until) => act("pause", ids, until),
    resume: (ids) => act("resume", ids),
    allow: async (id) => (await act("allow", [id]))[0] ?? { id, sentence },
    disallow: async (id) => (await act("disallow", [id]))[0] ?? { id, sentence },
    history: async (id) => events.filter((event) => id === null || event.id === id),
    keptCopies: async () => [],
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

/** Any text at all, half pairs included; what a terminal would obey comes up often. */
export function anyText(maxLength = 40): fc.Arbitrary<string> {
  const code = fc.oneof(
    fc.integer({ min: 0, max: 0x10_ffff }),
    fc.integer({ min: 0, max: 0xff }),
    fc.constantFrom(0x1b, 0x9b, 0x07, 0x0a, 0x200d, 0x202e, 0x2028, 0x1f525, 0xd83d, 0x0301, 0xfe0f),
  );
  return fc.array(code, { maxLength }).map((codes) => String.fromCodePoint(...codes));
}
