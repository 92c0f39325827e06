/** What JSON leaves as it is, but a terminal obeys or does not show. */
const HIDDEN = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

function escape(text: string): string {
  return text.replace(HIDDEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** @returns `value` as a JSON document for standard output, with its line end. */
export function jsonDocument(value: unknown): string {
  return `${escape(JSON.stringify(value, null, 2))}\n`;
}

/** @returns `value` as one JSON line. */
export function jsonLine(value: object): string {
  return `${escape(JSON.stringify(value))}\n`;
}
