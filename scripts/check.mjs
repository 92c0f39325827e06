// @ts-check
/** `npm run check`: types, lint, format and the unit tests, in under a minute; for each change. */
import { staticChecks } from "./checks.mjs";
import { runner } from "./run.mjs";
import { ensureDependencies } from "./setup/dependencies.mjs";

const run = runner(1);
if (await ensureDependencies(run)) {
  const { failed } = await staticChecks(run);
  if ((await run.tool("vitest", ["run", "--project", "unit", "--maxWorkers=2"])) !== 0) failed.push("unit tests");
  run.say(failed.length === 0 ? "check: all well" : `check: failed: ${failed.join(", ")}`);
  if (failed.length > 0) process.exitCode = 1;
} else process.exitCode = 1;
