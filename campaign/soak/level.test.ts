import { describe, expect, it } from "vitest";
import { levelOf, type Point } from "./level.ts";

const bound = { rise: 3, slope: 0.2 };
/** Ten minutes, a look every five seconds. */
const series = (value: (at: number, n: number) => number): readonly Point[] =>
  Array.from({ length: 120 }, (_, n) => ({ at: n / 12, value: value(n / 12, n) }));

describe("a series is level", () => {
  it("where it swings", () => {
    expect(
      levelOf(
        series((_, n) => 20 + (n % 7) * 3),
        bound,
      ),
    ).toMatchObject({ rises: false, rise: 0 });
  });
  it("where it only rises while a program warms up", () => {
    expect(
      levelOf(
        series((at) => Math.min(at, 4) * 50),
        bound,
      ),
    ).toMatchObject({ rises: false, slope: 0 });
  });
  it("where there is next to nothing of it", () => {
    expect(levelOf([], bound)).toMatchObject({ rises: false });
    expect(levelOf([{ at: 0, value: 5 }], bound)).toMatchObject({ rises: false });
  });
});

describe("a series rises", () => {
  it("where one handle a minute is forgotten, behind all swinging", () => {
    const { rises, slope } = levelOf(
      series((at, n) => 20 + at * 1.5 + (n % 3)),
      bound,
    );
    expect(rises).toBe(true);
    expect(slope).toBeCloseTo(1.5, 0);
  });
});
