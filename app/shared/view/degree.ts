/** How all of it is at one glance: what the tray's icon, its tooltip and the flame in the window tell. Pure. */
import { triesAgain, weightOf } from "../login/rules.ts";
import type { Login } from "../login/snapshot.ts";
import type { View } from "./view.ts";

/**
 * The worst first. "soon": a person will be needed, or opencode already lacks an access; "working": a refresh or a command is
 * under way.
 */
export const DEGREES = ["unreadable", "needsYou", "soon", "working", "paused", "well"] as const;
export type Degree = (typeof DEGREES)[number];

const DAY_MS = 86_400_000;
/** From here on a login's deadline is a matter of the icon. */
const DEADLINE_MS = 3 * DAY_MS;

type Glanced = Pick<View, "snapshot" | "problem" | "allPaused" | "busy">;

/** @param now ms. @returns the worst of all logins; those that we leave alone do not count. */
export function degreeOf({ snapshot, problem, allPaused, busy }: Glanced, now: number): Degree {
  if (problem !== null || (snapshot !== null && snapshot.file.problem !== null)) return "unreadable";
  const degrees = (snapshot?.accounts ?? [])
    .filter(({ state }) => state !== "unmanaged")
    .map((login) => degreeOfLogin(login, now));
  // As long as one is pinged, a pause of others is no matter of all.
  const arePaused = degrees.length > 0 && (allPaused !== null || degrees.every((degree) => degree === "paused"));
  const found = new Set<Degree>(degrees.filter((degree) => degree !== "paused"));
  if (busy.length > 0) found.add("working");
  if (arePaused) found.add("paused");
  return DEGREES.find((degree) => found.has(degree)) ?? "well";
}

/** @param now ms. @returns how bad it is about one login: its weight, and what the clocks add to it. */
export function degreeOfLogin(login: Login, now: number): Degree {
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

/** Does only a new sign-in help, within three days? */
export function endsSoon({ loginEndsAt }: Pick<Login, "loginEndsAt">, now: number): boolean {
  return loginEndsAt !== null && loginEndsAt - now < DEADLINE_MS;
}

/** Is there something to know about it, also where it will be tried again by itself? */
export function isInTrouble(login: Login, now: number): boolean {
  const degree = degreeOfLogin(login, now);
  return degree === "unreadable" || degree === "needsYou" || degree === "soon" || triesAgain(login.state);
}

function isExpired({ accessExpiresAt }: Pick<Login, "accessExpiresAt">, now: number): boolean {
  return accessExpiresAt !== null && accessExpiresAt <= now;
}
