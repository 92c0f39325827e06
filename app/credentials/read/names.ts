/**
 * Names out of a credential file that may be shown: keys, ids and labels, made harmless. Values never are, for they may be
 * secrets.
 */

/** Control, format (bidi and zero-width too), private and broken characters, and line ends. */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** @returns `text` on one line and without invisible characters, cut to `max` characters. */
export function oneLine(text: string, max: number): string {
  // Cut first: the text may be megabytes long.
  const shown = Array.from(text.slice(0, 4 * max).replace(UNSAFE, "\uFFFD"));
  return shown.length > max ? `${shown.slice(0, max - 1).join("")}…` : shown.join("");
}

/** @returns a key or id to be shown. A long one is cut short: nobody names a provider so, but it may be a misplaced token. */
export function shownName(name: string): string {
  return name.length > 60 ? oneLine(name, 17) : oneLine(name, 60);
}
