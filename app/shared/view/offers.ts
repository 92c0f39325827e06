import { allows, type Command } from "../login/rules.ts";
import type { LoginStateName } from "../login/states.ts";
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
