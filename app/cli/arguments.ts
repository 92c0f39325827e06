import {
  COMMON_FLAGS,
  type Flag,
  type GivenFlags,
  givenFlags,
  oneOf,
  refuseWithDemo,
  splitWords,
  WrongUsage,
} from "../assemble/flags.ts";
import { type ById, entriesOf, lookUp } from "../shared/data/by-id.ts";
import { listed } from "../shared/data/listed.ts";
import { didYouMean } from "../shared/words/commands.ts";
import { visible } from "../shared/words/visible.ts";

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
  "rescue",
  "forget",
  "settings",
  "logs",
  "open",
  "doctor",
  "completion",
  "demo",
] as const;
export type CommandName = (typeof COMMANDS)[number];
/** What follows these are no logins. */
const WORDED = ["settings", "completion"] as const satisfies readonly CommandName[];
type WordedCommand = (typeof WORDED)[number];
/** Commands that keep nothing alive. */
export type LocalCommand = WordedCommand | "logs" | "open";
/** Those that need an engine on the file that was named. */
export type EngineCommand = Exclude<CommandName, "demo" | LocalCommand>;

const ALIASES: ById<CommandName> = { renew: "refresh" };

interface CommandFlag extends Flag {
  /** Only with these commands; absent = with all. */
  readonly only?: readonly CommandName[];
}

/** Every flag of this version, by name. */
export const FLAGS: ById<CommandFlag> = {
  ...COMMON_FLAGS,
  json: {},
  once: { only: ["run"] },
  all: { only: ["refresh", "ping", "pause", "resume"] },
  yes: { only: ["rescue"] },
  for: { takes: "a time such as 90m or 2h", only: ["pause"] },
  watch: { only: ["status"] },
  format: { takes: "waybar", only: ["status"] },
  lines: { takes: "a whole number such as 20", short: "n", only: ["history", "logs"] },
  follow: { short: "f", only: ["logs"] },
};

/** How many IDs each command takes. */
export const IDS: Readonly<
  Record<Exclude<CommandName, WordedCommand>, { readonly least: number; readonly most: number }>
> = {
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
  rescue: { least: 0, most: 1 },
  forget: { least: 1, most: 1 },
  logs: { least: 0, most: 0 },
  open: { least: 0, most: 0 },
  doctor: { least: 0, most: 0 },
  demo: { least: 0, most: 0 },
};

/** Programs for which `status` can be written. */
export const FORMATS = ["waybar"] as const;
export type Format = (typeof FORMATS)[number];

export interface Invocation {
  readonly kind: "command";
  readonly command: CommandName;
  readonly ids: readonly string[];
  /** What follows a command that takes no logins. */
  readonly words: readonly string[];
  readonly all: boolean;
  readonly json: boolean;
  readonly once: boolean;
  /** The question of `rescue` is answered already. */
  readonly yes: boolean;
  /** How long pings pause (ms), null = until resumed. */
  readonly pauseMs: number | null;
  /** Shown anew at each change, until it is stopped. */
  readonly watch: boolean;
  /** What is added later is shown as well, until it is stopped. */
  readonly follow: boolean;
  /** For which program it is written; null = for people, or as `json` says. */
  readonly format: Format | null;
  /** How many of the newest are shown; null = all. */
  readonly lines: number | null;
  readonly flags: GivenFlags;
}

export type Arguments =
  | Invocation
  | { readonly kind: "help"; readonly command: CommandName | null }
  | { readonly kind: "version" }
  /** A shell asks what may follow; `words` are those behind the program's name, the last one is being typed. */
  | { readonly kind: "complete"; readonly words: readonly string[] }
  /** Nothing was typed at all. */
  | { readonly kind: "none" }
  /** One sentence for stderr; the exit code is 2. */
  | { readonly kind: "wrong"; readonly sentence: string };

/** Reads the words after the program's name. Flags may stand anywhere; after `--` everything is an ID. Pure; never throws. */
export function parseArguments(words: readonly string[]): Arguments {
  try {
    return read(words);
  } catch (error) {
    if (error instanceof WrongUsage) return { kind: "wrong", sentence: error.message };
    throw error;
  }
}

/** Not for people: the scripts of `completion` call it. */
export const COMPLETE = "__complete";

