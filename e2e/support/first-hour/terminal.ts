/** Real terminals on the desktop, with the user's shell in them. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Desktop } from "../desktop/desktop.ts";
import { startOwn } from "../desktop/process.ts";
import { findWindow, type ScreenWindow, windowIds } from "../desktop/windows.ts";

const XTERM = { className: "XTerm" } as const;
/** How any xterm of this user looks. */
const LOOKS = [
  "faceName: DejaVu Sans Mono",
  "faceSize: 8",
  "background: #1b1c1e",
  "foreground: #e6e6e6",
  "geometry: 80x28+8+48",
];

/** @returns what the user's programs find in their environment. */
export async function giveTerminal(home: string): Promise<Readonly<Record<string, string>>> {
  await writeFile(join(home, ".Xdefaults"), LOOKS.map((line) => `XTerm*${line}\n`).join(""));
  await writeFile(join(home, ".bashrc"), "PS1='$ '\n");
  return { TERMINAL: "xterm", SHELL: "/bin/bash" };
}

/** Opens one at the user's home, as a click in the desktop's menu does. */
export function openTerminal({ env, home }: Desktop): Promise<ScreenWindow> {
  return terminalAfter(env, async () => void (await startOwn("sh", ["-c", `cd '${home}' && exec xterm`], env)));
}

/** @returns the terminal that comes up after this. */
export async function terminalAfter(env: Desktop["env"], act: () => Promise<void>): Promise<ScreenWindow> {
  const before = await windowIds(env, XTERM);
  await act();
  return findWindow(env, XTERM, { before });
}

/** Types a line with the real keyboard, and Enter. */
export async function enter({ type, press }: Desktop, terminal: ScreenWindow, line: string): Promise<void> {
  await terminal.activate();
  await type(line);
  await press("Return");
}
