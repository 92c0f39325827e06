import { describe, expect, it } from "vitest";
import { UserError } from "../../shared/data/errors.ts";
import { parseSettings, type Settings } from "../../shared/settings.ts";
import { NOON } from "../../shared/testing/snapshots.ts";
import { HINT, viewOf } from "../../shared/testing/views.ts";
import { createHandlers, type HandlerDeps } from "./handlers.ts";
import { createViewStore } from "./view-store.ts";

function scene(change: Partial<HandlerDeps> = {}) {
  const view = createViewStore(viewOf([]));
  const copied: string[] = [];
  const commands: string[] = [];
  let settings: Settings = parseSettings({});
  const store = {
    read: () => settings,
    update: (next: (before: Settings) => Settings) => {
      settings = next(settings);
    },
    onChange: () => () => undefined,
  };
  const handlers = createHandlers({
    view,
    host: {
      commands: {
        command: async (target) => void commands.push(target),
        say: () => undefined,
        fail: () => undefined,
      },
      settings: () => store,
      settingsProblem: () => undefined,
      wake: () => undefined,
      stop: async () => undefined,
    },
    startAtLogin: {
      read: async () => ({ on: false, locked: null }),
      set: async () => undefined,
      repair: async () => undefined,
    },
    now: () => NOON,
    copy: (text) => void copied.push(text),
    openDemo: async () => undefined,
    fit: () => undefined,
    quit: () => undefined,
    ...change,
  });
  return { handlers, view, copied, commands, settings: () => settings };
}

describe("what the window asks for", () => {
  it("works on the login that was named, or on all", async () => {
    const { handlers, commands } = scene();
    await handlers.refresh("a");
    await handlers.refreshAll();
    await handlers.pausePings(null, 1);
    await handlers.resumePings("b");
    expect(commands).toEqual(["a", "*", "*", "b"]);
  });

  it.each(["anthropic", "another", "constructor", "__proto__", "toString"])(
    "copies a sign-in command and nothing else, whatever the provider is called: %s",
    async (provider) => {
      const { handlers, copied } = scene();
      await handlers.copySignInHint(provider);
      expect(copied).toEqual([HINT]);
    },
  );

  it("notes once when the notice was on the screen", async () => {
    const { handlers, settings } = scene();
    await handlers.noticeShown();
    expect(settings().pingNoticeAt).toBe(NOON);
  });

  it("shows what is true of start at login, even when switching it failed", async () => {
    const { handlers, view } = scene({
      startAtLogin: {
        read: async () => ({ on: false, locked: { kind: "foreignFile", path: "/a" } }),
        set: () => Promise.reject(new UserError("Not ours.", 3)),
        repair: async () => undefined,
      },
    });
    await expect(handlers.setStartAtLogin(true)).rejects.toThrow("Not ours.");
    expect(view.get().startAtLogin).toEqual({ on: false, locked: { kind: "foreignFile", path: "/a" } });
  });
});
