import { describe, expect, it } from "vitest";
import type { StartLock } from "../../shared/view/start-lock.ts";
import { binaryOf, type Place, whyLocked } from "./place.ts";

const HERE: Place = {
  platform: "linux",
  env: {},
  execPath: "/opt/Pilot Light/pilot-light",
  isPackaged: true,
  ownInstance: false,
};

describe("a place from which the app can be started at login", () => {
  it.each<[string, Partial<Place>]>([
    ["an installed app on Linux", {}],
    ["one on macOS", { platform: "darwin", execPath: "/Applications/Pilot Light.app/Contents/MacOS/Pilot Light" }],
    ["one on Windows", { platform: "win32", execPath: "C:\\a=b\\Pilot Light.exe" }],
    ["one that was started from a Snap", { env: { SNAP: "/snap/code/1" } }],
    ["one that was started from a Flatpak", { env: { FLATPAK_ID: "com.example.Terminal" } }],
    ["one with an odd path", { execPath: "/opt/a b\"c'd$`\\%;ü火/pilot-light" }],
  ])("is %s", (_what, changes) => {
    expect(whyLocked({ ...HERE, ...changes })).toBeNull();
  });
});

describe("a place from which it cannot", () => {
  it.each<[string, Partial<Place>, StartLock["kind"]]>([
    ["a development checkout", { isPackaged: false }, "checkout"],
    ["one on macOS", { isPackaged: false, platform: "darwin" }, "checkout"],
    ["an instance of its own", { ownInstance: true }, "ownInstance"],
    ["one on Windows", { ownInstance: true, platform: "win32" }, "ownInstance"],
    ["a Flatpak", { env: { FLATPAK_ID: "x" }, execPath: "/app/pilot-light/pilot-light" }, "flatpak"],
    ["a Snap", { env: { SNAP: "/snap/p/3" }, execPath: "/snap/p/3/pilot-light" }, "snap"],
    ["a path with an equals sign", { execPath: "/opt/a=b/pilot-light" }, "oddPath"],
    ["a path with a line break", { execPath: "/opt/a\nb" }, "oddPath"],
    ["a path that is no text", { execPath: "/opt/\ufffd" }, "oddPath"],
  ])("is %s", (_what, changes, kind) => {
    expect(whyLocked({ ...HERE, ...changes })).toEqual({ kind });
  });
});

describe("the program that starts the app again", () => {
  const IMAGE = "/home/ann/Pilot Light.AppImage";
  const MOUNT = "/tmp/.mount_Pilot";
  const links: Readonly<Record<string, string>> = { "/var/tmp/.mount_Pilot": MOUNT };
  const files = {
    realPath: (path: string) =>
      path.startsWith("/gone") ? Promise.reject(new Error("gone")) : Promise.resolve(links[path] ?? path),
  };

  it.each<[string, string, Readonly<Record<string, string>>, string]>([
    ["is itself", HERE.execPath, {}, HERE.execPath],
    ["is the image, not its passing mount", `${MOUNT}/pilot-light`, { APPIMAGE: IMAGE, APPDIR: MOUNT }, IMAGE],
    [
      "is the image, where the mount is named by a link",
      `${MOUNT}/pilot-light`,
      { APPIMAGE: IMAGE, APPDIR: "/var/tmp/.mount_Pilot" },
      IMAGE,
    ],
    ["is the image, where nothing is said of a mount", `${MOUNT}/pilot-light`, { APPIMAGE: IMAGE }, IMAGE],
    [
      "is not the image of a terminal that started it",
      HERE.execPath,
      { APPIMAGE: "/opt/Terminal.AppImage", APPDIR: "/tmp/.mount_T" },
      HERE.execPath,
    ],
    ["nor one that is gone", HERE.execPath, { APPIMAGE: "/opt/T.AppImage", APPDIR: "/gone/.mount_T" }, HERE.execPath],
    ["nor one by a relative path", HERE.execPath, { APPIMAGE: "T.AppImage" }, HERE.execPath],
  ])("%s", async (_what, execPath, env, program) => {
    expect(await binaryOf({ ...HERE, execPath, env }, files)).toBe(program);
  });
});
