// @ts-check
/** Fetches the real opencode for tests now, which `npm test` does by itself. */

import { runner } from "../run.mjs";
import { cachedOpencode, fetchOpencode } from "./opencode.mjs";

const run = runner(1);
const missing = await fetchOpencode(run);
run.say(missing === null ? `opencode: ${await cachedOpencode()}` : `opencode could not be fetched: ${missing}`);
if (missing !== null) process.exitCode = 1;
