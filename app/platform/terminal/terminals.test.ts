import { describe, expect, it } from "vitest";
import { terminalOf } from "./terminals.ts";

/** A system on which these programs are on the PATH. */
const on = (platform: NodeJS.Platform, there: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  terminalOf({
    platform,
    env,
    which: (name) => (there.includes(name) ? (name.startsWith("/") ? name : `/bin/${name}`) : null),
  });

describe("the terminal for a sign-in", () => {
  it.each([
    ["gnome-terminal", ["--"]],
    ["ptyxis", ["--"]],
    ["kgx", ["--"]],
    ["konsole", ["-e"]],
    ["xfce4-terminal", ["-x"]],
    ["mate-terminal", ["-x"]],
    ["lxterminal", ["-e"]],
    ["qterminal", ["-e"]],
    ["tilix", ["-e"]],
    ["kitty", []],
    ["alacritty", ["-e"]],
    ["foot", []],
    ["wezterm", ["start", "--"]],
    ["ghostty", ["-e"]],
    ["xterm", ["-e"]],
    ["x-terminal-emulator", ["-e"]],
  ])("is told what to run in its own way: %s", (name, before) => {
    expect(on("linux", [name])).toEqual({ name, argv: [`/bin/${name}`, ...before, "/bin/sh"] });
  });

  const ALL = ["x-terminal-emulator", "gnome-terminal", "ptyxis", "konsole", "xfce4-terminal", "xterm", "lxterminal"];
  it.each<[string, Readonly<Record<string, string>>, readonly string[], string | null]>([
    ["the one that the user named", { TERMINAL: "konsole", XDG_CURRENT_DESKTOP: "XFCE" }, ALL, "/bin/konsole"],
    ["a path that the user named", { TERMINAL: "/opt/kitty" }, [...ALL, "/opt/kitty"], "/opt/kitty"],
    ["the system's, where that one is not there", { TERMINAL: "st" }, ALL, "/bin/x-terminal-emulator"],
    ["the system's, where the name is empty", { TERMINAL: " " }, ALL, "/bin/x-terminal-emulator"],
    ["KDE's", { XDG_CURRENT_DESKTOP: "KDE" }, ALL.slice(1), "/bin/konsole"],
    ["Xfce's", { XDG_CURRENT_DESKTOP: "XFCE" }, ALL.slice(1), "/bin/xfce4-terminal"],
    ["GNOME's on Ubuntu", { XDG_CURRENT_DESKTOP: "ubuntu:GNOME" }, ALL.slice(1), "/bin/gnome-terminal"],
    ["GNOME's newer one", { XDG_CURRENT_DESKTOP: "GNOME" }, ["xterm", "ptyxis"], "/bin/ptyxis"],
    ["Cinnamon's", { XDG_CURRENT_DESKTOP: "X-Cinnamon" }, ["xterm", "gnome-terminal"], "/bin/gnome-terminal"],
    ["LXDE's", { XDG_CURRENT_DESKTOP: "LXDE" }, ["xterm", "lxterminal"], "/bin/lxterminal"],
    ["any, on a desktop that nobody knows", { XDG_CURRENT_DESKTOP: "sway" }, ["xterm"], "/bin/xterm"],
    ["none", { XDG_CURRENT_DESKTOP: "GNOME" }, ["sh", "bash"], null],
  ])("on Linux is %s", (_which, env, there, path) => {
    expect(on("linux", there, env)?.argv[0] ?? null).toBe(path);
    expect(on("freebsd", there, env)?.argv[0] ?? null).toBe(path);
  });

  it("is named without its folder, and a stranger is told in the usual way", () => {
    expect(on("linux", ["/opt/my/st"], { TERMINAL: "/opt/my/st" })).toEqual({
      name: "st",
      argv: ["/opt/my/st", "-e", "/bin/sh"],
    });
  });

  it("on macOS is Terminal, whatever is on the PATH", () => {
    const expected = { name: "Terminal", argv: ["/usr/bin/open", "-a", "Terminal"] };
    expect(on("darwin", [])).toEqual(expected);
    expect(on("darwin", ["xterm", "kitty"], { TERMINAL: "kitty" })).toEqual(expected);
  });

  it("on Windows is Windows Terminal, else a window of the command prompt", () => {
    expect(on("win32", ["wt.exe"])).toEqual({ name: "Windows Terminal", argv: ["/bin/wt.exe", "cmd.exe", "/k"] });
    expect(on("win32", [])).toEqual({
      name: "Command Prompt",
      argv: ["cmd.exe", "/d", "/c", "start", "Pilot Light", "cmd.exe", "/k"],
    });
  });
});
