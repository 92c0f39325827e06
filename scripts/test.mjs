// @ts-check
/** `npm test`: everything, from a bare clone. Its last line is the count of the whole run: `N passed, N failed`. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.mjs";
import { staticChecks } from "./checks.mjs";
import { findElectron } from "./electron/electron.mjs";
import { runner } from "./run.mjs";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { fetchOpencode } from "./setup/opencode.mjs";
import { ensureSystem } from "./setup/system.mjs";

const run = runner(1);
const strict = process.env["CI"] === "true" || process.env["CI"] === "1";

/** For each run: a test in an endless loop must not keep CI busy for ever. */
const LIMIT_MINUTES = 20;

/** @type {{ passed: number, failed: string[], skipped: string[] }} */
const whole = { passed: 0, failed: [], skipped: [] };

/**
 * @param {string} file
 * @returns {Promise<import("./tally-reporter.mjs").Tally | null>} null when the runner did not live to write it
 */
async function readTally(file) {
  /** @type {unknown} */
  const tally = JSON.parse(await readFile(file, "utf8").catch(() => "null"));
  if (typeof tally !== "object" || tally === null) return null;
  if (!("passed" in tally && "failed" in tally && "skipped" in tally)) return null;
  if (typeof tally.passed !== "number" || !Array.isArray(tally.failed) || !Array.isArray(tally.skipped)) return null;
  return { passed: tally.passed, failed: tally.failed.map(String), skipped: tally.skipped.map(String) };
}

/** @param {"unit" | "model" | "campaign" | "e2e"} project */
async function runProject(project) {
  const folder = await mkdtemp(join(tmpdir(), "pilot-light-tally-"));
  const file = join(folder, "tally.json");
  // The real programs of e2e mostly wait, so a few files at once cost no more than one.
  const workers = project === "e2e" || project === "campaign" ? ["--maxWorkers=3"] : [];
  const args = [
    "run",
    "--project",
    project,
    ...workers,
    "--reporter=default",
    "--reporter=./scripts/tally-reporter.mjs",
  ];
  const code = await run.tool("vitest", args, { env: { PILOT_LIGHT_TALLY: file }, limitMinutes: LIMIT_MINUTES });
  const tally = await readTally(file);
  await rm(folder, { recursive: true, force: true });
  if (tally === null)
    return void whole.failed.push(`the runner of the ${project} tests ended without a result (${code})`);
  whole.passed += tally.passed;
  whole.failed.push(...tally.failed);
  whole.skipped.push(...tally.skipped);
  if (tally.passed + tally.failed.length === 0) whole.failed.push(`not one ${project} test ran`);
  else if (code !== 0 && tally.failed.length === 0) whole.failed.push(`the ${project} run ended with ${code}`);
}

/** @param {string} what a program or library that tests need */
function setUpLacks(what) {
  (strict ? whole.failed : whole.skipped).push(`set-up: ${what}`);
}

async function everything() {
  if (!(await ensureDependencies(run))) return void whole.failed.push("set-up: dependencies");
  const opencode = await fetchOpencode(run);
  if (opencode !== null) setUpLacks(`the real opencode: ${opencode}`);
  for (const name of await ensureSystem(run, "test")) setUpLacks(name);
  const electron = await findElectron(run);
  if (electron.path === null) setUpLacks(`an Electron: ${electron.why}`);
  const { passed, failed } = await staticChecks(run);
  ((await build(run)) ? passed : failed).push("build");
  whole.passed += passed.length;
  whole.failed.push(...failed.map((name) => `check: ${name}`));
  await runProject("unit");
  // The model computes and the real programs of e2e mostly wait: side by side they take little longer than one of them.
  await Promise.all([runProject("model"), runProject("e2e")]);
  await runProject("campaign");
}

await everything().catch((error) => whole.failed.push(`the test script itself: ${error}`));
for (const name of whole.skipped) run.say(`${strict ? "skipped, which CI does not allow" : "SKIPPED"}: ${name}`);
for (const name of whole.failed) run.say(`failed: ${name}`);
const failures = whole.failed.length + (strict ? whole.skipped.length : 0);
if (failures > 0) process.exitCode = 1;
run.say(`${whole.passed} passed, ${failures} failed`);
