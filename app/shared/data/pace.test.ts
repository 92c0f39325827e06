import { expect, it } from "vitest";
import { atMost } from "./pace.ts";

it("A limit says yes so often within its time, and no to the rest", () => {
  let now = 0;
  const may = atMost(2, 1_000, () => now);
  const asked = [0, 10, 20, 999, 1_000, 1_005, 1_010].map((at) => {
    now = at;
    return may();
  });
  expect(asked).toEqual([true, true, false, false, true, false, true]);
});
