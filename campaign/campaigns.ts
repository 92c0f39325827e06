import { content } from "./content/content.ts";
import { error } from "./error/error.ts";
import type { Campaign } from "./frame.ts";
import { kill } from "./kill/kill.ts";
import { neighbours } from "./neighbours/neighbours.ts";
import { secrets } from "./secrets/secrets.ts";
import { server } from "./server/server.ts";
import { soak } from "./soak/soak.ts";
import { stall } from "./stall/stall.ts";
import { time } from "./time/time.ts";

/** All campaigns, in the order in which they run: each an attack on the built program, through what anybody can see of it. */
export const CAMPAIGNS: readonly Campaign[] = [kill, stall, error, neighbours, server, time, content, secrets, soak];
