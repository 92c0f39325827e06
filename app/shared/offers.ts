import { ALL } from "./all.ts";
import { lookUp } from "./by-id.ts";
import { allows, type Command } from "./rules.ts";
import type { LoginStateName } from "./states.ts";
import type { View } from "./view.ts";

/** @returns the command that signs in again at this provider, or the one for all others; "" while none is known. */
export function signInHintOf({ signInHints }: Pick<View, "signInHints">, provider: string): string {
  return lookUp(signInHints, provider) ?? lookUp(signInHints, ALL) ?? "";
}

type Pings = Pick<View, "pings">;

/** Are pings switched off, so that there is nothing to send or to pause? */
export function pingsAreOff({ pings }: Pings): boolean {
  return pings?.mode === "off";
}

/** Is this offered for a login in this state? What the rules allow; of pings that are off only the end of a pause. */
export function offers(view: Pings, state: LoginStateName, command: Command): boolean {
  return allows(state, command) && !(pingsAreOff(view) && (command === "ping" || command === "pause"));
}
