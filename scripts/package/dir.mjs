// @ts-check
/**
 * `npm run package:dir`: installs what is missing, then packages the unpacked app into release/. `-- --test` (or
 * PILOT_LIGHT_PACKAGE_FLAVOUR=test) makes the flavour that the tests drive.
 */

import { runner } from "../run.mjs";
import { ensureDependencies } from "../setup/dependencies.mjs";

const run = runner(1);
const isTest = process.argv.includes("--test") || process.env["PILOT_LIGHT_PACKAGE_FLAVOUR"] === "test";

if (await ensureDependencies(run)) {
  // Not before: its own imports are such dependencies.
  const { packageApp } = await import("./app.mjs");
  const why = await packageApp(run, isTest ? "test" : "release");
  if (why !== null) {
    run.say(`The app could not be packaged: ${why}.`);
    process.exitCode = 1;
  }
} else process.exitCode = 1;
