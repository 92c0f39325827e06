import { describe, expect, it } from "vitest";
import { settingsDir, stateDir } from "./paths.ts";

const LINUX = { platform: "linux", home: "/home/ann" } as const;
const MAC = { platform: "darwin", home: "/Users/ann" } as const;
const WINDOWS = { platform: "win32", home: "C:\\Users\\ann" } as const;

describe("the state dir", () => {
  it("stands where the platform keeps state", () => {
    expect(stateDir(LINUX)).toBe("/home/ann/.local/state/pilot-light");
    expect(stateDir({ ...LINUX, xdgStateHome: "/data/state" })).toBe("/data/state/pilot-light");
    expect(stateDir(MAC)).toBe("/Users/ann/Library/Application Support/Pilot Light");
    expect(stateDir(WINDOWS)).toBe("C:\\Users\\ann\\AppData\\Local\\Pilot Light");
    expect(stateDir({ ...WINDOWS, localAppData: "D:\\Local" })).toBe("D:\\Local\\Pilot Light");
  });

  it("is what the flag says, else what the environment says, made absolute", () => {
    expect(stateDir({ ...LINUX, flag: "/a", env: "/b" })).toBe("/a");
    expect(stateDir({ ...LINUX, flag: "", env: "/b" })).toBe("/b");
    expect(stateDir({ ...LINUX, flag: "x/../y", cwd: "/work" })).toBe("/work/y");
    expect(stateDir({ ...WINDOWS, flag: "y", cwd: "E:\\work" })).toBe("E:\\work\\y");
  });

  it.each(["", "relative/state"])("ignores XDG_STATE_HOME=%j", (xdgStateHome) => {
    expect(stateDir({ ...LINUX, xdgStateHome })).toBe("/home/ann/.local/state/pilot-light");
  });
});

describe("the settings folder", () => {
  it("is the platform's config folder", () => {
    expect(settingsDir(LINUX)).toBe("/home/ann/.config/pilot-light");
    expect(settingsDir({ ...LINUX, xdgConfigHome: "/etc/ann" })).toBe("/etc/ann/pilot-light");
    expect(settingsDir({ ...LINUX, xdgConfigHome: "etc" })).toBe("/home/ann/.config/pilot-light");
    expect(settingsDir(MAC)).toBe("/Users/ann/Library/Application Support/pilot-light");
    expect(settingsDir(WINDOWS)).toBe("C:\\Users\\ann\\AppData\\Roaming\\pilot-light");
    expect(settingsDir({ ...WINDOWS, appData: "D:\\Roaming" })).toBe("D:\\Roaming\\pilot-light");
  });

  it("lies inside a state dir that was chosen, so that such an instance is its own", () => {
    expect(settingsDir({ ...LINUX, flag: "/a" })).toBe("/a");
    expect(settingsDir({ ...LINUX, env: "/b" })).toBe("/b");
  });
});
