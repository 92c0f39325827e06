import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { type SettingsStore } from "../../ports/settings.ts";
import { UserError } from "../../shared/data/errors.ts";
import type { Snapshot } from "../../shared/login/snapshot.ts";
import { loginOf, NOON, snapshotOf } from "../../shared/testing/snapshots.ts";
import { type TestEngineOptions, testEngine, testOutput, testSettings } from "../testing/fakes.ts";
import { keepAlive, onePass, type RunContext } from "./run.ts";

const ONE = snapshotOf([loginOf("anthropic")]);
const UNMANAGED = loginOf("openai", { state: "unmanaged", reason: "It is left alone.", nextRefreshAt: null });

function parts(
  change: Partial<RunContext> & { readonly terminal?: boolean } = {},
  options: Partial<TestEngineOptions> = {},
) {
  const engine = testEngine({ snapshots: [ONE], ...options });
  const output = testOutput({ terminal: change.terminal ?? false });
  const stop = new AbortController();
  const settings = change.settings ?? testSettings();
  const further = new Set<() => void>();
  const context: RunContext = {
    engine,
    output,
    settings,
    now: () => NOON,
    version: "1.2.3",
    authFile: "/a/auth.json",
    authFileFrom: "default",
    stateDir: "/s",
    ping: { mode: "message", source: "default" },
    providers: () => [{ apiUrl: "https://api.example", pingTarget: "claude-haiku-4-5" }],
    json: false,
    stop: stop.signal,
    onFurtherSignal: (listener) => {
      further.add(listener);
      return () => further.delete(listener);
    },
    listenForSleep: () => () => undefined,
    ...change,
  };
  const jsonLines = () =>
    output
      .stdout()
      .split("\n")
      .slice(0, -1)
      .map((line) => v.parse(v.record(v.string(), v.unknown()), JSON.parse(line)));
  return { engine, output, stop, settings, context, further, jsonLines };
}

/** Runs until the listener is there. */
async function started(made: ReturnType<typeof parts>) {
  const done = keepAlive(made.context);
  await Promise.resolve();
  return { done, listener: made.engine.listener() };
}

describe("run on a terminal", () => {
  it("writes plain lines: where it looks, what it does, what happens, how it ends", async () => {
    const made = parts({ terminal: true, ping: { mode: "off", source: "flag" } });
    const { done, listener } = await started(made);
    listener.onRole({ name: "keeper" });
    listener.onSnapshot(ONE);
    listener.onSnapshot(snapshotOf([loginOf("anthropic", { lastRefresh: { at: NOON, outcome: "refreshed" } })]));
    listener.onEvent({
      at: NOON,
      id: "anthropic",
      by: "another writer",
      what: { kind: "told", sentence: "another pair\u001b[2J" },
      fingerprint: null,
    });
    listener.onEvent({ at: NOON, id: "anthropic", by: "us", what: { kind: "refreshed" }, fingerprint: null });
    made.stop.abort();
    expect(await done).toBe(0);
    expect(made.output.stdout().split("\n")).toEqual([
      "Pilot Light 1.2.3",
      "Watching /a/auth.json",
      "State in /s",
      "Ctrl+C stops it.",
      "",
      "12:00:00  keeping these logins alive",
      "12:00:00  anthropic  healthy, refreshes in 6 h",
      "12:00:00  anthropic  refreshed, next in 6 h",
      "12:00:00  anthropic  another pair?[2J",
      "12:00:00  stopping",
      "",
    ]);
    expect(made.engine.calls).toEqual([["stop"]]);
  });

  it("wakes the keeper when the system woke up, and listens for that only while it runs", async () => {
    const seen: string[] = [];
    const listenForSleep = (onWake: () => void) => {
      onWake();
      return () => void seen.push("no longer heard");
    };
    const made = parts({ listenForSleep });
    const { done } = await started(made);
    await Promise.resolve();
    made.stop.abort();
    await done;
    expect(made.engine.calls).toEqual([["wake"], ["stop"]]);
    expect(seen).toEqual(["no longer heard"]);
  });

  it("says whose status it shows as a viewer, and when it takes over", async () => {
    const made = parts({ terminal: true });
    const { done, listener } = await started(made);
    listener.onRole({ name: "viewer", keeperPid: 42 });
    expect(made.output.stdout()).toContain(
      "Another Pilot Light (pid 42) keeps these logins alive; showing its status.\n",
    );
    // A viewer pings nothing, so the notice can wait.
    listener.onSnapshot(ONE);
    expect(made.output.stdout()).not.toContain("About pings");
    listener.onRole({ name: "keeper" });
    expect(made.output.stdout()).toContain("keeping these logins alive\n");
    listener.onSnapshot(ONE);
    expect(made.output.stdout()).toContain("About pings");
    made.stop.abort();
    await done;
  });

  it("waits at a second signal, and says so", async () => {
    let finish = () => {};
    const stopped = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const made = parts({ terminal: true }, { stopped });
    const { done } = await started(made);
    made.stop.abort();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    for (const listener of made.further) listener();
    expect(made.output.stdout()).toContain("waiting up to 30 s for a refresh to finish");
    finish();
    expect(await done).toBe(0);
    expect(made.further.size).toBe(0);
  });
});

