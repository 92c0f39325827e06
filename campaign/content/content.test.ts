import { expect, it } from "vitest";
import { content } from "./content.ts";

it("a credential file is understood in full and changed to the byte, or left alone", async () => {
  const report = await content.run({ form: "short", seed: 1, minutes: null, say: () => undefined });
  expect(report.failures).toEqual([]);
  expect(report.counts["files read and changed"]).toBeGreaterThan(4_000);
  expect(report.counts["refreshed"]).toBeGreaterThan(3);
});
