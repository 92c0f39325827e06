import { describe, expect, it, vi } from "vitest";
import type { Engine, RunListener } from "../../keeper/api.ts";
import { type SettingsStore } from "../../ports/settings.ts";
import { lookUp } from "../../shared/data/by-id.ts";
import { UserError } from "../../shared/data/errors.ts";
import type { Snapshot } from "../../shared/login/snapshot.ts";
import { parseSettings, type Settings } from "../../shared/settings.ts";
import { loginOf, NOON, snapshotOf } from "../../shared/testing/snapshots.ts";
import { NOTICE, PROVIDER, viewOf } from "../../shared/testing/views.ts";
import { createViewStore } from "../window/view-store.ts";
import { type Brought, createKeeperHost } from "./keeper-host.ts";

function testSettings(value: unknown): SettingsStore & { readonly changed: () => void } {
  let settings: Settings = parseSettings(value);
  let listener = (): void => undefined;
  return {
    read: () => settings,
    update: (change) => {
      settings = change(settings);
      listener();
    },
    onChange: (next) => {
      listener = next;
      return () => undefined;
    },
    changed: () => listener(),
  };
}

/** A host over an engine of which only what these tests need is there. */
function scene(options: { readonly bringUp?: () => void; readonly settings?: unknown } = {}) {
  const view = createViewStore(viewOf([], { snapshot: null, role: { name: "starting" } }));
  const settings = testSettings(options.settings ?? {});
  const calls: string[] = [];
  let heard: RunListener | null = null;
  const gate: { open: () => void; opened: Promise<void> } = { open: () => undefined, opened: Promise.resolve() };
  let onDisk: Snapshot | null = snapshotOf([]);
  const engine = {
    status: async () => onDisk ?? Promise.reject(new Error("no descriptors")),
    run: async (listener: RunListener) => {
      heard = listener;
      return {
        stop: async () => void calls.push("stop"),
        wake: () => void calls.push("wake"),
      };
    },
    refresh: async (ids: readonly string[] | "all", signal?: AbortSignal) => {
      calls.push(`refresh ${String(ids)}`);
      await gate.opened;
      calls.push(`refreshed${signal?.aborted === true ? " while stopping" : ""}`);
      return [{ id: String(ids), sentence: "Refreshed." }];
    },
    tokensToday: async () => ({ anthropic: 96 }),
  } satisfies Pick<Engine, "status" | "run" | "refresh" | "tokensToday">;
  const sleeps: (() => void)[] = [];
  const host = createKeeperHost({
    bringUp: async (): Promise<Brought> => {
      options.bringUp?.();
      return {
        engine: engine as unknown as Engine,
        settings,
        pingMode: null,
        providers: () => [{ ...PROVIDER, pingTarget: settings.read().ping.model ?? "the default" }],
        shown: { settingsFile: "/s.json", notice: NOTICE },
      };
    },
    view,
    clock: { now: () => NOON, sleep: () => new Promise((resolve) => sleeps.push(resolve)) },
  });
  const hold = () => {
    gate.opened = new Promise((resolve) => {
      gate.open = resolve;
    });
  };
  const stands = (snapshot: Snapshot | null) => {
    onDisk = snapshot;
  };
  const listener = () => vi.waitFor(() => heard ?? Promise.reject(new Error("nothing runs")));
  return { host, view, calls, listener, sleeps, settings, hold, gate, stands };
}

