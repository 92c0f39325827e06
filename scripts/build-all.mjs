// @ts-check
/** `npm run build`: installs the dependencies, if they are not there already, and builds all parts into out/. */
import { build } from "./build.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { runner } from "./run.mjs";

const run = runner(1);
if (!(await ensureDependencies(run)) || !(await build(run))) process.exitCode = 1;
