/** A picture on a terminal that is drawn over the one before it. */

/** The other screen, without a cursor, and lines that are cut where it ends: nothing of what was there is lost. */
export const ENTER_SCREEN = "\u001b[?1049h\u001b[?25l\u001b[?7l";
export const LEAVE_SCREEN = "\u001b[?7h\u001b[?25h\u001b[?1049l";

/** @param height lines of the terminal; what does not fit is left out. @returns the text, drawn from the first line on. */
export function frame(text: string, height: number): string {
  const lines = text.trimEnd().split("\n");
  const shown = lines.length > height ? [...lines.slice(0, Math.max(0, height - 1)), "…"] : lines;
  return `\u001b[H${shown.map((line) => `${line}\u001b[K`).join("\r\n")}\u001b[J`;
}
