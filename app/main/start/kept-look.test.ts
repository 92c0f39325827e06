import { describe, expect, it, vi } from "vitest";
import type { KeptCopy } from "../../shared/login/kept.ts";
import { loginOf, NOON, snapshotOf } from "../../shared/testing/snapshots.ts";
import { viewOf } from "../../shared/testing/views.ts";
import { hostScene } from "../testing/host.ts";
import { createViewStore } from "../window/view-store.ts";
import { createKeptLook } from "./kept-look.ts";

describe("a look at what is kept of logins that are gone", () => {
  it("is taken where the snapshot changed and the window is open, and after a command", async () => {
    let open = false;
    const { host, view, calls, listener } = hostScene({ isShown: () => open });
    const { onSnapshot } = await listener();
    onSnapshot(snapshotOf([loginOf("a")]));
    expect(calls).toEqual([]);
    open = true;
    onSnapshot({ ...snapshotOf([loginOf("a")]), generatedAt: NOON + 5 });
    expect(calls).toEqual([]);
    host.shown();
    await vi.waitFor(() => expect(view.get().signedOut).toEqual([{ id: "gone", label: "old", erasedAt: NOON }]));
    onSnapshot(snapshotOf([]));
    await host.commands.command("gone", async () => []);
    expect(calls).toEqual(["look", "look", "look"]);
  });

  it("lets what was asked last count, and does without where the disk does not answer", async () => {
    const view = createViewStore(viewOf([]));
    const answers: ((copies: readonly KeptCopy[]) => void)[] = [];
    let broken = false;
    const engine = {
      keptCopies: () =>
        broken
          ? Promise.reject(new Error("no descriptors"))
          : new Promise<readonly KeptCopy[]>((resolve) => void answers.push(resolve)),
      rescuables: async () => [],
    };
    const look = createKeptLook({ view, engine: () => engine, isShown: () => true });
    const looks = [look(), look()];
    answers[1]?.([{ id: "new", erasedAt: 2 }]);
    answers[0]?.([{ id: "old", erasedAt: 1 }]);
    await Promise.all(looks);
    expect(view.get().signedOut).toEqual([{ id: "new", label: "new", erasedAt: 2 }]);
    broken = true;
    await look();
    expect(view.get().signedOut).toHaveLength(1);
  });
});
