/**
 * What can be wrong with a credential file as a whole, each to stand after "/path/auth.json: ". Of its content they name
 * nothing but keys and record ids, made harmless: values may be secrets.
 */
export const SENTENCES = {
  empty: "it is empty",
  bom: "it begins with a byte order mark, which opencode cannot read",
  notUtf8: "it is not UTF-8 text",
  tooDeep: "it is nested too deeply to be a credential file",
  noObject: "it holds no JSON object",
  notVersion2: "it has “version” and “providers”, but is not version 2 of the multi-account format",
  providersNoObject: "its “providers” is not an object",
} as const;

/** Control, format (bidi and zero-width too), private and broken characters, and line ends. */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** @returns `text` on one line and without invisible characters, cut to `max` characters. */
export function oneLine(text: string, max: number): string {
  // Cut first: the text may be megabytes long.
  const shown = Array.from(text.slice(0, 4 * max).replace(UNSAFE, "\uFFFD"));
  return shown.length > max ? `${shown.slice(0, max - 1).join("")}…` : shown.join("");
}

/** @returns a key or id in quotes. A long one is cut short: nobody names a provider so, but it may be a misplaced token. */
export function quoted(name: string): string {
  return `“${name.length > 60 ? oneLine(name, 17) : oneLine(name, 60)}”`;
}

/** @returns the sentence for text that stops being JSON at the code unit `at`. */
export function notJson(text: string, at: number): string {
  const before = text.slice(0, at);
  const lines = before.split("\n");
  const column = (lines.at(-1)?.length ?? 0) + 1;
  return `it is cut off or not JSON (line ${lines.length}, column ${column})`;
}

/** @returns the sentence for a key that stands twice in one object. */
export function twice(key: string): string {
  return `the key ${quoted(key)} stands in it twice`;
}
