import { describe, expect, it } from "vitest";
import { neighbours } from "./neighbours.ts";

describe("the campaign neighbours, in its short form", () => {
  it("finds nothing", async () => {
    const { counts, failures } = await neighbours.run({ form: "short", seed: 1, minutes: null, say: () => undefined });
    console.info(JSON.stringify(counts));
    expect(failures).toEqual([]);
    expect(counts["foreign writes"]).toBeGreaterThan(30);
    expect(counts["refreshes"]).toBeGreaterThan(0);
  });
});
