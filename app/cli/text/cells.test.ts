import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visible } from "../../shared/words/visible.ts";
import { cellWidth, fit, fitMiddle, pad, wrap } from "./cells.ts";

describe("the width of a text", () => {
  it.each([
    ["", 0],
    ["abc", 3],
    ["Büro", 4],
    ["e\u0301", 1],
    ["日本語", 6],
    ["한국", 4],
    ["ｆｕｌｌ", 8],
    ["👩‍💻", 2],
    ["🇩🇪", 2],
    ["❤️", 2],
    ["🔥ok", 4],
    ["…", 1],
  ])("%j takes %d cells", (text, width) => {
    expect(cellWidth(text)).toBe(width);
  });

  it("is never more than asked for after a cut, and never splits a letter", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(30), (text, width) => {
        const shown = visible(text);
        expect(cellWidth(fit(shown, width))).toBeLessThanOrEqual(width);
        expect(fit(shown, cellWidth(shown))).toBe(shown);
      }),
    );
    expect(fit("日本語", 4)).toBe("日…");
    expect(fit("👩‍💻👩‍💻", 3)).toBe("👩‍💻…");
    expect(fit("abc", 0)).toBe("");
    expect(fit("abc", 1)).toBe("…");
  });

  it("is cut in the middle where both ends tell something", () => {
    expect(fitMiddle("anthropic/0f8fad5b-d9cb", 11)).toBe("anthr…-d9cb");
    expect(fitMiddle("anthropic", 9)).toBe("anthropic");
    expect(fitMiddle("日本語の名前", 7)).toBe("日本…前");
    expect([2, 1, 0].map((width) => fitMiddle("abc", width))).toEqual(["a…", "…", ""]);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(30), (text, width) => {
        expect(cellWidth(fitMiddle(visible(text), width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it("of a text in several pieces is that of its letters", () => {
    for (const letter of ["日", "👩‍💻", "e\u0301", "🇩🇪"]) {
      for (let before = 0; before < 12; before += 1) {
        const text = "a".repeat(990 + before) + letter.repeat(300);
        expect(cellWidth(text)).toBe(990 + before + 300 * cellWidth(letter));
      }
    }
  });

  it.each(["x", "日", "👩‍💻"])("of hundreds of thousands of %s is found at once", (letter) => {
    const text = letter.repeat(300_000 / letter.length);
    const before = process.cpuUsage();
    expect(cellWidth(fit(text, 20))).toBeLessThanOrEqual(20);
    expect(cellWidth(fitMiddle(text, 20))).toBeLessThanOrEqual(20);
    // All in one piece it would take minutes.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5_000);
  });

  it("is filled up by cells, not by letters", () => {
    expect(pad("日本", 6)).toBe("日本  ");
    expect(pad("abc", 2)).toBe("abc");
  });
});

describe("a wrapped sentence", () => {
  it("breaks between words, keeps a long word whole, and indents what follows", () => {
    expect(wrap("one two three", 8, "  ")).toEqual(["one two", "  three"]);
    expect(wrap("a /a/very/long/path b", 6)).toEqual(["a", "/a/very/long/path", "b"]);
    expect(wrap("", 10)).toEqual([""]);
  });

  it("never breaks a command, as it will be copied", () => {
    expect(wrap("Sign in again: opencode auth login.", 20)).toEqual(["Sign in again:", "opencode auth login."]);
    expect(wrap('Or "pilot-light allow a" uses it.', 22)).toEqual(["Or", '"pilot-light allow a"', "uses it."]);
  });
});
