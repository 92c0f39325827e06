import { describe, expect, it } from "vitest";
import { editProblemWords, fileProblemWords } from "../../shared/words/file-problem.ts";
import type { CredentialDocument, Edit } from "../read/document.ts";
import { parseDocument } from "../read/parse.ts";
import { applyEdits } from "./edit.ts";

const SECRET = "sk-ant-ort01-planted-secret";
const pair = { access: "A2", refresh: "R2", expires: 7 };

function understood(text: string): CredentialDocument {
  const parsed = parseDocument(text);
  if (parsed.kind === "problem") throw new Error(fileProblemWords(parsed.problem));
  return parsed.document;
}

function edited(text: string, ...edits: readonly Edit[]): string {
  const result = applyEdits(understood(text), edits);
  if (result.kind === "cannot") throw new Error(editProblemWords(result.problem));
  return result.text;
}

function reasonOf(text: string, ...edits: readonly Edit[]): string | null {
  const result = applyEdits(understood(text), edits);
  return result.kind === "cannot" ? editProblemWords(result.problem) : null;
}

const FLAT = `{
  "anthropic": {
    "type": "oauth",
    "refresh": "R1",
    "access": "A1",
    "expires": 1e3, "extra": { "refresh": -0 }
  },
  "openai": { "type": "oauth", "expires": 5, "access": "x", "refresh": "y" }
}
`;

describe("applyEdits: a new pair", () => {
  it("changes the three values where they stand", () => {
    expect(edited(FLAT, { kind: "pair", id: "anthropic", pair, updatedAt: 9 })).toBe(
      FLAT.replace('"R1"', '"R2"').replace('"A1"', '"A2"').replace("1e3", "7"),
    );
  });

  it("changes several logins at once, and none if one cannot be", () => {
    const both: Edit[] = [
      { kind: "pair", id: "openai", pair, updatedAt: 9 },
      { kind: "pair", id: "anthropic", pair, updatedAt: 9 },
    ];
    expect(edited(FLAT, ...both).match(/R2/g)).toHaveLength(2);
    expect(reasonOf(FLAT, ...both, { kind: "pair", id: "gone", pair, updatedAt: 9 })).toBe(
      "there is no login “gone” in it",
    );
  });

  it("writes times as whole milliseconds, however large", () => {
    const at = (expires: number) =>
      edited(FLAT, { kind: "pair", id: "openai", pair: { ...pair, expires }, updatedAt: 9.5 });
    expect(at(1763900000000.7)).toContain('"expires": 1763900000000,');
    expect(at(9007199254740991)).toContain('"expires": 9007199254740991,');
    expect(at(-0)).toContain('"expires": 0,');
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 1e300])("does not write the time %d", (expires) => {
    const reason = reasonOf(FLAT, { kind: "pair", id: "openai", pair: { ...pair, expires }, updatedAt: 9 });
    expect(reason).toBe("a time to be written is not a whole number of milliseconds");
  });

  it("writes tokens of any characters so that they are read back the same", () => {
    for (const token of ['a"b\\c', "\u0000\n", "\ud800", "\u2028🔑", "$&$1$$", ""]) {
      const text = edited(FLAT, { kind: "pair", id: "openai", pair: { ...pair, refresh: token }, updatedAt: 9 });
      expect(understood(text).entries[1]).toMatchObject({ pair: { refresh: token } });
    }
  });

  it("does not touch an entry that is no login", () => {
    const text = '{"a":{"type":"oauth","refresh":"r","access":"a"},"b":{"type":"api","key":"k"},"c":1}';
    for (const id of ["a", "b", "c"]) {
      expect(reasonOf(text, { kind: "pair", id, pair, updatedAt: 9 })).toBe(`there is no login “${id}” in it`);
    }
  });

  it("sets updatedAt too in the multi-account file, of that record alone", () => {
    const record = (id: string) =>
      `{"id":"${id}","namespace":"default","refresh":"R","access":"A","expires":1,"createdAt":2,"updatedAt":3.0,"health":{"successCount":0,"failureCount":0}}`;
    const file = (first: string) =>
      `{"version":2,"providers":{"anthropic":{"type":"oauth","active":{},"order":{},"records":[\r\n${first},\r\n${record("02")}]}}}`;
    const changed = record("01")
      .replace('"R"', '"R2"')
      .replace('"A"', '"A2"')
      .replace('"expires":1', '"expires":7')
      .replace("3.0", "44");
    expect(edited(file(record("01")), { kind: "pair", id: "anthropic/01", pair, updatedAt: 44 })).toBe(file(changed));
    const put: Edit = { kind: "put", id: "anthropic/01", raw: record("01") };
    const drop: Edit = { kind: "drop", id: "anthropic/01" };
    for (const edit of [put, drop]) {
      expect(reasonOf(file(record("01")), edit)).toBe(
        "entries of the multi-account file are only refreshed, never added or removed",
      );
    }
  });
});

