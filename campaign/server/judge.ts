import { crashOf, onePass } from "../support/pass.ts";
import { fileWith, type Outcome, type Stage } from "./stage.ts";

/** What became of a login, by the word that is published. */
export type Fate = "healthy" | "signIn" | "retrying" | "rateLimited" | "outcomeUnknown";

const CODES: Readonly<Record<Fate, number>> = {
  healthy: 0,
  signIn: 1,
  retrying: 3,
  rateLimited: 3,
  outcomeUnknown: 3,
};

const MOST_KIB = 250 * 1024;

/** @returns what is wrong whatever the server does, or null. */
export function alwaysWrong(outcome: Outcome): string | null {
  const { pass, login, successor, beside, peak } = outcome;
  const crash = crashOf(pass);
  if (crash !== null) return `it broke: ${crash}`;
  if (pass.said.includes("planted")) return "a token or key was printed";
  if (beside.length > 0) return `something was left beside the file: ${beside.length} files`;
  if (peak > MOST_KIB) return `it took ${peak} KiB of memory`;
  const sent = outcome.requests().map(({ token }) => token);
  if (sent.some((token) => token !== login.refresh && token !== successor?.refresh)) return "another token was sent";
  if (new Set(sent).size !== sent.length) return "a token was sent twice in one pass";
  return null;
}

/** @returns why the login has not come to this end, or null. */
export function notAs(fate: Fate, stage: Stage, outcome: Outcome): string | null {
  const { pass, state, after, before, successor } = outcome;
  const always = alwaysWrong(outcome);
  if (always !== null) return always;
  if (state !== fate || pass.code !== CODES[fate]) return `${state ?? "nothing"}, exit ${pass.code}, not ${fate}`;
  if (fate !== "healthy") return after === before ? null : "the file was written";
  if (successor === null) return "there was nothing to be refreshed with";
  const expires = /"expires":(\d+)/.exec(after ?? "")?.[1];
  if (after !== fileWith({ ...successor, expires: Number(expires) }))
    return "the file is not the old one with the new pair";
  if (Number(expires) < Date.now()) return "the new pair is said to be expired";
  stage.counts.refreshed += 1;
  return stage.tokens.isCurrent(successor.refresh) ? null : "the pair in the file is not live";
}

/** As `notAs("outcomeUnknown")`, and the next pass sends nothing, and does not forget what is unknown. */
export async function notUnknown(stage: Stage, outcome: Outcome, again: boolean): Promise<string | null> {
  const wrong = notAs("outcomeUnknown", stage, outcome);
  if (wrong !== null) return wrong;
  stage.counts.unknown += 1;
  if (!again) return null;
  const sent = outcome.requests().length;
  const next = await onePass(outcome.home);
  const state = next.shown?.accounts.find(({ id }) => id === "anthropic")?.state;
  if (outcome.requests().length !== sent) return "the next pass sent the token again";
  return state === "outcomeUnknown" ? null : `the next pass shows ${state ?? "nothing"}`;
}
