import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText } from "../testing/snapshots.ts";
import { fitted, shortened, visible } from "./visible.ts";

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

  it("never holds anything that a terminal or a page obeys", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        // oxlint-disable-next-line no-control-regex
        expect(visible(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/);
      }),
    );
  });
});

describe("a long text", () => {
  it.each([
    ["letters", "x"],
    ["joiners", "\u200d"],
    ["pictures", "👩‍💻"],
    ["marks", "\u0301"],
  ])("of a megabyte of %s is shown at once", (_what, letter) => {
    const text = letter.repeat(1_000_000);
    const before = process.cpuUsage();
    expect(shortened(visible(text), 48).length).toBeLessThan(2_000);
    // Looking at everything from each letter would take minutes.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5_000);
  });

  it("is cut between letters, whatever they are made of", () => {
    expect(shortened("👩‍💻👩‍💻👩‍💻", 2)).toBe("👩‍💻…");
    expect(shortened("abc", 3)).toBe("abc");
    expect(shortened("abcd", 3)).toBe("ab…");
  });

  it("is cut between letters where units are counted, too", () => {
    expect(fitted("abcd", 4)).toBe("abcd");
    expect(fitted("abcde", 4)).toBe("abc…");
    expect(fitted("👩‍💻👩‍💻👩‍💻", 9)).toBe("👩‍💻…");
    expect(fitted("👩‍💻👩‍💻👩‍💻", 11)).toBe("👩‍💻👩‍💻…");
    expect(fitted("\u0301".repeat(1_000_000), 9)).toBe("…");
  });
});
