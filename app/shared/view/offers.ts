import { ALL } from "../data/all.ts";
import { allows, type Command } from "../login/rules.ts";
import type { LoginStateName } from "../login/states.ts";
import { isBusy } from "./busy.ts";
import type { View } from "./view.ts";

type Pings = Pick<View, "pings">;

/** Are pings switched off, so that there is nothing to send or to pause? */
export function pingsAreOff({ pings }: Pings): boolean {
  return pings?.mode === "off";
}

/** Is this offered for a login in this state? What the rules allow; of pings that are off only the end of a pause. */
export function offers(view: Pings, state: LoginStateName, command: Command): boolean {
  return allows(state, command) && !(pingsAreOff(view) && (command === "ping" || command === "pause"));
}

/** May all logins be told to refresh now? Not while they do, nor where none of them may. */
export function offersRefreshAll(view: Pick<View, "busy" | "snapshot">): boolean {
  const logins = view.snapshot?.accounts ?? [];
  return !isBusy(view, ALL) && logins.some(({ state }) => allows(state, "refresh"));
}