describe("run in a pipe, or with --json", () => {
  it.each([
    ["a pipe", { terminal: false }],
    ["--json", { terminal: true, json: true }],
  ])("writes JSON lines and nothing else: %s", async (_where, change) => {
    const made = parts(change);
    const { done, listener } = await started(made);
    listener.onRole({ name: "keeper" });
    listener.onSnapshot(ONE);
    listener.onRole({ name: "viewer", keeperPid: null });
    made.stop.abort();
    await done;
    const lines = made.jsonLines();
    expect(lines.map(({ msg }) => msg)).toEqual([
      "watching",
      "keeping these logins alive",
      "healthy, refreshes in 6 h",
      expect.stringContaining("About pings"),
      "Another Pilot Light keeps these logins alive; showing its status.",
      "stopping",
    ]);
    for (const line of lines) {
      expect(line).toMatchObject({ time: new Date(NOON).toISOString(), level: "info", service: "auth.keepalive" });
    }
    expect(lines[0]).toMatchObject({ authFile: "/a/auth.json", stateDir: "/s", version: "1.2.3" });
    expect(lines[2]).toMatchObject({ recordId: "anthropic", state: "healthy", nextRefreshAt: NOON + 6 * 3_600_000 });
  });
});

describe("the notice about pings", () => {
  const shown = async (change: Partial<RunContext> & { readonly terminal?: boolean } = {}, snapshots = [ONE]) => {
    const made = parts({ terminal: true, ...change });
    const { done, listener } = await started(made);
    listener.onRole({ name: "keeper" });
    for (const snapshot of snapshots) listener.onSnapshot(snapshot);
    made.stop.abort();
    await done;
    return { ...made, text: made.output.stdout().replaceAll(/\s+/g, " ") };
  };

  it("says what is sent where, what it costs, what the terms say and how to choose otherwise, in 80 columns", async () => {
    const { text, output, settings } = await shown();
    for (const words of [
      "https://api.example",
      "claude-haiku-4-5",
      "tokens",
      "terms",
      "There is no proof",
      "pilot-light settings set ping.mode off",
    ]) {
      expect(text).toContain(words);
    }
    expect(
      output
        .stdout()
        .split("\n")
        .filter((line) => line.length > 80),
    ).toEqual([]);
    expect(settings.read().pingNoticeAt).toBe(NOON);
  });

  it.each<[string, Snapshot]>([
    ["no file yet", snapshotOf([], { format: null })],
    ["a file without logins", snapshotOf([])],
    ["only logins that are not pinged", snapshotOf([loginOf("a", { state: "signIn" }), UNMANAGED])],
  ])("waits for the first login that is pinged: %s", async (_what, before) => {
    const { text, settings } = await shown({}, [before, before]);
    expect(text).not.toContain("About pings");
    expect(settings.read().pingNoticeAt).toBeUndefined();
    const later = await shown({}, [before, ONE, before, ONE]);
    expect(later.text.split("About pings")).toHaveLength(2);
    expect(later.settings.read().pingNoticeAt).toBe(NOON);
  });

  it("is written once", async () => {
    const { settings } = await shown();
    expect((await shown({ settings })).text).not.toContain("About pings");
  });

  it.each<[string, Partial<RunContext>]>([
    ["a flag", { ping: { mode: "message", source: "flag" } }],
    ["the environment", { ping: { mode: "message", source: "env" } }],
    [
      "the settings",
      { settings: testSettings({ ping: { mode: "message" } }), ping: { mode: "message", source: "settings" } },
    ],
    ["settings that changed meanwhile", { settings: testSettings({ ping: { mode: "off" } }) }],
  ])("is not written where the mode was chosen by %s", async (_by, change) => {
    const { text, settings } = await shown(change);
    expect(text).not.toContain("About pings");
    expect(settings.read().pingNoticeAt).toBeUndefined();
  });

  it("holds nothing up where the settings cannot be written", async () => {
    const settings: SettingsStore = {
      ...testSettings(),
      update: () => {
        throw new UserError("The settings file /s cannot be written: the disk is full.", 3);
      },
    };
    const { output, text } = await shown({ settings });
    expect(text).toContain("About pings");
    expect(output.stderr()).toContain("the disk is full. Message pings wait for that; refreshing does not.\n");
  });
});