describe("applyEdits: whole entries", () => {
  it("adds an entry in the style of the file", () => {
    const put: Edit = { kind: "put", id: "new", raw: '{"type":"x"}' };
    expect(edited("{}", put)).toBe('{\n  "new": {"type":"x"}\n}');
    expect(edited(" { }\r\n", put)).toBe(' {\r\n  "new": {"type":"x"}\r\n}\r\n');
    expect(edited('{"a":1}', put)).toBe('{"a":1,"new":{"type":"x"}}');
    expect(edited('{"a": 1, "b": 2}\n', put)).toBe('{"a": 1, "b": 2, "new": {"type":"x"}}\n');
    expect(edited('{\n\t"a" : 1\n}', put)).toBe('{\n\t"a" : 1,\n\t"new" : {"type":"x"}\n}');
    expect(edited('{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n', put)).toBe(
      '{\r\n  "a": 1,\r\n  "b": 2,\r\n  "new": {"type":"x"}\r\n}\r\n',
    );
    expect(edited('{ "a":1\n , "b":2 }', put)).toBe('{ "a":1\n , "b":2, "new":{"type":"x"} }');
  });

  it("sets an entry in its place", () => {
    expect(edited('{"a": {"x":1} , "b": 2}', { kind: "put", id: "a", raw: "-0" })).toBe('{"a": -0 , "b": 2}');
    expect(edited('{"\\u0061": 1}', { kind: "put", id: "a", raw: "2" })).toBe('{"\\u0061": 2}');
    expect(edited("{}", { kind: "put", id: "__proto__", raw: "1" })).toBe('{\n  "__proto__": 1\n}');
  });

  it("removes an entry with one comma", () => {
    const text = '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}\n';
    expect(edited(text, { kind: "drop", id: "a" })).toBe('{\n  "b": 2,\n  "c": 3\n}\n');
    expect(edited(text, { kind: "drop", id: "b" })).toBe('{\n  "a": 1,\n  "c": 3\n}\n');
    expect(edited(text, { kind: "drop", id: "c" })).toBe('{\n  "a": 1,\n  "b": 2\n}\n');
    const all: Edit[] = ["c", "a", "b"].map((id) => ({ kind: "drop", id }));
    expect(edited(text, ...all)).toBe("{}\n");
    expect(edited(text, ...all, { kind: "put", id: "d", raw: "4" })).toBe('{\n  "d": 4\n}\n');
  });

  it.each<[string, Edit, string]>([
    [
      "a value that is no JSON",
      { kind: "put", id: "a", raw: `{"x":"${SECRET}"` },
      "the new value of “a” is not one JSON value",
    ],
    ["two values", { kind: "put", id: "a", raw: `1,"${SECRET}":2` }, "the new value of “a” is not one JSON value"],
    ["a value with space around it", { kind: "put", id: "a", raw: " 1" }, "the new value of “a” is not one JSON value"],
    ["no value", { kind: "put", id: "a", raw: "" }, "the new value of “a” is not one JSON value"],
    ["an entry that is not there", { kind: "drop", id: "x" }, "there is no entry “x” in it"],
    [
      "a nest too deep",
      { kind: "put", id: "a", raw: "[".repeat(64) + "]".repeat(64) },
      "the changed file would not be understood: it is nested too deeply to be a credential file",
    ],
  ])("cannot do it with %s", (_, edit, reason) => {
    expect(reasonOf('{"a":1,"version":2}', edit)).toBe(reason);
  });

  it("does not turn a flat file into a multi-account file", () => {
    const put: Edit = { kind: "put", id: "providers", raw: "{}" };
    expect(reasonOf('{"version":2}', put)).toBe("the change would have touched more than it should");
    expect(reasonOf('{"version":3}', put)).toMatch(/^the changed file would not be understood: /);
  });

  it("does not change one entry twice at once", () => {
    const drop: Edit = { kind: "drop", id: "a" };
    expect(reasonOf('{"a":1}', drop, drop)).toBe("one entry would be changed twice");
  });

  it("changes nothing when nothing is asked", () => {
    expect(edited(FLAT)).toBe(FLAT);
  });
});
