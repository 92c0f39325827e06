/** For tests: the keeper of the app over an engine of which only what these tests need is there. */
import { vi } from "vitest";
import type { Engine, RunListener } from "../../keeper/api.ts";
import type { Snapshot } from "../../shared/login/snapshot.ts";
import type { Stored } from "../../shared/setting-keys.ts";
import { NOON, snapshotOf } from "../../shared/testing/snapshots.ts";
import { PROVIDER, viewOf } from "../../shared/testing/views.ts";
import { type Brought, createKeeperHost } from "../start/keeper-host.ts";
import { createViewStore } from "../window/view-store.ts";
import { testSettings } from "./settings.ts";

export function hostScene(
  options: {
    readonly bringUp?: () => void;
    readonly settings?: Stored;
    readonly ping?: Brought["ping"];
    readonly isShown?: () => boolean;
  } = {},
) {
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
    keptCopies: async () => {
      calls.push("look");
      return [{ id: "gone", label: "old", erasedAt: NOON }];
    },
    rescuables: async () => [],
  } satisfies Pick<Engine, "status" | "run" | "refresh" | "tokensToday" | "keptCopies" | "rescuables">;
  const sleeps: (() => void)[] = [];
  const host = createKeeperHost({
    bringUp: async (): Promise<Brought> => {
      options.bringUp?.();
      return {
        engine: engine as unknown as Engine,
        settings,
        ping: options.ping ?? { mode: "message", source: "default", chosen: false },
        providers: () => [{ ...PROVIDER, pingTarget: settings.read().ping.model ?? "the default" }],
      };
    },
    view,
    isShown: () => options.isShown?.() ?? false,
    clock: {
      now: () => NOON,
      sleep: (_ms, signal) =>
        new Promise((resolve) => {
          sleeps.push(resolve);
          signal?.addEventListener("abort", () => resolve());
        }),
    },
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
