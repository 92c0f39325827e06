import type { Chance } from "../frame.ts";

/** JSON in the hand of someone with odd habits: spaces, escapes and spellings as they come. */
export interface Hand {
  string(value: string): string;
  /** A whole number, in one of its spellings. */
  whole(value: number): string;
  object(members: readonly (readonly [string, string])[]): string;
  array(items: readonly string[]): string;
  /** What may stand between two tokens. */
  space(): string;
}

/** Line end, indentation, colon. */
const STYLES = {
  opencode: ["\n", "  ", ": "],
  tight: ["", "", ":"],
  tabs: ["\n", "\t", ":\t"],
  crlf: ["\r\n", "    ", ": "],
  wild: ["", "", ":"],
} as const;

/** Plain as opencode writes, or any valid way at all. */
export function handOf(chance: Chance): Hand {
  const style = chance.pick(["opencode", "tight", "tabs", "crlf", "wild"] as const);
  const wild = style === "wild";
  const space = (): string => {
    if (!wild) return "";
    return chance.whole(0, 3) > 0 ? "" : chance.pick([" ", "\t", "\n", "\r\n", "\r", "  \n\t "]);
  };
  const string = (value: string): string =>
    wild && chance.whole(0, 2) === 0 ? escaped(value, chance) : JSON.stringify(value);
  const [line, indent, colon] = STYLES[style];
  const shifted = (text: string): string => (indent === "" ? text : text.replaceAll(line, `${line}${indent}`));
  const block = (open: string, items: readonly string[], close: string): string => {
    if (items.length === 0) return `${open}${space()}${close}`;
    const inside = items.map((item) => `${line}${indent}${space()}${shifted(item)}${space()}`).join(",");
    return `${open}${inside}${line}${close}`;
  };
  return {
    string,
    space,
    whole: (value) => {
      if (!wild) return String(value);
      if (value === 0) return chance.pick(["0", "-0", "0.0", "0e5", "-0.0E-7"]);
      return chance.pick([String(value), `${value}.0`, `${value}e0`, `${value}.000E+00`, `${value}0e-1`]);
    },
    object: (members) =>
      block(
        "{",
        members.map(([key, value]) => `${string(key)}${space()}${colon}${space()}${value}`),
        "}",
      ),
    array: (items) => block("[", items, "]"),
  };
}

/** Some of its characters as escapes that mean the same. */
function escaped(value: string, chance: Chance): string {
  let text = "";
  for (let at = 0; at < value.length; at += 1) {
    const char = value.charAt(at);
    const code = value.charCodeAt(at);
    const must = code < 0x20 || code >= 0xd800 || char === '"' || char === "\\";
    if (char === "/" && chance.whole(0, 1) === 0) text += "\\/";
    else if (must || chance.whole(0, 9) === 0) text += `\\u${code.toString(16).padStart(4, "0")}`;
    else text += char;
  }
  return `"${text}"`;
}