function read(words: readonly string[]): Arguments {
  if (words[0] === COMPLETE) return { kind: "complete", words: words.slice(words[1] === "--" ? 2 : 1) };
  const asked = askedFor(words);
  if (asked !== null) return asked;
  const { flags, plain } = splitWords(words, {
    known: FLAGS,
    help: "pilot-light --help",
    offered: flagsOf(words.map(toCommand).find((command) => command !== undefined)),
  });
  const [name, ...ids] = plain;
  if (name === undefined) {
    if (flags.size === 0) return { kind: "none" };
    throw new WrongUsage('No command was named. "pilot-light --help" lists them.');
  }
  const command = commandOf(name);
  for (const flag of flags.keys()) {
    if (!flagsOf(command).includes(flag)) {
      const { only = [] } = lookUp(FLAGS, flag) ?? {};
      throw new WrongUsage(`--${flag} does not go with ${command}; it goes with ${listed(only)}.`);
    }
  }
  if (command === "demo") refuseWithDemo(flags);
  const all = flags.has("all");
  const isWorded = isWordedCommand(command);
  if (!isWorded) checkIds(command, ids, all);
  const once = flags.has("once");
  const length = flags.get("for")?.[0];
  const lines = flags.get("lines")?.[0];
  return {
    kind: "command",
    command,
    ids: isWorded ? [] : [...new Set(ids)],
    words: isWorded ? ids : [],
    all,
    json: flags.has("json"),
    once,
    yes: flags.has("yes"),
    pauseMs: length === undefined ? null : pauseLength(length),
    watch: flags.has("watch"),
    follow: flags.has("follow"),
    format: formatOf(flags),
    lines: lines === undefined ? null : lineCount(lines),
    flags: givenFlags(flags),
  };
}

/** @returns the flags that go with a command; undefined = not known yet, so all. */
export function flagsOf(command: CommandName | undefined): readonly string[] {
  return entriesOf(FLAGS).flatMap(([name, { only }]) =>
    command === undefined || only === undefined || only.includes(command) ? [name] : [],
  );
}

/** @returns the flags among these words that options are made of; none where the words are no line that we understand. */
export function flagsAmong(words: readonly string[]): GivenFlags {
  const none = { tokenUrls: [], apiUrls: [] };
  try {
    return givenFlags(splitWords(words, { known: FLAGS, help: "" }).flags);
  } catch (error) {
    if (error instanceof WrongUsage) return none;
    throw error;
  }
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

/** @returns the command of this name, also by another name of it. */
export function toCommand(name: string): CommandName | undefined {
  return COMMANDS.find((each) => each === name) ?? lookUp(ALIASES, name);
}

function commandOf(name: string): CommandName {
  const command = toCommand(name);
  if (command !== undefined) return command;
  const words = [...COMMANDS, ...Object.keys(ALIASES)];
  const hint = didYouMean(name, words) || ' "pilot-light --help" lists them.';
  throw new WrongUsage(`There is no command "${visible(name)}".${hint}`);
}

/** @returns whether what follows this command are no logins. */
export function isWordedCommand(command: CommandName): command is WordedCommand {
  return WORDED.some((each) => each === command);
}

/** @returns whether this command keeps nothing alive. */
export function isLocalCommand(command: CommandName): command is LocalCommand {
  return command === "logs" || command === "open" || isWordedCommand(command);
}

function checkIds(command: Exclude<CommandName, WordedCommand>, ids: readonly string[], all: boolean): void {
  const { least, most } = IDS[command];
  const [first] = ids;
  if (all && first !== undefined) throw new WrongUsage("Name IDs or --all, not both.");
  if (ids.includes("")) throw new WrongUsage("An ID is empty.");
  if (ids.length > most) {
    const takes = most === 0 ? "takes no ID" : "takes one ID only";
    throw new WrongUsage(`${command} ${takes}, but "${visible(ids[most] ?? "")}" was given.`);
  }
  if (ids.length < least) {
    const lists = command === "forget" ? "status" : "accounts";
    throw new WrongUsage(`${command} needs the ID of a login; "pilot-light ${lists}" lists them.`);
  }
}

const UNITS: ById<number> = { m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_PAUSE = 365 * 86_400_000;

function pauseLength(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(m|min|h|d)$/.exec(text) ?? [];
  const ms =
    number === undefined || unit === undefined ? Number.NaN : Number(number) * (lookUp(UNITS, unit) ?? Number.NaN);
  if (Number.isFinite(ms) && ms >= 1 && ms <= LONGEST_PAUSE) return Math.round(ms);
  throw new WrongUsage(`--for needs a time such as 90m, 2h or 1d, at most a year, not "${visible(text)}".`);
}

function formatOf(flags: ReadonlyMap<string, readonly string[]>): Format | null {
  const given = flags.get("format")?.[0];
  if (given === undefined) return null;
  if (flags.has("json")) throw new WrongUsage("--format and --json do not go together.");
  const found = oneOf(given, FORMATS, "--format");
  if (typeof found === "string") return found;
  throw new WrongUsage(found.sentence);
}

function lineCount(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new WrongUsage(`-n needs a whole number such as 20, not "${visible(text)}".`);
}
