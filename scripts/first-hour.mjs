// @ts-check
/** `npm run first-hour`: makes docs/first-hour.md with its pictures, by real programs. Read it, and look at each picture. */
import { build } from "./build.mjs";
import { findElectron } from "./electron/electron.mjs";
import { runner } from "./run.mjs";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { fetchOpencode } from "./setup/opencode.mjs";
import { ensureSystem } from "./setup/system.mjs";

const run = runner(1);
const ready = (await ensureDependencies(run)) && (await ensureSystem(run, "test")).length === 0 && (await build(run));
const done = ready && (await fetchOpencode(run)) === null && (await findElectron(run)).path !== null;
if (!done || (await run.tool("vitest", ["run", "--project", "first-hour"])) !== 0) process.exitCode = 1;
