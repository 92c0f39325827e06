import { CAMPAIGNS } from "./campaigns.ts";
import type { Campaign, Form } from "./frame.ts";

export interface Asked {
  readonly campaigns: readonly Campaign[];
  readonly seed: number;
  readonly minutes: number | null;
  readonly form: Form;
}

export const USAGE = `npm run campaign [NAME…] [-- --seed N] [--minutes M] [--short]
  Names: ${CAMPAIGNS.map(({ name }) => name).join(", ")}; none = all, one after the other.`;

/** @returns what was asked for, or why it cannot be meant. */
export function parse(words: readonly string[]): Asked | string {
  const names: string[] = [];
  let seed = 1;
  let minutes: number | null = null;
  let form: Form = "full";
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "--short") form = "short";
    else if (word === "--seed" || word === "--minutes") {
      const value = Number(words[(at += 1)]);
      if (!Number.isFinite(value) || value < 0) return `${word} needs a number.`;
      if (word === "--seed") seed = value;
      else minutes = value;
    } else if (word.startsWith("-")) return `There is no ${word}.`;
    else names.push(word);
  }
  const unknown = names.find((name) => CAMPAIGNS.every((campaign) => campaign.name !== name));
  if (unknown !== undefined) return `There is no campaign "${unknown}".`;
  const campaigns = CAMPAIGNS.filter(({ name }) => names.length === 0 || names.includes(name));
  return { campaigns, seed, minutes, form };
}
