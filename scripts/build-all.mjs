// @ts-check
/** `npm run build`: installs the dependencies, if they are not there already, and builds all parts into out/. */
import { build } from "./build.mjs";
import { runner } from "./run.mjs";
import { ensureDependencies } from "./setup/dependencies.mjs";

const run = runner(1);
if (!(await ensureDependencies(run)) || !(await build(run))) process.exitCode = 1;
