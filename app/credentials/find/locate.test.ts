import { describe, expect, it } from "vitest";
import { credentialPath, type WhereToLook } from "./locate.ts";

const linux: WhereToLook = { flag: null, env: {}, settings: null, home: "/home/ada", cwd: "/work", platform: "linux" };
const windows: WhereToLook = { ...linux, home: "C:\\Users\\Ada", cwd: "D:\\work", platform: "win32" };

describe("credentialPath", () => {
  it("takes the flag before the environment, that before the settings, and these before the default", () => {
    const all = { ...linux, flag: "/f", env: { PILOT_LIGHT_AUTH_FILE: "/e", XDG_DATA_HOME: "/x" }, settings: "/s" };
    expect(credentialPath(all)).toEqual({ path: "/f", source: "flag" });
    expect(credentialPath({ ...all, flag: "" })).toEqual({ path: "/e", source: "env" });
    const noEnv = { ...all, flag: undefined, env: { PILOT_LIGHT_AUTH_FILE: "", XDG_DATA_HOME: "/x" } };
    expect(credentialPath(noEnv)).toEqual({ path: "/s", source: "settings" });
    expect(credentialPath({ ...noEnv, settings: "" })).toEqual({ path: "/x/opencode/auth.json", source: "default" });
  });

  it.each(["linux", "darwin"])("has the same default on %s", (platform) => {
    expect(credentialPath({ ...linux, platform }).path).toBe("/home/ada/.local/share/opencode/auth.json");
  });

  it("has the same default on Windows", () => {
    expect(credentialPath(windows).path).toBe("C:\\Users\\Ada\\.local\\share\\opencode\\auth.json");
    expect(credentialPath({ ...windows, env: { XDG_DATA_HOME: "E:\\data" } }).path).toBe(
      "E:\\data\\opencode\\auth.json",
    );
  });

  it("leaves out a relative XDG_DATA_HOME", () => {
    expect(credentialPath({ ...linux, env: { XDG_DATA_HOME: "data" } }).path).toBe(
      "/home/ada/.local/share/opencode/auth.json",
    );
  });

  it("lets a relative path begin in the current folder, one of the settings at home, and does not expand ~", () => {
    expect(credentialPath({ ...linux, flag: "x/../auth.json" }).path).toBe("/work/auth.json");
    expect(credentialPath({ ...linux, env: { PILOT_LIGHT_AUTH_FILE: "a.json" } }).path).toBe("/work/a.json");
    expect(credentialPath({ ...linux, settings: "a.json" }).path).toBe("/home/ada/a.json");
    expect(credentialPath({ ...linux, flag: "~/a.json" }).path).toBe("/work/~/a.json");
    expect(credentialPath({ ...windows, flag: "a.json" }).path).toBe("D:\\work\\a.json");
  });
});
