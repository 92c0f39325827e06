// @ts-check
/** Finds or fetches the Electron for development and tests now, which `npm start` and `npm test` do by themselves. */

import { runner } from "../run.mjs";
import { findElectron } from "./electron.mjs";

// --again: also when the official one could not be had a short while ago.
const found = await findElectron(runner(1), { again: process.argv.includes("--again") });
if (found.path === null) process.exitCode = 1;
else process.stdout.write(`${found.path}\n`);
