import { describe, expect, it } from "vitest";
import { soak } from "./soak.ts";

describe("the campaign soak, in its short form", () => {
  it("finds nothing", async () => {
    const { counts, failures } = await soak.run({ form: "short", seed: 1, minutes: null, say: () => undefined });
    console.info(JSON.stringify(counts));
    expect(failures).toEqual([]);
    expect(counts["run: refreshes"]).toBeGreaterThan(0);
    expect(counts["run: pings"]).toBe(4);
  });
});
