/** Text in the cells of a terminal: how wide it is, cut, padded and wrapped. */

/** @returns the number of terminal cells that `text` takes; best effort, as terminals differ on new emoji. */
export function cellWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const letter of lettersOf(text)) width += graphemeWidth(letter);
  return width;
}

/** @returns `text`, cut with "…" where it takes more than `width` cells. */
export function fit(text: string, width: number): string {
  if (cellWidth(text) <= width) return text;
  return width < 1 ? "" : `${taken(lettersOf(text), width - 1).join("")}…`;
}

/** @returns the same, but cut in its middle: where texts begin alike, their ends tell them apart. */
export function fitMiddle(text: string, width: number): string {
  if (cellWidth(text) <= width) return text;
  if (width < 1) return "";
  const letters = lettersOf(text);
  const end = taken([...letters].reverse(), Math.floor((width - 1) / 2))
    .reverse()
    .join("");
  return `${taken(letters, width - 1 - cellWidth(end)).join("")}…${end}`;
}

/** The first letters that fit into `width` cells. */
function taken(letters: readonly string[], width: number): string[] {
  let used = 0;
  const past = letters.findIndex((letter) => {
    used += graphemeWidth(letter);
    return used > width;
  });
  return letters.slice(0, past === -1 ? letters.length : past);
}

/** @returns `text` with spaces up to `width` cells. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - cellWidth(text)));
}

/**
 * @returns the words of `text` in lines of at most `width` cells. A longer word keeps a line to itself; so does a command
 * (what stands in quotes, or the one to sign in), as it will be copied.
 */
export function wrap(text: string, width: number, indent = ""): readonly string[] {
  const lines: string[] = [];
  let line = "";
  const words = text.replace(COMMAND, (command) => command.replaceAll(" ", TIED)).split(" ");
  for (const word of words) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && cellWidth(longer) > width) {
      lines.push(line);
      line = indent + word;
    } else {
      line = longer;
    }
  }
  lines.push(line);
  return lines.map((each) => each.replaceAll(TIED, " "));
}

const COMMAND = /"[^"]{1,60}"|opencode auth login/g;
const TIED = "\u00a0";

const SEGMENTER = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Looked at in pieces of so many characters: in one piece a megabyte, which a file may hold, takes many minutes. */
const PIECE = 1_000;

function lettersOf(text: string): readonly string[] {
  const letters: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = start + PIECE;
    const found = Array.from(SEGMENTER.segment(text.slice(start, end)), ({ segment }) => segment);
    // The last one may be half a character, so the one before it may go on in the next piece as well.
    if (end < text.length && found.length > 2) found.splice(-2);
    for (const letter of found) {
      letters.push(letter);
      start += letter.length;
    }
  }
  return letters;
}

function graphemeWidth(grapheme: string): number {
  const code = grapheme.codePointAt(0) ?? 0;
  if (/^[\p{M}\p{Cf}\p{Cc}]/u.test(grapheme)) return 0;
  if (/\p{Emoji_Presentation}|\ufe0f|\p{Regional_Indicator}/u.test(grapheme)) return 2;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** East Asian wide and full-width blocks. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x17000, 0x18cff],
  [0x1b000, 0x1b2ff],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
];
