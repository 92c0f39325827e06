/** `completion`, and what its scripts ask for at each press of the Tab key. */
import { oneOf } from "../../assemble/flags.ts";
import { UserError } from "../../shared/data/errors.ts";
import { listed } from "../../shared/data/listed.ts";
import type { Named } from "../../shared/data/named.ts";
import { visible } from "../../shared/words/visible.ts";
import type { CommandName } from "../arguments.ts";
import type { Output } from "../output.ts";
import { completionScript, FILES, SHELLS } from "../text/completion.ts";
import { type Candidate, wanted } from "../wanted.ts";

/** Prints the script for a shell. @throws UserError (2) for another word than the name of one. */
export function completion(words: readonly string[], output: Output): number {
  const [word, ...more] = words;
  if (word === undefined || more.length > 0) throw new UserError(`completion takes ${listed(SHELLS)}.`, 2);
  const shell = oneOf(word, SHELLS, "The shell");
  if (typeof shell !== "string") throw new UserError(shell.sentence, 2);
  output.out(completionScript(shell));
  return 0;
}

/** What is looked up only where it is needed. */
export interface Live {
  readonly logins: (command: CommandName) => Promise<readonly Named[]>;
  readonly settingKeys: () => Promise<readonly string[]>;
}

/**
 * Prints a line for each word that may stand where `typed` ends: the word, and behind a tab what it is.
 * @returns the exit code. A shell can do nothing with a sentence, so what cannot be looked up is left out.
 */
export async function complete(typed: readonly string[], live: Live, output: Output): Promise<number> {
  const asked = wanted(typed);
  if (asked.kind === "files") {
    output.out(`${FILES}\n`);
    return 0;
  }
  const current = typed.at(-1) ?? "";
  const all = await candidates(asked, live).catch(() => []);
  const fitting = all.filter(({ word }) => word.startsWith(current) && word !== "" && visible(word) === word);
  output.out(fitting.map(({ word, about }) => `${word}\t${visible(about)}\n`).join(""));
  return 0;
}

async function candidates(asked: Exclude<ReturnType<typeof wanted>, { kind: "files" }>, live: Live) {
  switch (asked.kind) {
    case "words":
      return asked.words;
    case "settingKeys":
      return (await live.settingKeys()).map((word) => ({ word, about: "" }));
    case "logins":
      return names(await live.logins(asked.command), asked.but);
  }
}

/** Labels first, which people know; then IDs. A label that several have means none of them. */
function names(logins: readonly Named[], but: readonly string[]): readonly Candidate[] {
  const left = logins.filter(({ id, label }) => !but.includes(id) && (label === "" || !but.includes(label)));
  const count = (label: string) => logins.filter((each) => each.label === label || each.id === label).length;
  const labelled = left.filter(({ id, label }) => label !== id && label !== "");
  return [
    ...labelled.filter(({ label }) => count(label) === 1).map(({ id, label }) => ({ word: label, about: id })),
    ...left.map(({ id, label }) => ({ word: id, about: label === id ? "" : label })),
  ].filter(({ word }) => !word.startsWith("-"));
}
