// @ts-check
/** `npm run campaign [NAME…] [-- --seed N] [--minutes M]`: attacks on the built program, from a bare clone on. */
import { buildIfStale } from "./build.mjs";
import { findElectron } from "./electron/electron.mjs";
import { root, runner } from "./run.mjs";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { fetchOpencode } from "./setup/opencode.mjs";
import { ensureSystem } from "./setup/system.mjs";

const run = runner(1);

/** @returns {Promise<string[]>} what the campaigns need and cannot have, in words */
async function lacks() {
  const missing = [...(await ensureSystem(run, "test"))];
  const opencode = await fetchOpencode(run);
  if (opencode !== null) missing.push(opencode);
  const electron = await findElectron(run);
  if (electron.path === null) missing.push(electron.why);
  return missing;
}

async function main() {
  if (!(await ensureDependencies(run))) return 1;
  const missing = await lacks();
  if (missing.length > 0) {
    run.say(`The campaigns need what is missing here: ${missing.join("; ")}.`);
    return 1;
  }
  if (!(await buildIfStale(run))) return 1;
  const { runnerImport } = await import("vite");
  /** @type {{ module: { main: (words: readonly string[]) => Promise<number> } }} */
  const { module } = await runnerImport("./campaign/index.ts", { root, configFile: false, logLevel: "error" });
  return module.main(process.argv.slice(2));
}

// What a campaign started and forgot must not keep the command alive.
process.exit(await main());
