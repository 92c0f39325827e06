// @ts-check
/** `npm run screens`: makes the pictures in docs/screens/ of the real app on a real desktop. Look at each one after it. */
import { build } from "./build.mjs";
import { findElectron } from "./electron/electron.mjs";
import { runner } from "./run.mjs";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { ensureSystem } from "./setup/system.mjs";

const run = runner(1);
const ready = (await ensureDependencies(run)) && (await ensureSystem(run, "test")).length === 0 && (await build(run));
const done = ready && (await findElectron(run)).path !== null;
if (!done || (await run.tool("vitest", ["run", "--project", "screens"])) !== 0) process.exitCode = 1;
