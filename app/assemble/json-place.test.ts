import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endOfJson } from "./json-place.ts";

describe("the place where a text stops being JSON", () => {
  it.each<[string, string, { line: number; column: number }]>([
    ["a comma too many", '{\n  "a": 1,\n}', { line: 3, column: 1 }],
    ["a comma too few", '{\r\n  "a": 1\r\n  "b": 2\r\n}', { line: 3, column: 3 }],
    ["a comment", '{\n  // mine\n  "a": 1\n}', { line: 2, column: 3 }],
    ["a quote too few", '{ "a": "b }', { line: 1, column: 8 }],
    ["a brace too few", '{\n  "a": {}\n', { line: 3, column: 1 }],
    ["a word that is none", '{ "a": yes }', { line: 1, column: 8 }],
    ["nothing at all", "", { line: 1, column: 1 }],
  ])("is found after %s", (_what, text, place) => {
    expect(endOfJson(text)).toEqual(place);
  });

  it("is none in JSON, and inside the text where it is not", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 3 }), (json, at, more) => {
        expect(endOfJson(json)).toBeNull();
        const cut = at % (json.length + 1);
        const place = endOfJson(json.slice(0, cut) + more + json.slice(cut));
        if (place !== null) expect(Math.min(place.line, place.column)).toBeGreaterThan(0);
      }),
    );
  });
});
