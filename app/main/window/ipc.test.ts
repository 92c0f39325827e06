import type { IpcMainInvokeEvent } from "electron";
import { describe, expect, it } from "vitest";
import { UserError } from "../../shared/data/errors.ts";
import { viewOf } from "../../shared/testing/views.ts";
import { CONTRACT, callNames, channelOf, eventNames } from "../../shared/view/contract.ts";
import { notingHandlers } from "../testing/handlers.ts";
import { answer, registerHandlers } from "./ipc.ts";

type Listener = (event: IpcMainInvokeEvent, ...args: readonly unknown[]) => unknown;

function scene(isOurPage = true) {
  const calls: (readonly unknown[])[] = [];
  const channels = new Map<string, Listener>();
  registerHandlers({
    ipcMain: { handle: (channel, listener) => void channels.set(channel, listener) },
    handlers: notingHandlers(calls),
    isOurPage: () => isOurPage,
  });
  const invoke = (channel: string, ...args: readonly unknown[]) =>
    channels.get(channel)?.({} as IpcMainInvokeEvent, ...args);
  return { calls, channels, invoke };
}

describe("main's end of the contract", () => {
  it("answers every call and nothing else", () => {
    const { channels } = scene();
    expect([...channels.keys()]).toEqual(callNames().map(channelOf));
    expect([...callNames(), ...eventNames()].toSorted()).toEqual(Object.keys(CONTRACT).toSorted());
  });

  it("passes arguments on as they are", async () => {
    const { calls, invoke } = scene();
    expect(await invoke(channelOf("pausePings"), "anthropic", 3_600_000)).toEqual({ ok: true, value: undefined });
    expect(calls).toEqual([["pausePings", "anthropic", 3_600_000]]);
  });

  it.each<[string, readonly unknown[]]>([
    ["no argument", []],
    ["one too many", ["anthropic", "x"]],
    ["another type", [{ id: "anthropic" }]],
    ["an empty id", [""]],
    ["an endless id", ["x".repeat(10_000)]],
  ])("refuses %s", async (_what, args) => {
    const { calls, invoke } = scene();
    expect(await invoke(channelOf("refresh"), ...args)).toMatchObject({ ok: false });
    expect(calls).toEqual([]);
  });

  it.each([0, -1, 1.5, Number.NaN, 10 ** 15])("refuses a pause of %d ms", async (ms) => {
    const { calls, invoke } = scene();
    expect(await invoke(channelOf("pausePings"), null, ms)).toMatchObject({ ok: false });
    expect(calls).toEqual([]);
  });

  it("does nothing for another page", async () => {
    const { calls, invoke } = scene(false);
    for (const name of callNames()) expect(await invoke(channelOf(name), "anthropic")).toMatchObject({ ok: false });
    expect(calls).toEqual([]);
  });

  it("gives the view, cut to what the contract names", async () => {
    const leaky = { ...viewOf([]), token: "SECRET" };
    const reply = await answer({ ...notingHandlers([]), getView: () => leaky }, "getView", []);
    expect(reply).toEqual({ ok: true, value: viewOf([]) });
  });

  it("turns an error into its sentence, and an unexpected one into a sentence that quotes nothing of it", async () => {
    const failing = (error: unknown) => ({
      ...notingHandlers([]),
      quit: () => {
        throw error;
      },
    });
    expect(await answer(failing(new UserError("Try later.", 3)), "quit", [])).toEqual({
      ok: false,
      sentence: "Try later.",
    });
    const reply = await answer(failing(new Error("SECRET")), "quit", []);
    expect(reply).toEqual({ ok: false, sentence: "It did not work: an unexpected error. Try again." });
  });
});
