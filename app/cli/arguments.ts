import { didYouMean, nearestWord } from "./nearest.ts";
import { visible } from "./visible.ts";

/** Every command of this version; the words that a wrong one is compared with. */
export const COMMANDS = [
  "run",
  "status",
  "accounts",
  "refresh",
  "ping",
  "pause",
  "resume",
  "allow",
  "disallow",
  "history",
] as const;
export type CommandName = (typeof COMMANDS)[number];

const ALIASES: Readonly<Record<string, CommandName>> = { renew: "refresh" };

interface Flag {
  /** What must follow it, for people; absent = nothing. */
  readonly takes?: string;
  readonly repeatable?: true;
  /** Only with these commands; absent = with all. */
  readonly only?: readonly CommandName[];
}

const FLAGS: Readonly<Record<string, Flag>> = {
  "auth-file": { takes: "a path" },
  "state-dir": { takes: "a path" },
  "token-url": { takes: "a URL", repeatable: true },
  "api-url": { takes: "a URL", repeatable: true },
  ping: { takes: "off, profile or message" },
  "log-level": { takes: "debug, info, warn or error" },
  json: {},
  once: { only: ["run"] },
  all: { only: ["refresh", "ping", "pause", "resume"] },
  for: { takes: "a time such as 90m or 2h", only: ["pause"] },
  help: {},
  version: {},
};

/** How many IDs each command takes. */
const IDS: Readonly<Record<CommandName, { readonly least: number; readonly most: number }>> = {
  run: { least: 0, most: 0 },
  status: { least: 0, most: 0 },
  accounts: { least: 0, most: 0 },
  refresh: { least: 0, most: Number.POSITIVE_INFINITY },
  ping: { least: 0, most: Number.POSITIVE_INFINITY },
  pause: { least: 0, most: Number.POSITIVE_INFINITY },
  resume: { least: 0, most: Number.POSITIVE_INFINITY },
  allow: { least: 1, most: 1 },
  disallow: { least: 1, most: 1 },
  history: { least: 0, most: 1 },
};

/** The flags that options are made of, as they were typed: values are judged in options.ts. */
export interface GivenFlags {
  readonly authFile?: string;
  readonly stateDir?: string;
  readonly tokenUrls: readonly string[];
  readonly apiUrls: readonly string[];
  readonly ping?: string;
  readonly logLevel?: string;
}

export interface Invocation {
  readonly kind: "command";
  readonly command: CommandName;
  readonly ids: readonly string[];
  readonly all: boolean;
  readonly json: boolean;
  readonly once: boolean;
  /** How long pings pause (ms), null = until resumed. */
  readonly pauseMs: number | null;
  readonly flags: GivenFlags;
}

export type Arguments =
  | Invocation
  | { readonly kind: "help"; readonly command: CommandName | null }
  | { readonly kind: "version" }
  /** Nothing was typed at all. */
  | { readonly kind: "none" }
  /** One sentence for stderr; the exit code is 2. */
  | { readonly kind: "wrong"; readonly sentence: string };

class Wrong extends Error {}

/** Reads the words after the program's name. Flags may stand anywhere; after `--` everything is an ID. Pure; never throws. */
export function parseArguments(words: readonly string[]): Arguments {
  try {
    return read(words);
  } catch (error) {
    if (error instanceof Wrong) return { kind: "wrong", sentence: error.message };
    throw error;
  }
}

function read(words: readonly string[]): Arguments {
  const asked = askedFor(words);
  if (asked !== null) return asked;
  const { flags, plain } = split(words);
  const [name, ...ids] = plain;
  if (name === undefined) {
    if (flags.size === 0) return { kind: "none" };
    throw new Wrong('No command was named. "pilot-light --help" lists them.');
  }
  const command = commandOf(name);
  for (const flag of flags.keys()) {
    const { only } = FLAGS[flag] ?? {};
    if (only !== undefined && !only.includes(command)) {
      throw new Wrong(`--${flag} does not go with ${command}; it goes with ${listed(only)}.`);
    }
  }
  const all = flags.has("all");
  checkIds(command, ids, all);
  const once = flags.has("once");
  const length = flags.get("for")?.[0];
  return {
    kind: "command",
    command,
    ids: [...new Set(ids)],
    all,
    json: flags.has("json"),
    once,
    pauseMs: length === undefined ? null : pauseLength(length),
    flags: given(flags),
  };
}

