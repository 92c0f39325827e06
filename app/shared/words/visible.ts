/**
 * Text of others on a screen: labels, ids and paths come out of files that any program may have written. Nothing of them
 * may move the cursor, change a colour, turn the writing direction or hide.
 */

/** Controls, formats (bidi, zero width), surrogates, private use, unassigned, and the two odd line ends. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/gu;
const JOINER = "\u200d";
const PICTURE_BEFORE = /\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})*$/u;
const PICTURE_AFTER = /^\p{Extended_Pictographic}/u;
/** No picture is longer; a look at all of a long text, for each letter of it, would take for ever. */
const NEAR = 32;
/** More marks than this on one letter are there to draw over the neighbours. */
const TOO_MANY_MARKS = /(\p{M}{3})\p{M}+/gu;

/** @returns `text` with everything that a terminal or a page would obey, or that could not be seen, as "?"; one line. */
export function visible(text: string): string {
  return text
    .replace(HIDDEN, (char, at: number) => {
      const joins =
        char === JOINER &&
        PICTURE_BEFORE.test(text.slice(Math.max(0, at - NEAR), at)) &&
        PICTURE_AFTER.test(text.slice(at + char.length, at + char.length + NEAR));
      return joins ? char : "?";
    })
    .replace(/\s/g, " ")
    .replace(TOO_MANY_MARKS, "$1");
}

const SEGMENTER = new Intl.Segmenter("en", { granularity: "grapheme" });

/** @returns `text`, cut with "…" where it has more letters than `most`; what looks like one letter is never split. */
export function shortened(text: string, most: number): string {
  // No letter is so long: of a megabyte, which a file may hold, only the beginning is looked at.
  const start = text.slice(0, most * NEAR);
  const letters = Array.from(SEGMENTER.segment(start), ({ segment }) => segment);
  if (start.length < text.length) return `${letters.slice(0, most - 1).join("")}…`;
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join("")}…`;
}

/** @returns `text`, cut likewise where it has more UTF-16 units than `most`, which is what some desktops count. */
export function fitted(text: string, most: number): string {
  if (text.length <= most) return text;
  let kept = "";
  for (const { segment } of SEGMENTER.segment(text.slice(0, most + NEAR))) {
    if (kept.length + segment.length >= most) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Around what is written from right to left, so that it does not turn the whole line round. */
const ISOLATE = { start: "\u2068", end: "\u2069" } as const;
const FROM_RIGHT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** @returns `text` for the middle of a line of ours, whichever way it is written. */
export function isolated(text: string): string {
  return FROM_RIGHT.test(text) ? `${ISOLATE.start}${text}${ISOLATE.end}` : text;
}
