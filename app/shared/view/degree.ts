/** How all of it is at one glance: what the tray's icon and the flame in the window tell. Pure. */
import { DEGREES, type Degree, degreeOfLogin } from "../login/need.ts";
import { oursOf } from "../login/rules.ts";
import type { View } from "./view.ts";

type Glanced = Pick<View, "snapshot" | "problem" | "allPaused" | "busy">;

/** @param now ms. @returns the worst of all logins; those that we leave alone do not count. */
export function degreeOf({ snapshot, problem, allPaused, busy }: Glanced, now: number): Degree {
  if (problem !== null || (snapshot !== null && snapshot.file.problem !== null)) return "unreadable";
  const degrees = oursOf(snapshot?.accounts ?? []).map((login) => degreeOfLogin(login, now));
  // As long as one is pinged, a pause of others is no matter of all.
  const arePaused = degrees.length > 0 && (allPaused !== null || degrees.every((degree) => degree === "paused"));
  const found = new Set<Degree>(degrees.filter((degree) => degree !== "paused"));
  if (busy.length > 0) found.add("working");
  if (arePaused) found.add("paused");
  return DEGREES.find((degree) => found.has(degree)) ?? "well";
}
