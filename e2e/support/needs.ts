/** @returns whether this run may skip nothing: in CI a test without its program runs, and fails with the reason. */
export function inCi(): boolean {
  return process.env["CI"] === "true" || process.env["CI"] === "1";
}
