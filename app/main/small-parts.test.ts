import { describe, expect, it } from "vitest";
import { createEnding } from "./ending.ts";
import { instanceOf } from "./instance.ts";
import { demoOpener } from "./open-demo.ts";
import { isAllowed } from "./security.ts";
import { otherFileSentence, readSecondStart } from "./single-instance.ts";
import { trayImagePath } from "./tray-image.ts";

const NO_FLAGS = { tokenUrls: [], apiUrls: [] } as const;
const around = (env: Readonly<Record<string, string>> = {}) => ({
  env,
  home: "/home/ann",
  cwd: "/work",
  platform: "linux" as const,
});

describe("which Pilot Light this is", () => {
  it("is the everyday one, beside the settings, without a state dir of its own", () => {
    const { userData, isOwn } = instanceOf({ kind: "launch", hidden: false, demo: false, flags: NO_FLAGS }, around());
    expect({ userData, isOwn }).toEqual({ userData: "/home/ann/.config/pilot-light", isOwn: false });
  });

  it.each([
    [{ ...NO_FLAGS, stateDir: "own" }, {}],
    [NO_FLAGS, { PILOT_LIGHT_STATE_DIR: "/work/own" }],
  ])("is another one inside its state dir: %j %j", (flags, env) => {
    const launch = { kind: "launch", hidden: true, demo: false, flags } as const;
    expect(instanceOf(launch, around(env))).toMatchObject({ userData: "/work/own/electron", isOwn: true });
  });
});

describe("a second start", () => {
  it("tells whether it was hidden and which file it was meant for", () => {
    const launch = { kind: "launch", hidden: true, demo: false, flags: { ...NO_FLAGS, authFile: "a.json" } } as const;
    const { secondStart } = instanceOf(launch, around());
    expect(readSecondStart(secondStart)).toEqual({ hidden: true, authFile: "/work/a.json" });
    expect(readSecondStart("nonsense")).toEqual({ hidden: false, authFile: null });
  });

  it("names its file as the system does", () => {
    const launch = {
      kind: "launch",
      hidden: false,
      demo: false,
      flags: { ...NO_FLAGS, authFile: String.raw`C:\x\a.json` },
    } as const;
    const windows = { env: {}, home: String.raw`C:\Users\ann`, cwd: String.raw`C:\work`, platform: "win32" as const };
    expect(instanceOf(launch, windows).secondStart.authFile).toBe(String.raw`C:\x\a.json`);
  });

  it("that was meant for another file says how to watch both", () => {
    expect(otherFileSentence("/a", { hidden: false, authFile: "/b" })).toContain("--state-dir");
    expect(otherFileSentence("/a", { hidden: false, authFile: "/a" })).toBe(null);
    expect(otherFileSentence("/a", { hidden: false, authFile: null })).toBe(null);
  });
});

describe("the window's requests", () => {
  it.each([
    ["file:///opt/app/out/renderer/index.html", true],
    ["file:///opt/app/out/renderer/index.js#x", true],
    ["file:///opt/app/out/renderer/../../package.json", false],
    ["file:///opt/app/out/renderer/%2e%2e/main/index.cjs", false],
    ["file:///etc/passwd", false],
    ["https://example.com/", false],
    ["ws://127.0.0.1:1/", false],
    ["data:text/html,x", false],
    ["nonsense", false],
  ])("%s: %s", (url, allowed) => {
    expect(isAllowed(url, "file:///opt/app/out/renderer/")).toBe(allowed);
  });
});

describe("quitting", () => {
  it("stops, cleans up and ends once, however often it is asked for, and never before it is safe", async () => {
    const done: string[] = [];
    let release = (): void => undefined;
    const safe = new Promise<void>((resolve) => {
      release = resolve;
    });
    let beforeQuit = (_event: { preventDefault(): void }): void => undefined;
    const ended = new Promise<void>((resolve) => {
      const app = {
        on: (_name: string, listener: typeof beforeQuit) => {
          beforeQuit = listener;
          return app;
        },
        exit: () => {
          done.push("exit");
          resolve();
        },
      };
      const ending = createEnding({
        app: app as never,
        onBegin: () => done.push("begin"),
        stop: async () => {
          await safe;
          done.push("stopped");
        },
        cleanUp: async () => void done.push("clean"),
      });
      beforeQuit({ preventDefault: () => done.push("held") });
      ending.begin();
    });
    expect(done).toEqual(["held", "begin"]);
    release();
    await ended;
    expect(done).toEqual(["held", "begin", "stopped", "clean", "exit"]);
  });

  it("ends even when cleaning up fails", async () => {
    await new Promise<void>((resolve) => {
      const app = { on: () => app, exit: () => resolve() };
      createEnding({
        app: app as never,
        onBegin: () => undefined,
        stop: () => Promise.reject(new Error("no")),
        cleanUp: () => Promise.reject(new Error("no")),
      }).begin();
    });
  });
});

describe("the demo as a second app", () => {
  it.each([
    [{ appFolder: "/work", unsandboxed: true }, ["--no-sandbox", "/work", "--demo"]],
    [{ appFolder: null, unsandboxed: false }, ["--demo"]],
  ])("is started from %j", async (how, args) => {
    const started: (readonly string[])[] = [];
    const start = async (file: string, words: readonly string[]) => {
      started.push([file, ...words]);
      return true;
    };
    await demoOpener({ start, now: () => 0, execPath: "/opt/pilot-light", ...how })();
    expect(started).toEqual([["/opt/pilot-light", ...args]]);
  });

  it("is opened once, however often it is asked for", async () => {
    let now = 0;
    let started = 0;
    const open = demoOpener({
      start: async () => {
        started += 1;
        return true;
      },
      now: () => now,
      execPath: "/x",
      appFolder: null,
      unsandboxed: false,
    });
    await open();
    await expect(open()).rejects.toThrow("give it a moment");
    expect(started).toBe(1);
    now = 10_000;
    await open();
    expect(started).toBe(2);
  });

  it("says another way when it cannot be started", async () => {
    const open = demoOpener({
      start: async () => false,
      now: () => 0,
      execPath: "/x",
      appFolder: null,
      unsandboxed: false,
    });
    await expect(open()).rejects.toThrow("pilot-light demo");
  });
});

describe("the tray's picture", () => {
  it.each([
    ["linux", "resources/tray/needs-you.png"],
    ["darwin", "resources/tray/needs-youTemplate.png"],
    ["win32", "resources/tray/needs-you.ico"],
  ] as const)("on %s is %s", (platform, path) => {
    expect(trayImagePath("needs-you", platform)).toBe(path);
  });
});
