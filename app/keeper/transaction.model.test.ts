import { describe, expect, it } from "vitest";
import { runSeed } from "./testing/sim-world.ts";

const RUNS = Number(process.env["PILOT_LIGHT_MODEL_RUNS"] ?? 2000);
const FIRST = Number(process.env["PILOT_LIGHT_MODEL_SEED"] ?? 1);

describe("the transaction on a simulated disk, server and neighbourhood", () => {
  it(`keeps I1 to I8 over ${RUNS} runs from seed ${FIRST}`, { timeout: 900_000 }, async () => {
    for (let seed = FIRST; seed < FIRST + RUNS; seed++) await runSeed(seed);
    expect(RUNS).toBeGreaterThan(0);
  });
});
