import type { BRIDGE_NAME, Bridge } from "../shared/view/contract.ts";

/** Only types of the contract come in here: its schemas would bring valibot into the page. */
const NAME: typeof BRIDGE_NAME = "pilotLight";

/** Where the preload puts the bridge. */
export type BridgeHolder = { readonly [K in typeof BRIDGE_NAME]?: Bridge };

declare global {
  interface Window extends BridgeHolder {}
}

/** @returns the bridge; undefined where this is not Pilot Light's own window. */
export function bridgeOf(holder: BridgeHolder): Bridge | undefined {
  return holder[NAME];
}