/** Help and version are given whatever else was typed wrong. */
function askedFor(words: readonly string[]): Arguments | null {
  const end = words.indexOf("--");
  const seen = end === -1 ? words : words.slice(0, end);
  const named = seen.find((word) => !word.startsWith("-") && word !== "help");
  if (seen.includes("-h") || seen.includes("--help") || seen[0] === "help") {
    return { kind: "help", command: named === undefined ? null : (toCommand(named) ?? null) };
  }
  return seen.includes("--version") ? { kind: "version" } : null;
}

function split(words: readonly string[]): { flags: Map<string, string[]>; plain: string[] } {
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
    const equals = word.indexOf("=");
    const typed = equals === -1 ? word : word.slice(0, equals);
    const name = typed.slice(2);
    const flag = typed.startsWith("--") && Object.hasOwn(FLAGS, name) ? FLAGS[name] : undefined;
    if (flag === undefined) throw new Wrong(unknownFlag(typed));
    let value = equals === -1 ? null : word.slice(equals + 1);
    if (flag.takes === undefined) {
      if (value !== null) throw new Wrong(`${typed} takes no value.`);
    } else {
      if (value === null) {
        const next = words[at + 1];
        // A flag is no value: "--auth-file --json" is a slip, and the file would be named "--json".
        value = next === undefined || (next.startsWith("-") && next !== "-") ? "" : next;
        at += 1;
      }
      if (value === "") throw new Wrong(`${typed} needs ${flag.takes} after it.`);
    }
    const before = flags.get(name);
    if (before !== undefined && flag.takes !== undefined && flag.repeatable === undefined) {
      throw new Wrong(`${typed} was given twice.`);
    }
    flags.set(name, [...(before ?? []), value ?? ""]);
  }
  return { flags, plain };
}

function unknownFlag(typed: string): string {
  const names = Object.keys(FLAGS).map((name) => `--${name}`);
  return `There is no flag ${visible(typed)}.${didYouMean(typed, names) || ' "pilot-light --help" lists them.'}`;
}

function toCommand(name: string): CommandName | undefined {
  return COMMANDS.find((each) => each === name) ?? (Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined);
}

function commandOf(name: string): CommandName {
  const command = toCommand(name);
  if (command !== undefined) return command;
  const words = [...COMMANDS, ...Object.keys(ALIASES)];
  const hint = didYouMean(name, words) || ' "pilot-light --help" lists them.';
  throw new Wrong(`There is no command "${visible(name)}".${hint}`);
}

function checkIds(command: CommandName, ids: readonly string[], all: boolean): void {
  const { least, most } = IDS[command];
  const [first] = ids;
  if (all && first !== undefined) throw new Wrong("Name IDs or --all, not both.");
  if (ids.includes("")) throw new Wrong("An ID is empty.");
  if (ids.length > most) {
    const takes = most === 0 ? "takes no ID" : "takes one ID only";
    throw new Wrong(`${command} ${takes}, but "${visible(ids[most] ?? "")}" was given.`);
  }
  if (ids.length < least) {
    throw new Wrong(`${command} needs the ID of a login; "pilot-light accounts" lists them.`);
  }
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_PAUSE = 365 * 86_400_000;

function pauseLength(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(m|min|h|d)$/.exec(text) ?? [];
  const ms = number === undefined || unit === undefined ? Number.NaN : Number(number) * (UNITS[unit] ?? Number.NaN);
  if (Number.isFinite(ms) && ms >= 1 && ms <= LONGEST_PAUSE) return Math.round(ms);
  throw new Wrong(`--for needs a time such as 90m, 2h or 1d, at most a year, not "${visible(text)}".`);
}

function given(flags: ReadonlyMap<string, readonly string[]>): GivenFlags {
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

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}
