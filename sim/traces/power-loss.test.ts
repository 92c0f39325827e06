import { describe, expect, it } from "vitest";
import { crashes } from "../benches/crash-bench.ts";
import { seeded } from "../world/time.ts";

describe("a power loss before any single operation of a refresh", () => {
  it.each<readonly [string, (index: number) => () => number]>([
    ["only what was synced survives", () => () => 0],
    ["chance decides what survives", (index) => seeded(index)],
  ])(
    "loses nothing when %s",
    async (_name, pick) => {
      expect(await crashes(({ world }, index) => world.disk.powerLoss(pick(index)))).toEqual([]);
    },
    60_000,
  );
});
