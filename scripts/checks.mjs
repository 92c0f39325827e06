// @ts-check
/** The static checks, as `npm run check` and `npm test` both run them. */

/** @typedef {import("./run.mjs").Runner} Runner */

/** @type {readonly (readonly [name: string, tool: "tsc" | "oxlint" | "biome", args: readonly string[]])[]} */
const STEPS = [
  ["types", "tsc", ["-p", "."]],
  ["types of the window", "tsc", ["-p", "app/renderer"]],
  ["types of the scripts", "tsc", ["-p", "scripts"]],
  ["lint", "oxlint", ["-c", "oxlint.config.mjs", "--type-aware"]],
  ["format", "biome", ["ci", "--reporter=summary"]],
];

/**
 * Runs all of them, whatever the first one says.
 * @param {Runner} run
 * @returns {Promise<{ passed: string[], failed: string[] }>} by name
 */
export async function staticChecks(run) {
  /** @type {string[]} */
  const passed = [];
  /** @type {string[]} */
  const failed = [];
  for (const [name, tool, args] of STEPS) ((await run.tool(tool, args)) === 0 ? passed : failed).push(name);
  return { passed, failed };
}
