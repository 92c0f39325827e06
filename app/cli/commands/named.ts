/** Which login a word means: the one place where labels and parts of an ID become an ID. */
import type { Engine } from "../../keeper/api.ts";
import { UserError } from "../../shared/data/errors.ts";
import { meantBy, type Named } from "../../shared/data/named.ts";
import { severalFit } from "../../shared/words/commands.ts";
import type { CommandName, Invocation } from "../arguments.ts";

/**
 * @returns the same with the ID of each login that a word means. A word that fits none stays as it is: each command says in
 * its own words what there is instead.
 * @throws UserError (2) for a word that fits several.
 */
export async function withIds<T extends Invocation>(asked: T, engine: Engine): Promise<T> {
  if (asked.ids.length === 0) return asked;
  const known = await loginsOf(asked.command, engine);
  return { ...asked, ids: [...new Set(asked.ids.map((typed) => idOf(typed, known)))] };
}

/** @returns the ID that a word means, or the word where it fits none. @throws UserError (2) where it fits several. */
export function idOf(typed: string, known: readonly Named[]): string {
  const meant = meantBy(typed, known);
  switch (meant.kind) {
    case "one":
      return meant.id;
    case "none":
      return typed;
    case "several":
      throw new UserError(severalFit(typed, meant.candidates), 2);
  }
}

/** @returns the logins that a command may mean: some go by logins that are no longer in the file. */
export async function loginsOf(command: CommandName, engine: Engine): Promise<readonly Named[]> {
  const { accounts: present } = await engine.status();
  const ids = new Set(await idsFor(command, present, engine));
  const labels = new Map(present.map(({ id, label }) => [id, label]));
  return [...ids].map((id) => ({ id, label: labels.get(id) ?? "" }));
}

async function idsFor(command: CommandName, present: readonly Named[], engine: Engine): Promise<readonly string[]> {
  const here = present.map(({ id }) => id);
  if (command === "rescue") return (await engine.rescuables()).map(({ id }) => id);
  if (command !== "history" && command !== "forget") return here;
  const past = (await engine.history(null)).map(({ id }) => id);
  if (command === "history") return [...here, ...past];
  return [...here, ...past, ...(await engine.keptCopies()).map(({ id }) => id)];
}
