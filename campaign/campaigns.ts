import { error } from "./error/error.ts";
import type { Campaign } from "./frame.ts";
import { kill } from "./kill/kill.ts";

/** All campaigns, in the order in which they run: each an attack on the built program, through what anybody can see of it. */
export const CAMPAIGNS: readonly Campaign[] = [kill, error];
