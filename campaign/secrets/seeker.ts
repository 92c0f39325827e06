/** Looks for tokens in a text, as they stand and in other clothes. Pure. */
import { stripVTControlCharacters } from "node:util";
import { MARK } from "../../e2e/support/secrets/planted.ts";

/** So long a piece of a secret is one, from wherever in it. */
const PIECE = 12;

export interface Finding {
  /** The clothes, in order: `plain`, `base64`, `percent > base64` … Never the token. */
  readonly form: string;
  /** Where in the text, in characters of that form. */
  readonly at: number;
}

interface View {
  readonly form: string;
  readonly text: string;
}

export interface Seeker {
  /** Where a secret begins, once a form; empty: none is in it. */
  findIn(text: string): readonly Finding[];
  /** Texts whose presence in memory proves a secret there: the secrets, and the mark, and the mark in base64. */
  readonly needles: readonly string[];
}

/** @param secrets whole tokens; the part before their mark is their format, and no secret. */
export function seekerOf(secrets: Iterable<string>): Seeker {
  const pieces = new Set<string>();
  const whole = [...new Set(secrets)].filter((secret) => secret !== "");
  for (const secret of whole) {
    const from = Math.max(0, secret.indexOf(MARK));
    for (let at = from; at + PIECE <= secret.length; at += 1) pieces.add(secret.slice(at, at + PIECE));
  }
  const findIn = (text: string): readonly Finding[] => {
    const found: Finding[] = [];
    for (const { form, text: seen } of viewsOf(text)) {
      const at = placeOf(seen, pieces);
      if (at !== null) found.push({ form, at });
    }
    return found;
  };
  return { findIn, needles: [...whole, MARK, ...base64Of(MARK)] };
}

function placeOf(text: string, pieces: ReadonlySet<string>): number | null {
  const marked = text.indexOf(MARK);
  if (marked >= 0) return marked;
  for (let at = 0; at + PIECE <= text.length; at += 1) if (pieces.has(text.slice(at, at + PIECE))) return at;
  return null;
}

/** What stands in the middle of the base64 of every text that holds this one, for each of the three ways to lie in it. */
function base64Of(text: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const code = Buffer.from("\0".repeat(before) + text).toString("base64");
    return code.slice(Math.ceil((before * 4) / 3), Math.floor(((before + text.length) * 4) / 3));
  });
}

/** The text, and what it says once it is decoded; twice, for what was packed twice. */
function viewsOf(text: string): readonly View[] {
  const first = decoded({ form: "", text });
  const all = [{ form: "plain", text }, ...first, ...first.flatMap(decoded)];
  return all;
}

const DECODERS: Readonly<Record<string, (text: string) => string>> = {
  percent: (text) =>
    text.replace(/(?:%[0-9a-f]{2})+/gi, (code) => Buffer.from(code.replaceAll("%", ""), "hex").toString("latin1")),
  json: (text) =>
    text
      .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replace(/\\+(["\\/])/g, "$1"),
  hex: (text) => runsOf(text, /(?:[0-9a-f]{2}){12,}/gi, (run) => Buffer.from(run, "hex").toString("latin1")),
  base64: (text) =>
    runsOf(text, /[\w+/-]{12,}/g, (run) =>
      [0, 1, 2, 3].map((at) => Buffer.from(run.slice(at), "base64").toString("latin1")).join("\n"),
    ),
  // As Windows and much of Chromium write it.
  utf16: (text) => runsOf(text, /(?:[\x20-\x7e]\0){7,}/g, (run) => run.replaceAll("\0", "")),
  // A terminal breaks lines, and colours.
  terminal: (text) => stripVTControlCharacters(text).replace(/[\r\n]+ */g, ""),
};

function decoded({ form, text }: View): readonly View[] {
  const views: View[] = [];
  for (const [name, decode] of Object.entries(DECODERS)) {
    if (form.endsWith(name)) continue;
    const seen = decode(text);
    if (seen !== "" && seen !== text) views.push({ form: form === "" ? name : `${form} > ${name}`, text: seen });
  }
  return views;
}

function runsOf(text: string, runs: RegExp, decode: (run: string) => string): string {
  return (text.match(runs) ?? []).map(decode).join("\n");
}
