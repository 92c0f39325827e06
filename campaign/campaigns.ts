import type { Campaign } from "./frame.ts";
import { stall } from "./stall/stall.ts";
import { time } from "./time/time.ts";

/** All campaigns, in the order in which they run: each an attack on the built program, through what anybody can see of it. */
export const CAMPAIGNS: readonly Campaign[] = [stall, time];
