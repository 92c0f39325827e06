/** What may follow the words that were typed so far: what a shell completes. Pure. */
import { flagIn } from "../assemble/flags.ts";
import { lookUp } from "../shared/data/by-id.ts";
import { LOG_LEVELS } from "../shared/data/log-levels.ts";
import { SCHEDULES } from "../shared/login/schedules.ts";
import { PING_MODES } from "../shared/login/snapshot.ts";
import { ENCODINGS } from "../shared/settings.ts";
import { COMMANDS, type CommandName, FLAGS, FORMATS, flagsOf, IDS, isWordedCommand, toCommand } from "./arguments.ts";
import { SHELLS } from "./text/completion.ts";
import { COMMAND_HELP } from "./text/help-texts.ts";

export interface Candidate {
  readonly word: string;
  /** What it is, in a few words; "" = nothing to be said. */
  readonly about: string;
}

export type Wanted =
  | { readonly kind: "words"; readonly words: readonly Candidate[] }
  | { readonly kind: "files" }
  /** `but`: those that are named already. */
  | { readonly kind: "logins"; readonly command: CommandName; readonly but: readonly string[] }
  | { readonly kind: "settingKeys" };

const NOTHING: Wanted = { kind: "words", words: [] };
const words = (all: readonly string[]): Wanted => ({ kind: "words", words: all.map((word) => ({ word, about: "" })) });

/** @param typed the words behind the program's name; the last one is being typed, and may be empty. */
export function wanted(typed: readonly string[]): Wanted {
  const current = typed.at(-1) ?? "";
  const { plain, flag, isOver } = before(typed.slice(0, -1));
  if (flag !== null) return valuesOf(flag);
  const [command = null] = plain.slice(0, 1).map((name) => toCommand(name));
  const [, name] = /^--([^=]+)=/.exec(current) ?? [];
  if (name !== undefined && !isOver) return prefixed(`--${name}=`, valuesOf(name));
  if (current.startsWith("-") && !isOver) return words(flagsOf(command ?? undefined).map((each) => `--${each}`));
  if (plain.length === 0) {
    return { kind: "words", words: COMMANDS.map((word) => ({ word, about: COMMAND_HELP[word].summary })) };
  }
  return command === null ? NOTHING : argumentsOf(command, plain.slice(1));
}

/** What was said before the word that is being typed; `flag`: one that waits for its value. */
function before(typed: readonly string[]) {
  const plain: string[] = [];
  let flag: string | null = null;
  let isOver = false;
  for (const word of typed) {
    if (flag !== null) flag = null;
    else if (isOver || !word.startsWith("-")) plain.push(word);
    else if (word === "--") isOver = true;
    else flag = waiting(word);
  }
  return { plain, flag, isOver };
}

/** @returns the flag that waits for its value behind this word; null = none does. */
function waiting(word: string): string | null {
  const { name, given } = flagIn(word, FLAGS);
  return name !== null && given === null && lookUp(FLAGS, name)?.takes !== undefined ? name : null;
}

function valuesOf(flag: string): Wanted {
  switch (flag) {
    case "auth-file":
    case "state-dir":
      return { kind: "files" };
    case "ping":
      return words(PING_MODES);
    case "log-level":
      return words(LOG_LEVELS);
    case "format":
      return words(FORMATS);
    default:
      return NOTHING;
  }
}

function prefixed(prefix: string, given: Wanted): Wanted {
  return given.kind === "words" ? words(given.words.map(({ word }) => prefix + word)) : given;
}

function argumentsOf(command: CommandName, said: readonly string[]): Wanted {
  if (!isWordedCommand(command)) {
    return said.length < IDS[command].most ? { kind: "logins", command, but: said } : NOTHING;
  }
  if (command === "completion") return said.length === 0 ? words(SHELLS) : NOTHING;
  const [verb, key = ""] = said;
  if (verb === undefined) return words(["get", "set", "unset", "path"]);
  if (said.length === 1 && verb !== "path") return { kind: "settingKeys" };
  return said.length === 2 && verb === "set" ? words(choicesOf(key)) : NOTHING;
}

function choicesOf(key: string): readonly string[] {
  if (key === "ping.mode") return PING_MODES;
  if (key === "schedule") return SCHEDULES;
  if (key === "logLevel") return LOG_LEVELS;
  if (key.endsWith(".encoding")) return ENCODINGS;
  return key.endsWith(".shared") ? ["true", "false"] : [];
}
