import type { Campaign } from "./frame.ts";
import { neighbours } from "./neighbours/neighbours.ts";
import { secrets } from "./secrets/secrets.ts";
import { soak } from "./soak/soak.ts";

/** All campaigns, in the order in which they run: each an attack on the built program, through what anybody can see of it. */
export const CAMPAIGNS: readonly Campaign[] = [neighbours, secrets, soak];