describe("run --once", () => {
  const quiet = { ping: { mode: "off", source: "flag" } } as const;

  it("makes one pass, shows the status and answers by it", async () => {
    const ended = snapshotOf([loginOf("anthropic", { state: "signIn", reason: "It ended." })]);
    const { context, engine, output } = parts(quiet, { snapshots: [ended] });
    expect(await onePass(context)).toBe(1);
    expect(engine.calls).toEqual([["runOnce"]]);
    expect(output.stdout()).toContain("anthropic: It ended.\n");
  });

  it("answers 3 where the pass left a login due, and names it", async () => {
    const { context, output } = parts(quiet, { undone: ["anthropic"] });
    expect(await onePass(context)).toBe(3);
    expect(output.stderr()).toMatch(/^anthropic is still due.*\.\n$/);
  });

  it("is all well while there is no file", async () => {
    const { context, output } = parts(quiet, { snapshots: [snapshotOf([], { format: null })] });
    expect(await onePass(context)).toBe(0);
    expect(output.stdout()).toContain("No auth.json yet.");
  });

  it("keeps the notice for a pass with a login", async () => {
    const settings = testSettings();
    const empty = parts({ settings }, { snapshots: [snapshotOf([], { format: null })] });
    await onePass(empty.context);
    expect(empty.output.stdout()).not.toContain("About pings");
    expect(settings.read().pingNoticeAt).toBeUndefined();
    const first = parts({ settings });
    await onePass(first.context);
    expect(first.output.stdout()).toMatch(/^About pings/);
    expect(settings.read().pingNoticeAt).toBe(NOON);
  });

  it("answers 4 for a file that cannot be read", async () => {
    const { context } = parts(quiet, { snapshots: [snapshotOf([], { format: null, problem: "it is not JSON" })] });
    expect(await onePass(context)).toBe(4);
  });

  it("gives one JSON document, and the notice beside it", async () => {
    const { context, output } = parts({ json: true });
    expect(await onePass(context)).toBe(0);
    expect(JSON.parse(output.stdout())).toEqual(ONE);
    expect(output.stderr()).toContain("About pings");
  });
});
