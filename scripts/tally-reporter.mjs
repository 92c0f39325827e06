// @ts-check
/**
 * A vitest reporter that leaves its tally as JSON in the file named by PILOT_LIGHT_TALLY. It counts what an exit code and
 * a summary hide: files that could not be loaded, errors outside of any test, tests that did not run.
 */
import { writeFileSync } from "node:fs";

/**
 * @typedef Tally
 * @property {number} passed
 * @property {string[]} failed names of tests, files and errors
 * @property {string[]} skipped names of tests that did not run: skipped, todo, filtered
 */

export default class TallyReporter {
  /**
   * @param {readonly import("vitest/node").TestModule[]} modules
   * @param {readonly { readonly message?: string }[]} errors
   * @param {"passed" | "failed" | "interrupted"} reason
   */
  onTestRunEnd(modules, errors, reason) {
    /** @type {Tally} */
    const tally = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) {
      const file = module.relativeModuleId;
      if (module.errors().length > 0) tally.failed.push(`${file} (the file itself)`);
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) tally.failed.push(`${file} > ${suite.fullName} (its set-up)`);
      }
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") tally.passed += 1;
        else (state === "failed" ? tally.failed : tally.skipped).push(`${file} > ${test.fullName}`);
      }
    }
    for (const error of errors) tally.failed.push(`outside of any test: ${error.message ?? "an error"}`);
    if (reason === "interrupted") tally.failed.push("the run was interrupted");
    const file = process.env["PILOT_LIGHT_TALLY"];
    if (file !== undefined) writeFileSync(file, JSON.stringify(tally));
  }
}
