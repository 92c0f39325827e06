import { describe, expect, it } from "vitest";
import { frame } from "./screen.ts";

describe("a picture on a terminal", () => {
  it("begins at the first line, and wipes out what was there before", () => {
    expect(frame("a\nb\n", 24)).toBe("\u001b[Ha\u001b[K\r\nb\u001b[K\u001b[J");
  });

  it("is never longer than the terminal, which would roll", () => {
    expect(frame("a\nb\nc\n", 2).split("\r\n")).toHaveLength(2);
    expect(frame("a\nb\nc\n", 2)).toContain("…");
    expect(frame("a\nb\n", 0).split("\r\n")).toHaveLength(1);
  });
});
