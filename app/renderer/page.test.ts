import { describe, expect, it } from "vitest";
import { newest } from "./page.ts";

describe("the answer that a login shows", () => {
  const older = { at: 1_000, sentence: "older" };
  const newer = { at: 2_000, sentence: "newer" };

  it("is the newer one of the keeper's and the page's own", () => {
    expect(newest(older, newer, 3_000)).toBe(newer);
    expect(newest(newer, older, 3_000)).toBe(newer);
    expect(newest(undefined, older, 3_000)).toBe(older);
    expect(newest(older, undefined, 3_000)).toBe(older);
  });

  it("goes when it is old news", () => {
    expect(newest(older, undefined, 1_000 + 10 * 60_000)).toBe(older);
    expect(newest(older, undefined, 1_001 + 10 * 60_000)).toBeNull();
    expect(newest(undefined, undefined, 0)).toBeNull();
  });
});
