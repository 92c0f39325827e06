/** What is said in the terminal in which a sign-in runs, and where none could be opened. Pure. */

export const TERMINAL_WORDS = {
  done: "The command has finished. A new login appears in Pilot Light by itself.",
  /** A number follows. */
  failed: "The command ended with code",
  close: "You can close this window.",
  justOpened: "A terminal was just opened for it.",
} as const;

/** @param program the first word of the command. @returns that it is not there, and what to do. */
export function programMissing(program: string): string {
  return `"${program}" was not found: it is neither on the PATH that Pilot Light has nor on that of your login shell. Install it, or run the command where it works.`;
}

/** @returns that no terminal could be opened, and how it is done without. @param name of the terminal; null = there is none. */
export function terminalNotOpened(name: string | null, command: string): string {
  const what = name === null ? "No terminal was found" : `${name} could not be opened`;
  return `${what}. Copy the command and run it in a terminal: ${command}`;
}
