import { describe, expect, it } from "vitest";
import { parse } from "./arguments.ts";
import { chanceOf } from "./frame.ts";

describe("what a campaign is asked", () => {
  it("is all of them, whole, with the first seed, unless it is said", () => {
    expect(parse([])).toMatchObject({ seed: 1, minutes: null, form: "full" });
  });
  it("may name a seed and minutes", () => {
    expect(parse(["--seed", "7", "--minutes", "2", "--short"])).toMatchObject({ seed: 7, minutes: 2, form: "short" });
  });
  it("is refused where it cannot be meant", () => {
    expect(parse(["nobody"])).toBe('There is no campaign "nobody".');
    expect(parse(["--seed", "x"])).toBe("--seed needs a number.");
    expect(parse(["--sed"])).toBe("There is no --sed.");
  });
});

describe("chance", () => {
  it("comes again with its seed, and differs with another", () => {
    const drawn = (seed: number) =>
      Array.from({ length: 20 }, () => 0).map(
        (
          (chance) => () =>
            chance.whole(0, 9)
        )(chanceOf(seed)),
      );
    expect(drawn(3)).toEqual(drawn(3));
    expect(drawn(3)).not.toEqual(drawn(4));
    expect(new Set(drawn(5)).size).toBeGreaterThan(4);
  });
});
