import { expect, it } from "vitest";
import { server } from "./server.ts";

it("no token is lost, reused or sent elsewhere, whatever a provider answers", async () => {
  const report = await server.run({ form: "short", seed: 1, minutes: null, say: () => undefined });
  expect(report.failures).toEqual([]);
  expect(report.counts["attacks"]).toBeGreaterThan(50);
});
