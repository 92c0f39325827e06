import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileProblemWords } from "../../shared/words/file-problem.ts";
import { fileMaker } from "../testing/generated-file.ts";
import { printed } from "../testing/odd-printer.ts";
import { canonicalJson, type JsonNode, MAX_DEPTH, scanJson, toValue } from "./json-text.ts";

function treeOf(text: string): JsonNode {
  const scan = scanJson(text);
  if (scan.kind === "problem") throw new Error(fileProblemWords(scan.problem));
  return scan.root;
}

function problemOf(text: string): string | null {
  const scan = scanJson(text);
  return scan.kind === "problem" ? fileProblemWords(scan.problem) : null;
}

function accepts(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("scanJson", () => {
  it("tells where keys and values stand", () => {
    const text = ' { "a\\u0062" : [1e3, "x"] , "c":null}\n';
    const root = treeOf(text);
    expect(text.slice(root.start, root.end)).toBe(text.trim());
    const members = root.kind === "object" ? root.members : [];
    expect(members.map(({ key }) => key)).toEqual(["ab", "c"]);
    expect(members.map(({ keySpan }) => text.slice(keySpan.start, keySpan.end))).toEqual(['"a\\u0062"', '"c"']);
    expect(members.map(({ value }) => text.slice(value.start, value.end))).toEqual(['[1e3, "x"]', "null"]);
  });

  it("keeps the spelling of numbers", () => {
    expect(treeOf("-0.50E+2")).toMatchObject({ kind: "number", raw: "-0.50E+2", value: -50 });
    expect(treeOf("123456789012345678901")).toMatchObject({ raw: "123456789012345678901" });
  });

  it.each([
    ["", "it is empty"],
    [" \r\n\t", "it is empty"],
    ["\uFEFF{}", "it starts with a byte order mark, which opencode cannot read"],
    ['{"a":1', "it is cut off or not JSON (line 1, column 7)"],
    ['{\n  "a": 1,\n  }', "it is cut off or not JSON (line 3, column 3)"],
    ['{"a":1}}', "it is cut off or not JSON (line 1, column 8)"],
    ['{"a":1}\n"b"', "it is cut off or not JSON (line 2, column 1)"],
    ["\u0000\u0000", "it is cut off or not JSON (line 1, column 1)"],
    ['{"a":1,"\\u0061":2}', "the key “a” is in it twice"],
    ['[{"x":{"y":1,"z":2,"y":1}}]', "the key “y” is in it twice"],
    ['{"__proto__":1,"__proto__":2}', "the key “__proto__” is in it twice"],
    ["[".repeat(MAX_DEPTH) + "]".repeat(MAX_DEPTH), null],
    ["[".repeat(MAX_DEPTH + 1) + "]".repeat(MAX_DEPTH + 1), "it is nested too deeply to be a credential file"],
  ])("says of %j what is wrong", (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  it.each([
    "{'a':1}",
    "{a:1}",
    "[1,]",
    "[,1]",
    "01",
    "-",
    "+1",
    ".5",
    "1.",
    "1e",
    "NaN",
    "Infinity",
    "tru",
    "truex",
    "nul",
    "//\n1",
    '"\t"',
    '"\\x41"',
    '"\\u12g4"',
    '"\\u12',
    '"\\',
    '"a',
    "\u00a01",
    "\u20281",
    "{,}",
    '{"a"}',
    '{"a" 1}',
    '{"a":}',
    "1 2",
    "\v1",
  ])("refuses %j, as JSON.parse does", (text) => {
    expect(accepts(text)).toBe(false);
    expect(problemOf(text)).toMatch(/^it is cut off or not JSON \(line \d+, column \d+\)$/);
  });

  it("judges mutilated files as JSON.parse does, and reads the same values", () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const make = fileMaker(g);
        const whole = printed(make.file(make.pick(["flat", "accounts"])).pieces);
        const at = g(fc.integer, { min: 0, max: whole.length });
        const cut = g(fc.integer, { min: 0, max: 3 });
        const text =
          whole.slice(0, at) + make.pick(["", "", '"', ",", "}", "\\", " ", "0", "e", "x"]) + whole.slice(at + cut);
        const scan = scanJson(text);
        if (scan.kind === "tree") expect(toValue(scan.root)).toEqual(JSON.parse(text));
        else if (scan.problem.kind !== "keyTwice") expect(accepts(text)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  }, 120_000);

  it.each([
    ["open brackets", "[".repeat(5_000_000)],
    ["open objects", '{"a":'.repeat(1_000_000)],
    ["one open string", `"${"a".repeat(5_000_000)}`],
    ["escapes without end", `"${"\\n".repeat(2_500_000)}`],
    ["digits", "1".repeat(5_000_000)],
    ["white space", " ".repeat(5_000_000)],
    ["lines", "\n".repeat(5_000_000) + "x"],
    ["NUL bytes", "\u0000".repeat(5_000_000)],
    ["many small keys", `{${Array.from({ length: 400_000 }, (_, index) => `"k${index}":1`).join(",")}`],
    ["a huge key twice", `{"${"k".repeat(2_500_000)}":1,"${"k".repeat(2_500_000)}":1}`],
  ])("is done with 5 MB of %s in a moment", (_, text) => {
    // The best of three, and time of our own: the machine may be busy with something else.
    const times = [1, 2, 3].map(() => {
      const before = process.cpuUsage();
      expect(problemOf(text)?.length ?? 0).toBeLessThan(120);
      return process.cpuUsage(before).user / 1000;
    });
    expect(Math.min(...times)).toBeLessThan(1000);
  });
});

describe("canonicalJson", () => {
  it("gives one spelling to one value", () => {
    const one = '{"b": [1e3, -0, "\\u0041\\/"], "a": {"__proto__": null, "2": true, "10": 1.50}}';
    const other = '{"a":{"10":1.5,"2":true,"\\u005f_proto__":null},"b":[1000,0,"A/"]}';
    expect(canonicalJson(treeOf(one))).toBe(canonicalJson(treeOf(other)));
    expect(canonicalJson(treeOf(one))).toBe('{"a":{"10":1.5,"2":true,"__proto__":null},"b":[1000,0,"A/"]}');
  });

  it("keeps numbers apart that no double can hold", () => {
    expect(canonicalJson(treeOf("1e400"))).not.toBe(canonicalJson(treeOf("null")));
  });
});
