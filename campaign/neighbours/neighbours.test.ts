import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { chanceOf } from "../frame.ts";
import { foreignProgram, startForeign } from "../support/lanes/foreign.ts";
import { Lane } from "./lane.ts";
import { neighbours } from "./neighbours.ts";

describe.concurrent("the campaign neighbours, in its short form", () => {
  it.concurrent("finds nothing", async () => {
    const { counts, failures } = await neighbours.run({ form: "short", seed: 1, minutes: null, say: () => undefined });
    console.info(JSON.stringify(counts));
    expect(failures).toEqual([]);
    expect(counts["foreign writes"]).toBeGreaterThan(30);
    expect(counts["refreshes"]).toBeGreaterThan(0);
  });
});

describe.concurrent("the verdict on losses", () => {
  const options = { opencodes: 0, processes: 0, entries: 10, backups: false, patienceMs: 200 };

  it.concurrent.for([
    ["finds none where nobody but the other programs writes", false],
    ["bites at one that replaces the file by what it read a moment before, and does not look back", true],
  ] as const)("%s", async ([, careless], { onTestFinished }) => {
    const program = await foreignProgram();
    onTestFinished(() => program.remove());
    const lane = await Lane.start({ ...options, program }, chanceOf(1));
    onTestFinished(() => lane.close());
    const stopping = new AbortController();
    const intruder = await startForeign(program);
    onTestFinished(() => intruder.close());
    const order = { path: lane.home.authFile, how: "rename", change: null, text: null, slowMs: 80 } as const;
    const intrude = async (): Promise<void> => {
      while (careless && !stopping.signal.aborted) {
        await intruder.write(order);
        await pause(20);
      }
    };
    const intruding = intrude();
    await lane.round(2_000);
    stopping.abort();
    await intruding;
    expect(lane.counts.writes).toBeGreaterThan(5);
    expect(lane.counts.lost + lane.counts.lostAgain > 0).toBe(careless);
    expect(lane.wrong.length > 0).toBe(careless);
  });
});
