/** How much logins need a person: one order for window, tray and command line. Times in ms. */
import { needsSignIn, triesAgain, type Weight, weightOf } from "./rules.ts";
import type { Login } from "./snapshot.ts";

/** The weights, from the one that needs a person most to none at all. */
export const HEAVIEST_FIRST = [
  "unreadable",
  "needsYou",
  "waiting",
  "paused",
  "well",
] as const satisfies readonly Weight[];

/**
 * How it is at one glance, the worst first. "soon": a person will be needed, or an access is missing by now; "working": a
 * refresh or a command is under way.
 */
export const DEGREES = ["unreadable", "needsYou", "soon", "working", "paused", "well"] as const;
export type Degree = (typeof DEGREES)[number];

const DAY_MS = 86_400_000;
/** From here on a login's deadline is a matter of the icon. */
const DEADLINE_MS = 3 * DAY_MS;

/** What the degree of a login rests on. */
type Weighed = Pick<Login, "state" | "reasonKind" | "accessExpiresAt" | "loginEndsAt">;

/** @param now ms. @returns how bad it is about one login: its weight, and what the clocks add to it. */
export function degreeOfLogin(login: Weighed, now: number): Degree {
  const weight = weightOf(login);
  switch (weight) {
    case "unreadable":
    case "needsYou":
      return weight;
    case "waiting":
      return isExpired(login, now) || endsSoon(login, now) ? "soon" : "well";
    case "paused":
    case "well":
      if (endsSoon(login, now)) return "soon";
      return login.state === "refreshing" ? "working" : weight;
  }
}

/** Is its deadline less than three days away, or over? */
export function endsSoon({ loginEndsAt }: Pick<Login, "loginEndsAt">, now: number): boolean {
  return loginEndsAt !== null && loginEndsAt - now < DEADLINE_MS;
}

/** Is a new sign-in what helps, now or before long? */
export function asksForSignIn(login: Weighed, now: number): boolean {
  return needsSignIn(login.state) || endsSoon(login, now);
}

/** Is there something to know about it, also where it will be tried again by itself? */
export function isInTrouble(login: Weighed, now: number): boolean {
  const degree = degreeOfLogin(login, now);
  return degree === "unreadable" || degree === "needsYou" || degree === "soon" || triesAgain(login.state);
}

function isExpired({ accessExpiresAt }: Pick<Login, "accessExpiresAt">, now: number): boolean {
  return accessExpiresAt !== null && accessExpiresAt <= now;
}

/** @returns the logins with the worst first and those that we leave alone last; else as they stand in the file. */
export function byNeed<T extends Weighed>(accounts: readonly T[], now: number): readonly T[] {
  return [...accounts].sort((a, b) => rankOf(a, now) - rankOf(b, now));
}

/** A refresh that is under way counts for nothing here, so that no login jumps to another place for a moment. */
function rankOf(login: Weighed, now: number): number {
  if (login.state === "unmanaged") return HEAVIEST_FIRST.length;
  if (degreeOfLogin(login, now) === "soon") return HEAVIEST_FIRST.indexOf("needsYou") + 0.5;
  return HEAVIEST_FIRST.indexOf(weightOf(login));
}
