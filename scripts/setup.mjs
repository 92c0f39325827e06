// @ts-check
/** Installs the dependencies, if they are not there already: the first step of `npm run build`. */
import { ensureDependencies } from "./dependencies.mjs";
import { runner } from "./run.mjs";

if (!(await ensureDependencies(runner(1)))) process.exitCode = 1;
