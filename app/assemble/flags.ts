/** What both roots read from the words after the program's name: the flags that go with anything. */
import { type ById, entriesOf, lookUp } from "../shared/data/by-id.ts";
import { listed } from "../shared/data/listed.ts";
import { nearestWord } from "../shared/data/nearest.ts";
import { didYouMean } from "../shared/words/commands.ts";
import { visible } from "../shared/words/visible.ts";

/** Wrong usage: one sentence for stderr; the exit code is 2. */
export class WrongUsage extends Error {}

export interface Flag {
  /** What must follow it, for people; absent = nothing. */
  readonly takes?: string;
  readonly repeatable?: true;
  /** One letter that stands for it behind one dash. */
  readonly short?: string;
}

/** Both roots take these. */
export const COMMON_FLAGS = {
  "auth-file": { takes: "a path" },
  "state-dir": { takes: "a path" },
  "token-url": { takes: "a URL", repeatable: true },
  "api-url": { takes: "a URL", repeatable: true },
  ping: { takes: "off, profile or message" },
  "log-level": { takes: "debug, info, warn or error" },
  help: {},
  version: {},
} as const satisfies Readonly<Record<string, Flag>>;

/** What both roots say of them in their help. */
export const FLAG_HELP = {
  /** Of the places that a demo brings along. */
  places: `  --auth-file PATH    the credential file (default: opencode's auth.json)
  --state-dir PATH    where Pilot Light keeps what it knows, settings included
  --token-url URL     another token endpoint; PROVIDER=URL for another provider
  --api-url URL       another base for pings; PROVIDER=URL for another provider`,
  ping: "  --ping MODE         off, profile (asks no model) or message (the default)",
  logLevel: "  --log-level LEVEL   debug, info, warn or error; logs to stderr as well",
  version: "  --version           the version",
} as const;

/** The flags that options are made of, as they were typed: values are judged in options.ts. */
export interface GivenFlags {
  readonly authFile?: string;
  readonly stateDir?: string;
  readonly tokenUrls: readonly string[];
  readonly apiUrls: readonly string[];
  readonly ping?: string;
  readonly logLevel?: string;
}

export interface SplitWords {
  /** By name, without the dashes; what was given to each, "" where it takes nothing. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  /** Everything that is no flag. */
  readonly plain: readonly string[];
}

/** What a root understands. */
export interface Grammar {
  /** Every flag that there is, by name. */
  readonly known: ById<Flag>;
  /** The command that lists them. */
  readonly help: string;
  /** The flags that may have been meant by one that there is not; absent = all. */
  readonly offered?: readonly string[];
  /** Words that another reader of the same line understands; they are left out. */
  readonly isForeign?: (word: string) => boolean;
}

/**
 * Tells flags from other words. Flags may stand anywhere; after `--` everything is plain.
 * @throws WrongUsage
 */
export function splitWords(
  words: readonly string[],
  { known, help, offered = Object.keys(known), isForeign = () => false }: Grammar,
): SplitWords {
  const flags = new Map<string, string[]>();
  const plain: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "--") {
      plain.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      plain.push(word);
      continue;
    }
    if (isForeign(word)) continue;
    const { typed, name, given } = flagIn(word, known);
    const flag = name === null ? undefined : lookUp(known, name);
    if (name === null || flag === undefined) throw new WrongUsage(unknownFlag(typed, offered, help));
    let value = given;
    if (flag.takes === undefined) {
      if (value !== null) throw new WrongUsage(`${typed} takes no value.`);
    } else {
      if (value === null) {
        const next = words[at + 1];
        // A flag is no value: "--auth-file --json" is a slip, and the file would be named "--json".
        value = next === undefined || (next.startsWith("-") && next !== "-") ? "" : next;
        at += 1;
      }
      if (value === "") throw new WrongUsage(`${typed} needs ${flag.takes} after it.`);
    }
    const before = flags.get(name);
    if (before !== undefined && flag.takes !== undefined && flag.repeatable === undefined) {
      throw new WrongUsage(`${typed} was given twice.`);
    }
    flags.set(name, [...(before ?? []), value ?? ""]);
  }
  return { flags, plain };
}

/** As it was typed, without a value; its name, null = there is none; its value, null = it stands apart. */
interface TypedFlag {
  readonly typed: string;
  readonly name: string | null;
  readonly given: string | null;
}

/** @returns what a word says that begins with a dash: `--name`, `--name=value`, `-n`, `-n20`, `-n=20`. */
export function flagIn(word: string, known: ById<Flag>): TypedFlag {
  const equals = word.indexOf("=");
  const typed = equals === -1 ? word : word.slice(0, equals);
  if (word.startsWith("--"))
    return { typed, name: typed.slice(2), given: equals === -1 ? null : word.slice(equals + 1) };
  const rest = word.slice(2);
  const [name, flag] = entriesOf(known).find(([, { short }]) => short === word.slice(1, 2)) ?? [];
  // What takes no value is a single letter.
  if (name === undefined || (rest !== "" && flag?.takes === undefined)) return { typed, name: null, given: null };
  return { typed: word.slice(0, 2), name, given: rest === "" ? null : rest.replace(/^=/, "") };
}

function unknownFlag(typed: string, offered: readonly string[], help: string): string {
  const names = offered.map((name) => `--${name}`);
  return `There is no flag ${visible(typed)}.${didYouMean(typed, names) || ` "${help}" lists them.`}`;
}

/** A demo brings its own, so that nothing real can be meant. */
const NOT_WITH_DEMO: readonly string[] = ["auth-file", "state-dir", "token-url", "api-url"];

/** @throws WrongUsage for a flag that names a place, which a demo brings along. */
export function refuseWithDemo(flags: SplitWords["flags"]): void {
  const given = NOT_WITH_DEMO.find((flag) => flags.has(flag));
  if (given === undefined) return;
  throw new WrongUsage(`--${given} does not go with demo, which brings its own file, folder and provider.`);
}

/** @returns what was given of the flags that options are made of. */
export function givenFlags(flags: ReadonlyMap<string, readonly string[]>): GivenFlags {
  const one = (name: string) => flags.get(name)?.[0];
  const authFile = one("auth-file");
  const stateDir = one("state-dir");
  const ping = one("ping");
  const logLevel = one("log-level");
  return {
    ...(authFile === undefined ? {} : { authFile }),
    ...(stateDir === undefined ? {} : { stateDir }),
    ...(ping === undefined ? {} : { ping }),
    ...(logLevel === undefined ? {} : { logLevel }),
    tokenUrls: flags.get("token-url") ?? [],
    apiUrls: flags.get("api-url") ?? [],
  };
}

/** @returns `value` as one of `words`. @throws nothing; a sentence where it is none. */
export function oneOf<T extends string>(
  value: string,
  words: readonly T[],
  where: string,
): T | { readonly sentence: string } {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  const near = nearestWord(value, words);
  const hint = near === null ? "" : ` Did you mean ${near}?`;
  return { sentence: `${where} must be ${listed(words)}, not "${visible(value)}".${hint}` };
}
