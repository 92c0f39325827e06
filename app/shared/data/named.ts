/** What a person may call a login by. */
export interface Named {
  readonly id: string;
  /** "" = it has none of its own. */
  readonly label: string;
}

export type Meant =
  | { readonly kind: "one"; readonly id: string }
  | { readonly kind: "none" }
  /** Never guessed: these all fit. */
  | { readonly kind: "several"; readonly candidates: readonly Named[] };

/**
 * @returns which of `logins` is meant by `typed`: the one with exactly this ID, else with exactly this label, else the only
 * one that has it as a part of its ID or label. Pure.
 */
export function meantBy(typed: string, logins: readonly Named[]): Meant {
  if (logins.some(({ id }) => id === typed)) return { kind: "one", id: typed };
  const labelled = logins.filter(({ label }) => label === typed);
  const fitting =
    labelled.length > 0 ? labelled : logins.filter(({ id, label }) => [id, label].some((name) => name.includes(typed)));
  const [only] = fitting;
  if (only === undefined || typed === "") return { kind: "none" };
  return fitting.length === 1 ? { kind: "one", id: only.id } : { kind: "several", candidates: fitting };
}
