import { describe, expect, it, vi } from "vitest";
import { viewOf } from "../../shared/testing/views.ts";
import { createViewStore } from "../window/view-store.ts";
import { createTrayWatch } from "./watch.ts";

/** A session whose bus says what `host.there` says, and a clock that stands until it is moved on. */
function scene() {
  const view = createViewStore(viewOf([], { tray: "waiting" }));
  const host = { there: false };
  const missing: string[] = [];
  const sleeps: (() => void)[] = [];
  let now = 0;
  const watch = createTrayWatch({
    surroundings: {
      // As gdbus answers: is there a watcher, what is its name, does it have a host?
      runProgram: async (_file, args) => {
        const text = args.join(" ");
        if (text.includes("GetNameOwner")) return { code: 0, stdout: "(':1.5',)\n" };
        return { code: 0, stdout: text.includes("Properties") ? `(<${host.there}>,)\n` : "(true,)\n" };
      },
      env: { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere" },
      platform: "linux",
    },
    clock: {
      monotonic: () => now,
      sleep: (ms) =>
        new Promise((resolve) =>
          sleeps.push(() => {
            now += ms;
            resolve();
          }),
        ),
    },
    view,
    onMissing: () => missing.push("missing"),
  });
  /** Lets the watch look until `isSo`. */
  const until = (isSo: () => boolean) =>
    vi.waitFor(() => {
      if (isSo()) return;
      sleeps.shift()?.();
      throw new Error("not yet");
    });
  return { watch, view, host, missing, until };
}

describe("the tray watch", () => {
  it("says that no tray is there, once, and finds one that comes late", async () => {
    const { watch, view, host, missing, until } = scene();
    watch.look();
    await until(() => view.get().tray === "missing");
    expect(missing).toHaveLength(1);
    host.there = true;
    await until(() => view.get().tray === "shown");
    expect(missing).toHaveLength(1);
  });

  it("notices, when asked, that the panel has gone for good, and looks for it anew", async () => {
    const { watch, view, host, until } = scene();
    host.there = true;
    watch.look();
    await until(() => view.get().tray === "shown");
    expect(await watch.isThere()).toBe(true);
    host.there = false;
    expect(await watch.isThere()).toBe(false);
    expect(view.get().tray).toBe("missing");
    host.there = true;
    await until(() => view.get().tray === "shown");
  });
});
