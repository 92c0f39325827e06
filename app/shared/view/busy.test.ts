import { describe, expect, it } from "vitest";
import { ALL } from "../data/all.ts";
import { isBusy } from "./busy.ts";

describe("a login", () => {
  it("is busy while a command works on it, and others are not", () => {
    const view = { busy: ["a"] };
    expect(["a", "b", ALL].map((id) => isBusy(view, id))).toEqual([true, false, false]);
  });

  it("is busy while a command on all has not told of it", () => {
    const view = { busy: [ALL, "a"] };
    expect(["a", "b", ALL].map((id) => isBusy(view, id))).toEqual([true, false, true]);
  });

  it("is free while nothing is at work", () => {
    expect(isBusy({ busy: [] }, "a")).toBe(false);
  });
});
