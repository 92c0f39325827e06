import { describe, expect, it, vi } from "vitest";
import { loginOf } from "../../shared/testing/snapshots.ts";
import { viewOf } from "../../shared/testing/views.ts";
import type { NotificationText } from "../../shared/words/notifications.ts";
import { createViewStore } from "../window/view-store.ts";
import type { Memory } from "./due.ts";
import { createNotifier } from "./notifier.ts";

const ENDED = ["work", "home"].map((id) => loginOf(id, { state: "signIn", reasonKind: "refused" }));

/** Time goes by whenever the notifier sleeps, and stands after so many sleeps. */
function scene(sleeps: number, answers: readonly boolean[] = [], write = (_memory: Memory): void => undefined) {
  let now = 1_000_000;
  let setBack = 0;
  let left = sleeps;
  let memory: Memory = {};
  const shown: { readonly text: NotificationText; readonly onClick: () => void }[] = [];
  const opened: (string | undefined)[] = [];
  const view = createViewStore(viewOf(ENDED));
  const answer = [...answers];
  const notifier = createNotifier({
    view,
    clock: {
      now: () => now - setBack,
      monotonic: () => now,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          left -= 1;
          now += ms;
          if (left >= 0) resolve();
          else signal?.addEventListener("abort", () => resolve());
        }),
    },
    graceMs: 5_000,
    memory: {
      read: () => memory,
      write: (next) => {
        write(next);
        memory = next;
      },
    },
    show: async (text, onClick) => {
      shown.push({ text, onClick });
      return answer.shift() ?? true;
    },
    open: (id) => void opened.push(id),
  });
  const setClockBack = (ms: number) => {
    setBack += ms;
  };
  return { notifier, view, shown, opened, memory: () => memory, setClockBack };
}

const calm = () => new Promise((resolve) => setImmediate(resolve));

describe("the notifier", () => {
  it("tells several of one kind together, and a click opens the first", async () => {
    const { notifier, shown, opened } = scene(5);
    await calm();
    expect(shown.map(({ text }) => text)).toEqual([
      { title: "2 logins need a sign-in", body: "work needs a sign-in\nhome needs a sign-in" },
    ]);
    shown[0]?.onClick();
    expect(opened).toEqual(["work"]);
    notifier.stop();
  });

  it("tries again until somebody shows it", async () => {
    const { notifier, shown, memory } = scene(9, [false, false, true]);
    await calm();
    expect(shown).toHaveLength(3);
    expect(JSON.stringify(memory())).not.toContain('"told":false');
    notifier.stop();
  });

  it("is not silent for hours once the clock was set back by hours", async () => {
    const { notifier, shown, setClockBack } = scene(5);
    setClockBack(10 * 3_600_000);
    await calm();
    expect(shown).toHaveLength(1);
    notifier.stop();
  });

  it("says nothing more once it is stopped", async () => {
    const { notifier, view, shown } = scene(0);
    notifier.stop();
    view.change((before) => ({ ...before, problem: "No room." }));
    await calm();
    expect(shown).toEqual([]);
  });

  it("are shown although what was told cannot be written down, for whatever reason", async () => {
    let fails = 2;
    const { shown } = scene(4, [], () => {
      fails -= 1;
      if (fails >= 0) throw new Error("the disk is full");
    });
    await vi.waitFor(() => expect(shown).toHaveLength(1));
    expect(shown[0]?.text.title).toBe("2 logins need a sign-in");
  });
});