describe("the keeper in the app", () => {
  it("puts role, snapshot and tokens of the day into the view", async () => {
    const { view, listener } = scene();
    const { onRole, onSnapshot } = await listener();
    onRole({ name: "viewer", keeperPid: 7 });
    onSnapshot(snapshotOf([loginOf("anthropic")]));
    await vi.waitFor(() => expect(view.get().tokensToday).toEqual({ anthropic: 96 }));
    expect(view.get().role).toEqual({ name: "viewer", keeperPid: 7 });
    expect(view.get().snapshot?.accounts).toHaveLength(1);
  });

  it("tells of the providers together with the notice, and again when the settings change", async () => {
    const { view, settings, listener } = scene();
    const seen: string[] = [];
    view.onChange(({ notice, providers }) => {
      if (notice !== null) seen.push(providers.map(({ pingTarget }) => pingTarget).join());
    });
    await listener();
    expect(seen[0]).toBe("the default");
    settings.update((before) => ({ ...before, ping: { ...before.ping, model: "another" } }));
    expect(view.get().providers).toEqual([{ ...PROVIDER, pingTarget: "another" }]);
  });

  it("does not take a new time alone for news", async () => {
    const { view, listener } = scene();
    const { onSnapshot } = await listener();
    onSnapshot(snapshotOf([]));
    const first = view.get().snapshot;
    onSnapshot({ ...snapshotOf([]), generatedAt: NOON + 5 });
    expect(view.get().snapshot).toBe(first);
  });

  it("says why it cannot start, and tries again until it can", async () => {
    let broken = true;
    const { view, listener, sleeps } = scene({
      bringUp: () => {
        if (broken) throw new UserError("The settings file cannot be read. Correct it.", 2);
      },
    });
    await vi.waitFor(() => expect(view.get().problem).toBe("The settings file cannot be read. Correct it."));
    broken = false;
    sleeps.shift()?.();
    await listener();
    expect(view.get().problem).toBe(null);
  });

  it("shows the notice on a first run only", async () => {
    const first = scene();
    await first.listener();
    expect(first.view.get().notice).toEqual(NOTICE);
    const later = scene({ settings: { pingNoticeAt: 1 } });
    await later.listener();
    expect(later.view.get().notice).toBe(null);
  });

  it("shows a pause of all as the settings say it", async () => {
    const { view, listener, settings } = scene();
    await listener();
    settings.update((before) => ({ ...before, pauses: { "*": null } }));
    expect(view.get().allPaused).toEqual({ until: null });
  });

  it("marks a login as busy while a command is at work, and notes what came of it", async () => {
    const { host, view, listener, hold, gate, calls } = scene();
    (await listener()).onSnapshot(snapshotOf([loginOf("a"), loginOf("b")]));
    hold();
    const first = host.commands.command("a", (engine, signal) => engine.refresh(["a"], signal));
    expect(view.get().busy).toEqual(["a"]);
    await host.commands.command("a", (engine, signal) => engine.refresh(["a"], signal));
    gate.open();
    await first;
    expect(calls).toEqual(["refresh a", "refreshed"]);
    expect(view.get().busy).toEqual([]);
    expect(view.get().answers).toEqual({ a: { at: NOON, sentence: "Refreshed." } });
  });

  it("lets each login go as soon as its own result is known, while the others are at work", async () => {
    const { host, view, listener, hold, gate } = scene();
    (await listener()).onSnapshot(snapshotOf([loginOf("a"), loginOf("b")]));
    hold();
    const work = host.commands.command("*", async (_engine, _signal, tell) => {
      const results = ["a", "b"].map((id) => ({ id, sentence: "Refreshed." }));
      tell({ id: "a", sentence: "Refreshed." });
      await gate.opened;
      return results;
    });
    expect(view.get().busy).toEqual(["*", "a", "b"]);
    await vi.waitFor(() => expect(view.get().busy).toEqual(["*", "b"]));
    expect(Object.keys(view.get().answers)).toEqual(["a"]);
    gate.open();
    await work;
    expect(view.get().busy).toEqual([]);
    expect(Object.keys(view.get().answers)).toEqual(["a", "b"]);
  });

  it("says a command's error as its sentence, and of an unexpected one nothing but that it was", async () => {
    const { host, view, listener } = scene();
    (await listener()).onSnapshot(snapshotOf([loginOf("a"), loginOf("b")]));
    await host.commands.command("a", () => Promise.reject(new UserError("There is no login a.", 2)));
    await host.commands.command("*", () => Promise.reject(new Error("SECRET")));
    expect(lookUp(view.get().answers, "a")?.sentence).toBe("There is no login a.");
    expect(lookUp(view.get().answers, "*")?.sentence).toBe("It did not work: an unexpected error. Try again.");
  });

  it("refuses a login that nobody has, and forgets what was said of one that is gone", async () => {
    const { host, view, listener } = scene();
    const { onSnapshot } = await listener();
    onSnapshot(snapshotOf([loginOf("a")]));
    await expect(host.commands.command("junk", async () => [])).rejects.toThrow("no such login");
    expect(view.get()).toMatchObject({ busy: [], answers: {} });
    await host.commands.command("a", (engine) => engine.refresh(["a"]));
    expect(Object.keys(view.get().answers)).toEqual(["a"]);
    onSnapshot(snapshotOf([]));
    expect(view.get().answers).toEqual({});
  });

  it("takes an answer back when the login that it spoke of moves on, and not before", async () => {
    const { host, view, listener, stands } = scene();
    const { onSnapshot } = await listener();
    const at = (ms: number, state: "due" | "signIn" | "healthy", reason: string | null = null) => ({
      ...snapshotOf([loginOf("a", { state, reason }), loginOf("b")]),
      generatedAt: NOON + ms,
    });
    onSnapshot(at(-9, "due"));
    stands(at(0, "signIn", "It has ended."));
    await host.commands.command("a", async () => [{ id: "a", sentence: "It has ended." }]);
    await host.commands.command("b", async () => [{ id: "b", sentence: "Refreshed." }]);
    const said = () => Object.keys(view.get().answers);
    // Made before the answer: what it shows is older news.
    onSnapshot(at(-1, "due"));
    expect(said()).toEqual(["a", "b"]);
    onSnapshot(at(1, "signIn", "It has ended."));
    expect(said()).toEqual(["a", "b"]);
    onSnapshot(at(2, "healthy"));
    expect(said()).toEqual(["b"]);
  });

  it("takes an answer back when the login has another reason, or the pause of all is another", async () => {
    const { host, view, listener, stands, settings } = scene();
    const { onSnapshot } = await listener();
    const because = (reason: string) => ({
      ...snapshotOf([loginOf("a", { state: "retrying", reason })]),
      generatedAt: NOON,
    });
    stands(because("no answer"));
    onSnapshot(because("no answer"));
    settings.update((before) => ({ ...before, pauses: { "*": null } }));
    await host.commands.command("a", async () => [{ id: "a", sentence: "No answer." }]);
    await host.commands.command("*", async () => [{ id: "all", sentence: "Pings are paused." }]);
    host.commands.say("The window ended.");
    expect(Object.keys(view.get().answers)).toEqual(["a", "*"]);
    await host.commands.command("*", async () => [{ id: "all", sentence: "Pings are paused." }]);
    settings.update((before) => ({ ...before, pauses: {} }));
    onSnapshot(because("HTTP 500"));
    expect(view.get().answers).toEqual({});
  });

  it("tells what a command answered though a look at the file after it fails", async () => {
    const { host, view, listener, stands } = scene();
    (await listener()).onSnapshot(snapshotOf([loginOf("a")]));
    stands(null);
    await host.commands.command("a", async () => [{ id: "a", sentence: "Refreshed." }]);
    expect(lookUp(view.get().answers, "a")?.sentence).toBe("Refreshed.");
  });

  it("shows what is wrong with the settings for as long as it is", async () => {
    const { host, view, listener } = scene();
    await listener();
    host.settingsProblem("The settings file cannot be used.");
    expect(view.get().settingsProblem).toBe("The settings file cannot be used.");
    host.settingsProblem(null);
    expect(view.get()).toMatchObject({ settingsProblem: null, answers: {} });
  });

  it("hears a command out that is under way when it is stopped, and starts none after that", async () => {
    const { host, listener, hold, gate, calls } = scene();
    (await listener()).onSnapshot(snapshotOf([loginOf("a"), loginOf("b")]));
    hold();
    void host.commands.command("a", (engine, signal) => engine.refresh(["a"], signal));
    let stopped = false;
    const stopping = host.stop().then(() => {
      stopped = true;
    });
    await vi.waitFor(() => expect(calls).toContain("stop"));
    expect(stopped).toBe(false);
    await host.commands.command("b", (engine) => engine.refresh(["b"]));
    gate.open();
    await stopping;
    expect(calls).toEqual(["refresh a", "stop", "refreshed while stopping"]);
  });
});
