import { describe, expect, it, vi } from "vitest";
import { lookUp } from "../../shared/data/by-id.ts";
import { UserError } from "../../shared/data/errors.ts";
import { loginOf, NOON, snapshotOf } from "../../shared/testing/snapshots.ts";
import { PROVIDER } from "../../shared/testing/views.ts";
import { hostScene } from "../testing/host.ts";

describe("the keeper in the app", () => {
  it("puts role, snapshot and tokens of the day into the view", async () => {
    const { view, listener } = hostScene();
    const { onRole, onSnapshot } = await listener();
    onRole({ name: "viewer", keeperPid: 7 });
    onSnapshot(snapshotOf([loginOf("anthropic")]));
    await vi.waitFor(() => expect(view.get().tokensToday).toEqual({ anthropic: 96 }));
    expect(view.get().role).toEqual({ name: "viewer", keeperPid: 7 });
    expect(view.get().snapshot?.accounts).toHaveLength(1);
  });

  it("tells of the providers together with the notice, and again when the settings change", async () => {
    const { view, settings, listener } = hostScene();
    const seen: string[] = [];
    view.onChange(({ notice, providers }) => {
      if (notice !== null) seen.push(providers.map(({ pingTarget }) => pingTarget).join());
    });
    await listener();
    expect(seen[0]).toBe("the default");
    settings.update((before) => ({ ...before, ping: { ...before.ping, model: "another" } }));
    expect(view.get().providers).toEqual([{ ...PROVIDER, pingTarget: "another" }]);
  });

  it("writes down an error that nobody expected, without what it says, and goes on", async () => {
    const { host, view, logged, listener } = hostScene();
    await listener();
    host.unexpected(new TypeError("refused: my-refresh-token"));
    expect(view.get()).toMatchObject({ unexpectedAt: NOON, problem: null });
    expect(lookUp(view.get().answers, "*")?.sentence).toMatch(/^Something went wrong in Pilot Light\. /);
    expect(JSON.stringify(logged)).toContain("keeper-host.test.ts");
    expect(JSON.stringify(logged)).not.toContain("my-refresh-token");
  });

  it("does not take a new time alone for news", async () => {
    const { view, listener } = hostScene();
    const { onSnapshot } = await listener();
    onSnapshot(snapshotOf([]));
    const first = view.get().snapshot;
    onSnapshot({ ...snapshotOf([]), generatedAt: NOON + 5 });
    expect(view.get().snapshot).toBe(first);
  });

  it("says why it cannot start, and tries again until it can", async () => {
    let broken = true;
    const { view, listener, sleeps } = hostScene({
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

  it("marks a login as busy while a command is at work, and notes what came of it", async () => {
    const { host, view, listener, hold, gate, calls } = hostScene();
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
    const { host, view, listener, hold, gate } = hostScene();
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
    const { host, view, listener } = hostScene();
    (await listener()).onSnapshot(snapshotOf([loginOf("a"), loginOf("b")]));
    await host.commands.command("a", () => Promise.reject(new UserError("There is no login a.", 2)));
    await host.commands.command("*", () => Promise.reject(new Error("SECRET")));
    expect(lookUp(view.get().answers, "a")?.sentence).toBe("There is no login a.");
    expect(lookUp(view.get().answers, "*")?.sentence).toBe("It did not work: an unexpected error. Try again.");
  });

  it("refuses a login that nobody has, and forgets what was said of one that is gone", async () => {
    const { host, view, listener } = hostScene();
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
    const { host, view, listener, stands } = hostScene();
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
    const { host, view, listener, stands, settings } = hostScene();
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
    const { host, view, listener, stands } = hostScene();
    (await listener()).onSnapshot(snapshotOf([loginOf("a")]));
    stands(null);
    await host.commands.command("a", async () => [{ id: "a", sentence: "Refreshed." }]);
    expect(lookUp(view.get().answers, "a")?.sentence).toBe("Refreshed.");
  });

  it("hears a command out that is under way when it is stopped, and starts none after that", async () => {
    const { host, listener, hold, gate, calls } = hostScene();
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
