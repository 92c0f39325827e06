import { describe, expect, it } from "vitest";
import { crashes, goesOn, operations } from "../benches/crash-bench.ts";
import { simFingerprint } from "../world/process.ts";

describe("a process killed before any single operation of a refresh", () => {
  it("has all operations to choose from", async () => {
    const { points, changes } = await operations();
    for (const op of [
      "makeFolder .auth.json.pilot-light.lock",
      "createNew .auth.json.pilot-light-",
      `createNew ${simFingerprint.of("SECRET-refresh-login-3")}.1.intent`,
      `sync ${simFingerprint.of("SECRET-refresh-login-3")}.1.intent`,
      "syncFolder journal",
      "rename .auth.json.pilot-light-",
      "syncFolder opencode",
      "rename lineage.json",
      "removeFolder .auth.json.pilot-light.lock",
    ]) {
      expect(changes.filter((change) => change.startsWith(op)).length, op).toBeGreaterThan(0);
    }
    expect(points.length).toBeGreaterThan(changes.length);
  });

  it("loses nothing and sends nothing twice", async () => {
    expect(await crashes(() => undefined, goesOn)).toEqual([]);
  }, 60_000);
});
