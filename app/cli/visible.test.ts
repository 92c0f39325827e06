import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText } from "./testing/fakes.ts";
import { cellWidth, fit, pad, visible, wrap } from "./visible.ts";

describe("text of others", () => {
  it.each([
    ["a colour", "\u001b[31mred\u001b[0m", "?[31mred?[0m"],
    ["a window title", "\u001b]0;owned\u0007", "?]0;owned?"],
    ["a C1 escape", "\u009b2J", "?2J"],
    ["a line end", "a\nb\r\nc", "a?b??c"],
    ["a backspace", "a\bb", "a?b"],
    ["a bidi override", "a\u202egnp.exe", "a?gnp.exe"],
    ["bidi isolates", "\u2066a\u2069", "?a?"],
    ["zero width", "a\u200bb\ufeff", "a?b?"],
    ["a line separator", "a\u2028b", "a?b"],
    ["a tag", "a\u{e0041}", "a?"],
    ["half a pair", "a\ud83d", "a?"],
    ["a joiner between letters", "a\u200db", "a?b"],
    ["wide blanks", "a\u3000b\u00a0c", "a b c"],
    ["letters drowned in marks", `a${"\u0301".repeat(50)}b`, "a\u0301\u0301\u0301b"],
  ])("loses %s", (_what, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it.each(["anthropic · work", "Büro", "日本語", "한국어", "עברית", "👩‍💻 work", "🇩🇪", "❤️", "e\u0301"])(
    "keeps what people write: %s",
    (text) => {
      expect(visible(text)).toBe(text);
    },
  );

  it("never holds anything that a terminal obeys", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        // oxlint-disable-next-line no-control-regex
        expect(visible(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/);
      }),
    );
  });
});

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
