import { describe, expect, it } from "vitest";
import { type Box, fitted, isResized, openingOf, type Placement, SIZE } from "./placement.ts";

const MAIN: Box = { x: 0, y: 30, width: 1920, height: 1050 };
const RIGHT: Box = { x: 1920, y: 0, width: 1280, height: 1024 };
const at = (box: Partial<Box>): Placement => ({
  box: { x: 100, y: 100, width: 600, height: 700, ...box },
  sized: true,
  maximized: false,
});

describe("where the window opens", () => {
  it("is left to the system the first time", () => {
    expect(openingOf(null, [MAIN, RIGHT])).toEqual({ width: SIZE.width, height: SIZE.height });
    expect(openingOf(null, [{ ...MAIN, width: 500, height: 300 }])).toEqual({ width: 500, height: 300 });
    expect(openingOf(null, [])).toEqual({ width: SIZE.width, height: SIZE.height });
  });

  it("is where it was, on whatever screen", () => {
    expect(openingOf(at({}), [MAIN, RIGHT])).toEqual(at({}).box);
    expect(openingOf(at({ x: 2_000, y: 0 }), [MAIN, RIGHT])).toEqual(at({ x: 2_000, y: 0 }).box);
  });

  it("is left to the system where that screen is gone, with the size that it had", () => {
    expect(openingOf(at({ x: 2_000 }), [MAIN])).toEqual({ width: 600, height: 700 });
    expect(openingOf(at({ x: 2_000 }), [])).toEqual({ width: 600, height: 700 });
    expect(openingOf(at({ y: 1_070 }), [MAIN])).toEqual({ width: 600, height: 700 });
    expect(openingOf(at({ x: -580 }), [MAIN])).toEqual({ width: 600, height: 700 });
    expect(openingOf(at({ y: -500 }), [MAIN])).toEqual({ width: 600, height: 700 });
  });

  it("is all on the screen where a part of it was not, or the screen is smaller now", () => {
    expect(openingOf(at({ x: 1_700 }), [MAIN])).toMatchObject({ x: 1_320, y: 100 });
    expect(openingOf(at({ y: 20 }), [MAIN])).toMatchObject({ x: 100, y: 30 });
    expect(openingOf(at({ width: 4_000, height: 4_000 }), [MAIN])).toEqual(MAIN);
  });
});

describe("a window that fits what it shows", () => {
  const box = at({}).box;

  it("has just that height, within its screen", () => {
    expect(fitted(box, 30, 333.4, [MAIN])).toEqual({ ...box, height: 363 });
    expect(fitted(box, 30, 10, [MAIN])).toEqual({ ...box, height: SIZE.minHeight });
    expect(fitted(box, 30, 5_000, [MAIN])).toEqual({ ...box, y: 30, height: 1_050 });
    const low = { ...box, x: 2_000, y: 500 };
    expect(fitted(low, 30, 870, [MAIN, RIGHT])).toEqual({ ...low, y: 124, height: 900 });
    expect(fitted(box, 30, 400, [])).toEqual({ ...box, height: 430 });
  });

  it("leaves room for a title bar that is not counted", () => {
    expect(fitted(box, 0, 400, [MAIN])).toEqual({ ...box, height: 400 });
    expect(fitted(box, 0, 5_000, [MAIN])).toEqual({ ...box, y: 70, height: 1_010 });
    expect(fitted({ ...box, y: 59 }, 0, 400, [MAIN])).toEqual({ ...box, y: 59, height: 400 });
    expect(fitted({ ...box, y: 10 }, 0, 400, [MAIN])).toEqual({ ...box, y: 30, height: 400 });
  });

  it("is one that nobody resized", () => {
    expect(isResized(box, { width: 600, height: 701 })).toBe(false);
    expect(isResized(box, { width: 600, height: 690 })).toBe(true);
    expect(isResized(box, { width: 640, height: 700 })).toBe(true);
  });
});
