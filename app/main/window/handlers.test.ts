import { describe, expect, it } from "vitest";
import { UserError } from "../../shared/data/errors.ts";
import { loginOf, NOON } from "../../shared/testing/snapshots.ts";
import { HINT, viewOf } from "../../shared/testing/views.ts";
import type { SettingsChange } from "../../shared/view/settings-change.ts";
import { testSettings } from "../testing/settings.ts";
import { createHandlers, type HandlerDeps } from "./handlers.ts";
import { createViewStore } from "./view-store.ts";

function scene(change: Partial<HandlerDeps> = {}, first = viewOf([loginOf("a")])) {
  const view = createViewStore(first);
  const copied: string[] = [];
  const commands: string[] = [];
  const settings = testSettings();
  const [opened, said]: [string[], string[]] = [[], []];
  const handlers = createHandlers({
    view,
    host: {
      commands: {
        command: async (target) => void commands.push(target),
        say: (sentence) => void said.push(sentence),
        fail: () => undefined,
      },
      settings: () => settings,
      unexpected: () => undefined,
      shown: () => undefined,
      story: async () => ({ events: [], spans: [] }),
      again: () => void said.push("again"),
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
    mayOpen: () => true,
    mayChange: () => true,
    copy: (text) => void copied.push(text),
    shell: {
      openPath: async (path) => {
        opened.push(`open ${path}`);
        return "";
      },
      showItemInFolder: (path) => void opened.push(`show ${path}`),
    },
    exists: async () => true,
    setSettingsAside: async () => "/s.broken",
    openTerminal: async (command) => void opened.push(`terminal ${command}`),
    openDemo: async () => undefined,
    fit: () => undefined,
    quit: () => undefined,
    ...change,
  });
  return { handlers, view, copied, commands, opened, said, settings };
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
    "copies or runs a sign-in command and nothing else, whatever the provider is called: %s",
    async (provider) => {
      const { handlers, copied, opened } = scene();
      await handlers.copySignInHint(provider);
      expect(copied).toEqual([HINT]);
      await handlers.signIn(provider);
      expect(opened).toEqual([`terminal ${HINT}`]);
    },
  );

  it("runs nothing before the command is known", () => {
    const { handlers, opened } = scene({}, { ...viewOf([]), providers: [] });
    expect(() => handlers.signIn("anthropic")).toThrow("still starting");
    expect(opened).toEqual([]);
  });

  it("puts back only what the view offers, and that very pair", async () => {
    const offer = { id: "a", why: "ended", since: null, fingerprint: "fp", seenAt: 1, obstacle: null } as const;
    const { handlers, commands } = scene({}, viewOf([loginOf("a")], { rescuables: [offer] }));
    await handlers.rescue("a", "fp");
    await handlers.forget("gone");
    expect(commands).toEqual(["a", "gone"]);
    expect(() => handlers.rescue("a", "another")).toThrow("What was found for a has changed in the meantime.");
    expect(() => handlers.rescue("b", "fp")).toThrow("has changed");
    expect(commands).toHaveLength(2);
  });

  it("notes once when the notice was on the screen, and that it asks", async () => {
    const { handlers, settings } = scene();
    await handlers.noticeShown();
    expect(settings.stored()).toEqual({ pingNoticeAt: NOON, pingAsked: true });
    const old = scene();
    old.settings.put(["pingNoticeAt"], 1);
    await old.handlers.noticeShown();
    expect(old.settings.stored()).toEqual({ pingNoticeAt: 1 });
  });

  it.each<[SettingsChange, unknown]>([
    [{ key: "ping.mode", value: "off" }, { ping: { mode: "off", later: 7 } }],
    [{ key: "ping.dailyTokens", value: 0 }, { ping: { dailyTokens: 0, later: 7 } }],
    [
      { key: "schedule", value: "classic" },
      { ping: { later: 7 }, schedule: "classic" },
    ],
    [
      { key: "notifications", kind: "files", value: false },
      { ping: { later: 7 }, notifications: { files: false } },
    ],
    [
      { key: "names", login: "a", value: "work" },
      { ping: { later: 7 }, names: { a: "work" } },
    ],
    [
      { key: "pingModel", provider: "anthropic", value: "m" },
      { ping: { later: 7 }, providers: { anthropic: { pingModel: "m" } } },
    ],
  ])("puts into the settings what was changed, and nothing else: %j", async (change, stored) => {
    const { handlers, settings } = scene();
    settings.put(["ping", "later"], 7);
    await handlers.changeSettings(change);
    expect(settings.stored()).toEqual(stored);
  });

  it("takes out what shall be the default again, in its old place too", async () => {
    const { handlers, settings } = scene();
    settings.put(["ping", "model"], "old");
    settings.put(["names", "a"], "work");
    await handlers.changeSettings({ key: "pingModel", provider: "anthropic", value: "m" });
    await handlers.changeSettings({ key: "pingModel", provider: "anthropic", value: null });
    await handlers.changeSettings({ key: "names", login: "a", value: null });
    expect(settings.stored()).toEqual({});
  });

  it.each<SettingsChange>([
    { key: "names", login: "nobody", value: "x" },
    { key: "names", login: "__proto__", value: "x" },
    { key: "pingModel", provider: "constructor", value: "x" },
  ])("changes nothing of a login or a provider that nobody has: %j", async (change) => {
    const { handlers, settings } = scene();
    expect(() => handlers.changeSettings(change)).toThrow("There is no such");
    expect(settings.stored()).toEqual({});
  });

  it("sets the settings aside, says where they are, and tries to start at once", async () => {
    const { handlers, said } = scene();
    await handlers.setSettingsAside();
    expect(said).toEqual([expect.stringContaining("/s.broken"), "again"]);
  });

  it("opens, shows and copies the places that it knows, and refuses to open the credential file", async () => {
    const { handlers, opened, copied } = scene();
    const { settingsFile, stateDir, logFile } = viewOf([]);
    await handlers.usePlace("settingsFile", "open");
    await handlers.usePlace("stateDir", "open");
    await handlers.usePlace("log", "show");
    await handlers.usePlace("authFile", "copy");
    expect(opened).toEqual([`open ${settingsFile}`, `open ${stateDir}`, `show ${logFile}`]);
    expect(copied).toEqual(["/home/ann/.local/share/opencode/auth.json"]);
    await expect(handlers.usePlace("authFile", "open")).rejects.toThrow("cannot be done");
    expect(opened).toHaveLength(3);
  });

  it("says why a place was not opened", async () => {
    const missing = scene({ exists: async () => false });
    await expect(missing.handlers.usePlace("settingsFile", "open")).rejects.toThrow("is not there yet");
    const shell = { openPath: async () => "Failed to open: SECRET", showItemInFolder: () => undefined };
    await expect(scene({ shell }).handlers.usePlace("log", "open")).rejects.toThrow(/could not be opened: this system/);
    const early = scene({}, { ...viewOf([]), snapshot: null });
    await expect(early.handlers.usePlace("authFile", "copy")).rejects.toThrow("still starting");
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

  it("refuses changes and openings beyond what a person asks for", async () => {
    const { handlers, settings, opened } = scene({ mayChange: () => false, mayOpen: () => false });
    expect(() => handlers.changeSettings({ key: "schedule", value: "classic" })).toThrow("too much at once");
    expect(settings.stored()).toEqual({});
    await handlers.usePlace("log", "open");
    expect(opened).toEqual([]);
  });

  it("tells nothing of a login that nobody has", async () => {
    await expect(scene().handlers.loginStory("nobody")).rejects.toThrow("There is no such login.");
    expect(await scene().handlers.loginStory("a")).toMatchObject({ lines: [] });
  });
});
