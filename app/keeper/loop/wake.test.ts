import { describe, expect, it } from "vitest";
import { type Clock } from "../../ports/clock.ts";
import { watchClock } from "./wake.ts";

/** Each step says by how much the wall and the monotonic clock move in one sleep. */
async function jumpsOver(steps: readonly (readonly [wall: number, monotonic: number])[]): Promise<number[]> {
  let [wall, monotonic, step] = [0, 0, 0];
  const stop = new AbortController();
  const clock: Clock = {
    now: () => wall,
    monotonic: () => monotonic,
    sleep: async () => {
      const [wallMs, monotonicMs] = steps[step] ?? [0, 0];
      wall += wallMs;
      monotonic += monotonicMs;
      step += 1;
      if (step > steps.length) stop.abort();
    },
  };
  const jumps: number[] = [];
  await watchClock({ clock, signal: stop.signal, onJump: (ms) => jumps.push(ms) });
  return jumps;
}

describe("the watch over the clocks", () => {
  it("is quiet while both go on alike", async () => {
    expect(
      await jumpsOver([
        [10_000, 10_000],
        [10_004, 10_000],
        [14_900, 10_000],
        [5_100, 10_000],
        [12_000, 12_000],
      ]),
    ).toEqual([]);
  });

  it("tells a sleep in which the monotonic clock stood, and one in which it ran", async () => {
    expect(
      await jumpsOver([
        [10_000 + 9 * 3_600_000, 10_000],
        [10_000, 10_000],
      ]),
    ).toEqual([9 * 3_600_000]);
    expect(await jumpsOver([[70_000, 70_000]])).toEqual([60_000]);
  });

  it("tells a clock that was set, in either direction", async () => {
    expect(
      await jumpsOver([
        [16_000, 10_000],
        [10_000, 10_000],
        [-86_390_000, 10_000],
      ]),
    ).toEqual([6_000, -86_400_000]);
  });
});
