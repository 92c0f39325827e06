import { content } from "./content/content.ts";
import type { Campaign } from "./frame.ts";
import { server } from "./server/server.ts";

/** All campaigns, in the order in which they run: each an attack on the built program, through what anybody can see of it. */
export const CAMPAIGNS: readonly Campaign[] = [server, content];
