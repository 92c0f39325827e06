/** Which terminal this desktop has, and how each is told what to run in it. Pure. */
import type { Environment } from "../process/programs.ts";

export interface Terminal {
  /** For people. */
  readonly name: string;
  /** The program and its first words; the words of what it shall run follow, each as it stands. */
  readonly argv: readonly [file: string, ...first: string[]];
}

export interface TerminalSurroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Environment;
  /** @returns the path of a program on the PATH, or null; an absolute path is looked up as it is. */
  readonly which: (name: string) => string | null;
}

/** What each wants in front of the command, whose words follow; `[]` = nothing. */
const BEFORE_COMMAND: ReadonlyMap<string, readonly string[]> = new Map([
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
]);
/** As Debian's policy has it for `x-terminal-emulator`, and nearly all others do it. */
const USUAL = ["-e"] as const;

/** What belongs to a desktop, by a name in `XDG_CURRENT_DESKTOP`, in small letters. */
const OF_DESKTOP: ReadonlyMap<string, readonly string[]> = new Map([
  ["gnome", ["gnome-terminal", "ptyxis", "kgx"]],
  ["unity", ["gnome-terminal"]],
  ["x-cinnamon", ["gnome-terminal"]],
  ["kde", ["konsole"]],
  ["xfce", ["xfce4-terminal"]],
  ["mate", ["mate-terminal"]],
  ["lxde", ["lxterminal"]],
  ["lxqt", ["qterminal"]],
]);

/**
 * On Linux the user's own choice (`$TERMINAL`), the system's, the desktop's, then any that is there.
 * @returns the terminal in which a command can be run; null = there is none.
 */
export function terminalOf({ platform, env, which }: TerminalSurroundings): Terminal | null {
  switch (platform) {
    case "darwin":
      // It opens a file that ends with `.command`; to script it would need a permission of its own.
      return { name: "Terminal", argv: ["/usr/bin/open", "-a", "Terminal"] };
    case "win32":
      return onWindows(which);
    default:
      return onUnix(env, which);
  }
}

function onWindows(which: TerminalSurroundings["which"]): Terminal {
  // With /k the window stays open at the end.
  const shell = ["cmd.exe", "/k"] as const;
  const wt = which("wt.exe");
  if (wt !== null) return { name: "Windows Terminal", argv: [wt, ...shell] };
  // The first quoted word after `start` is the window's title.
  return { name: "Command Prompt", argv: ["cmd.exe", "/d", "/c", "start", "Pilot Light", ...shell] };
}

function onUnix(env: Environment, which: TerminalSurroundings["which"]): Terminal | null {
  const desktops = (env["XDG_CURRENT_DESKTOP"] ?? "").toLowerCase().split(":");
  const wanted = [
    env["TERMINAL"]?.trim() ?? "",
    "x-terminal-emulator",
    ...desktops.flatMap((desktop) => OF_DESKTOP.get(desktop) ?? []),
    ...BEFORE_COMMAND.keys(),
  ];
  for (const each of wanted) {
    const path = each === "" ? null : which(each);
    if (path === null) continue;
    const name = each.slice(each.lastIndexOf("/") + 1);
    return { name, argv: [path, ...(BEFORE_COMMAND.get(name) ?? USUAL), "/bin/sh"] };
  }
  return null;
}
