import { describe, expect, it } from "vitest";
import { BrokenRun, runSeed } from "../world/run.ts";

/** With each `npm test`; what so many can show, and when more are run, is said in docs/testing.md. */
const SEEDS = Number(process.env["PILOT_LIGHT_MODEL_SEEDS"] ?? 400);
const SHARE = Math.ceil(SEEDS / 4);
const FIRST = Number(process.env["PILOT_LIGHT_MODEL_SEED"] ?? 1);

/** One of four shares of the runs, so that they use more than one core. A broken run names its seed and its story. */
export function modelRuns(share: 0 | 1 | 2 | 3): void {
  const first = FIRST + share * SHARE;
  const last = first + SHARE - 1;
  describe("the transaction on a simulated disk, server and neighbourhood", () => {
    it(`keeps I1 to I8 with the seeds ${first} to ${last}`, { timeout: 1_200_000 }, async () => {
      const broken: string[] = [];
      for (let seed = first; seed <= last; seed++) {
        await runSeed(seed).catch((error: unknown) => {
          if (!(error instanceof BrokenRun)) throw error;
          broken.push(error.message);
        });
      }
      console.info(`seeds ${first} to ${last}: ${broken.length} broken`);
      expect(broken).toEqual([]);
    });
  });
}
