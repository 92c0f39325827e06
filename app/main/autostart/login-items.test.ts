import { describe, expect, it } from "vitest";
import { createFiles } from "../../platform/files/files.ts";
import { createStartAtLogin } from "./index.ts";
import { isLoginLaunch, type LoginItemsApp } from "./login-items.ts";

type Settings = ReturnType<LoginItemsApp["getLoginItemSettings"]>;
type Call = readonly ["get" | "set", unknown];

const OFF: Settings = {
  openAtLogin: false,
  wasOpenedAtLogin: false,
  status: "not-registered",
  executableWillLaunchAtLogin: false,
  launchItems: [],
};

/** A system whose answers follow from what was set, as `after` says. */
function system(platform: "darwin" | "win32", before: Settings, after: (on: boolean) => Settings) {
  const calls: Call[] = [];
  let now = before;
  const app = {
    getLoginItemSettings(options) {
      calls.push(["get", options]);
      return now;
    },
    setLoginItemSettings(settings) {
      calls.push(["set", settings]);
      now = after(settings.openAtLogin === true);
    },
  } satisfies LoginItemsApp;
  const login = createStartAtLogin({
    platform,
    env: {},
    home: "/nowhere",
    execPath: platform === "win32" ? "C:\\Program Files\\Pilot Light\\Pilot Light.exe" : "/Applications/Pilot Light",
    isPackaged: true,
    ownInstance: false,
    files: createFiles(),
    tempId: () => "t",
    app,
  });
  return { calls, login };
}

const mac = (on: boolean): Settings => ({ ...OFF, openAtLogin: on, status: on ? "enabled" : "not-registered" });
/** Electron reads `openAtLogin` under the name of the app's user model id, where we do not write. */
const windows = (on: boolean): Settings => ({ ...OFF, executableWillLaunchAtLogin: on });
const WAITING: Settings = { ...OFF, status: "requires-approval" };
const COMMAND = { path: '"C:\\Program Files\\Pilot Light\\Pilot Light.exe"', args: ["--hidden"] };

describe("the login item of macOS", () => {
  it("is set and read back", async () => {
    const { calls, login } = system("darwin", OFF, mac);
    expect(await login.read()).toEqual({ on: false, locked: null });
    await login.set(true);
    expect(await login.read()).toEqual({ on: true, locked: null });
    await login.set(false);
    expect(await login.read()).toEqual({ on: false, locked: null });
    expect(calls.filter(([what]) => what === "set")).toEqual([
      ["set", { openAtLogin: true }],
      ["set", { openAtLogin: false }],
    ]);
  });

  it("waits for the user's approval, and says so", async () => {
    const { login } = system("darwin", OFF, () => WAITING);
    await login.set(true);
    expect(await login.read()).toEqual({
      on: false,
      locked: { kind: "approval" },
    });
  });

  it("says when macOS does not take it, or keeps it", async () => {
    await expect(system("darwin", OFF, () => OFF).login.set(true)).rejects.toThrow("macOS did not take the login item");
    await expect(system("darwin", mac(true), () => mac(true)).login.set(false)).rejects.toThrow(
      "macOS kept the login item",
    );
  });
});

describe("the login item of Windows", () => {
  it("is set and read back with the same quoted path and arguments", async () => {
    const { calls, login } = system("win32", OFF, windows);
    await login.set(true);
    expect(await login.read()).toEqual({ on: true, locked: null });
    await login.set(false);
    expect(await login.read()).toEqual({ on: false, locked: null });
    expect(calls.filter(([what]) => what === "set")).toEqual([
      ["set", { ...COMMAND, name: "Pilot Light", openAtLogin: true, enabled: true }],
      ["set", { ...COMMAND, name: "Pilot Light", openAtLogin: false, enabled: false }],
    ]);
    for (const [what, given] of calls) if (what === "get") expect(given).toEqual(COMMAND);
  });

  it("is off when the Task Manager switched it off", async () => {
    const { login } = system("win32", { ...OFF, openAtLogin: true }, windows);
    expect(await login.read()).toEqual({ on: false, locked: null });
  });

  it("says when Windows does not take it, or another entry starts it", async () => {
    await expect(system("win32", OFF, () => OFF).login.set(true)).rejects.toThrow(
      "Windows did not take the start entry",
    );
    const other = system("win32", windows(true), () => windows(true));
    await expect(other.login.set(false)).rejects.toThrow("Windows still starts it");
  });
});

describe("a start at login", () => {
  const asked = (wasOpenedAtLogin: boolean) => ({ getLoginItemSettings: () => ({ ...OFF, wasOpenedAtLogin }) });

  it.each<[boolean, NodeJS.Platform, boolean, boolean]>([
    [true, "linux", false, true],
    [false, "linux", true, false],
    [true, "win32", false, true],
    [false, "win32", true, false],
    [false, "darwin", true, true],
    [false, "darwin", false, false],
    [true, "darwin", false, true],
  ])("is known (--hidden: %s) on %s (opened at login: %s): %s", (hidden, platform, opened, answer) => {
    expect(isLoginLaunch({ hidden, platform, app: asked(opened) })).toBe(answer);
  });

  it("asks Electron on macOS only", () => {
    const app = {
      getLoginItemSettings: () => {
        throw new Error("asked");
      },
    };
    expect(isLoginLaunch({ hidden: false, platform: "linux", app })).toBe(false);
  });
});
