import { describe, expect, it } from "vitest";
import { entryProblemWords, fileProblemWords } from "../../shared/words/file-problem.ts";
import type { CredentialDocument } from "./document.ts";
import { decodeText, parseDocument } from "./parse.ts";

const SECRET = "sk-ant-ort01-planted-secret";

function understood(value: unknown): CredentialDocument {
  const parsed = parseDocument(typeof value === "string" ? value : JSON.stringify(value));
  if (parsed.kind === "problem") throw new Error(fileProblemWords(parsed.problem));
  return parsed.document;
}

function problemOf(value: unknown): string | null {
  const parsed = parseDocument(typeof value === "string" ? value : JSON.stringify(value));
  return parsed.kind === "problem" ? fileProblemWords(parsed.problem) : null;
}

const login = { type: "oauth", refresh: "r", access: "a", expires: 5 };

describe("decodeText", () => {
  it("reads UTF-8 and keeps every character", () => {
    expect(decodeText(new TextEncoder().encode('{"é🔑":"\r\n"}'))).toEqual({ text: '{"é🔑":"\r\n"}' });
  });

  it.each([
    ["an empty file", [], "empty"],
    ["UTF-8 with a mark", [0xef, 0xbb, 0xbf, 0x7b, 0x7d], "byteOrderMark"],
    ["UTF-16", [0xff, 0xfe, 0x7b, 0], "byteOrderMark"],
    ["UTF-16, big end first", [0xfe, 0xff, 0, 0x7b], "byteOrderMark"],
    ["Latin-1", [0x22, 0xe9, 0x22], "notUtf8"],
    ["a character that is cut off", [0x22, 0xf0, 0x9f], "notUtf8"],
    ["half a surrogate pair", [0x22, 0xed, 0xa0, 0x80, 0x22], "notUtf8"],
  ])("refuses %s", (_, bytes, kind) => {
    expect(decodeText(new Uint8Array(bytes))).toEqual({ problem: { kind } });
  });
});

describe("parseDocument of a flat file", () => {
  it("reads logins, sets bad entries aside and passes over what is no login", () => {
    const { format, entries, slots } = understood({
      anthropic: { ...login, accountId: "acc", extra: 1 },
      "github-copilot": { ...login, expires: 0 },
      openrouter: { type: "api", key: SECRET, metadata: { a: "b" } },
      "https://x.example": { type: "wellknown", key: "k", token: "t" },
      odd: { type: "api" },
      later: { type: "future" },
    });
    expect(format).toBe("flat");
    const oauth = (id: string, expires: number) => ({
      kind: "oauth",
      id,
      provider: id,
      label: id,
      pair: { refresh: "r", access: "a", expires },
    });
    const other = (id: string) => ({ kind: "other", id, provider: id, label: id });
    expect(entries).toEqual([
      oauth("anthropic", 5),
      oauth("github-copilot", 0),
      ...["openrouter", "https://x.example", "odd", "later"].map(other),
    ]);
    expect(slots.size).toBe(6);
  });

  it.each([
    ["null", null, "it is not an object"],
    ["a text", SECRET, "it is not an object"],
    ["a list", [login], "it is not an object"],
    ["no type", { key: SECRET }, "it has no “type”"],
    ["a type that is no text", { ...login, type: 1 }, "it has no “type”"],
    ["no refresh token", { type: "oauth", access: SECRET, expires: 1 }, "its refresh token is missing or not text"],
    ["an odd access token", { ...login, access: null }, "its access token is missing or not text"],
    ["a negative time", { ...login, expires: -1 }, "its “expires” is not a whole number of milliseconds"],
    ["a broken time", { ...login, expires: 1.5 }, "its “expires” is not a whole number of milliseconds"],
    ["a time in a text", { ...login, expires: "5" }, "its “expires” is not a whole number of milliseconds"],
    ["a time beyond doubles", { ...login, expires: 2 ** 53 }, "its “expires” is not a whole number of milliseconds"],
    ["an odd account id", { ...login, accountId: null }, "its “accountId” is not text"],
    ["an odd address", { ...login, enterpriseUrl: 1 }, "its “enterpriseUrl” is not text"],
  ])("sets aside an entry with %s", (_, entry, why) => {
    const { entries, slots } = understood({ anthropic: entry, openai: login });
    const [first] = entries;
    expect(first).toMatchObject({ kind: "unreadable", id: "anthropic", provider: "anthropic", label: "anthropic" });
    expect(first?.kind === "unreadable" ? entryProblemWords(first.why) : null).toBe(why);
    expect(entries[1]?.kind).toBe("oauth");
    expect(slots.get("anthropic")).toEqual({ raw: JSON.stringify(entry), meaning: null });
    expect(JSON.stringify(entries)).not.toContain(SECRET);
  });

  it.each([
    ["1e3", 1000],
    ["1.0", 1],
    ["-0", 0],
    ["1.5e1", 15],
  ])("reads the whole number %s", (spelled, expires) => {
    const [entry] = understood(`{"a":{"type":"oauth","refresh":"","access":"","expires":${spelled}}}`).entries;
    expect(entry).toMatchObject({ kind: "oauth", pair: { refresh: "", access: "", expires } });
  });

  it("reads entries of any name", () => {
    const text = `{"__proto__":${JSON.stringify(login)},"constructor":${JSON.stringify(login)},"":1,"2":1,"1":1,"version":2}`;
    const { entries, slots } = understood(text);
    expect(entries.map(({ id, kind }) => `${id}: ${kind}`)).toEqual([
      "__proto__: oauth",
      "constructor: oauth",
      ": unreadable",
      "2: unreadable",
      "1: unreadable",
      "version: unreadable",
    ]);
    expect([...slots.keys()]).toEqual(["__proto__", "constructor", "", "2", "1", "version"]);
    expect(Object.prototype).not.toHaveProperty("refresh");
  });

  it("gives the same meaning to what opencode reads alike, and another to the rest", () => {
    const meaning = (text: string): string | null | undefined => understood(`{"a":${text}}`).slots.get("a")?.meaning;
    const plain = meaning('{"type":"oauth","refresh":"r","access":"a","expires":1000}');
    expect(meaning('{ "expires":1e3, "x":[1], "access":"\\u0061", "refresh":"r","type":"oauth" }')).toBe(plain);
    expect(meaning('{"type":"oauth","refresh":"r","access":"a","expires":1000,"accountId":"x"}')).not.toBe(plain);
    const key = meaning('{"type":"api","key":"k","metadata":{"a":"1","__proto__":"2"}}');
    expect(meaning('{"metadata":{"__proto__":"2","a":"1"},"key":"k","type":"api","x":1}')).toBe(key);
    expect(meaning('{"type":"api","key":"k","metadata":{"a":"1"}}')).not.toBe(key);
    expect(meaning('{"type":"wellknown","key":"k","token":"t","x":1}')).toBe(
      '{"type":"wellknown","key":"k","token":"t"}',
    );
    for (const odd of [
      '{"type":"api"}',
      '{"type":"api","key":"k","metadata":{"constructor":1}}',
      '{"type":"x"}',
      "1",
    ]) {
      expect(meaning(odd)).toBeNull();
    }
  });

  it.each([["[]"], ['"text"'], ["1"], ["null"]])("refuses %s as a whole", (text) => {
    expect(problemOf(text)).toBe("it contains no JSON object");
  });

  it("refuses a file with a key that stands twice at any level, and quotes no long key", () => {
    expect(problemOf(`{"a":{"type":"x","\\u0074ype":"x"}}`)).toBe("the key “type” is in it twice");
    const token = `${SECRET}-${"x".repeat(80)}`;
    expect(problemOf(`{"${token}":1,"${token}":1}`)).toBe("the key “sk-ant-ort01-pla…” is in it twice");
    expect(problemOf('{"a\\u202e\\n":1,"a\\u202e\\n":1}')).toBe("the key “a\uFFFD\uFFFD” is in it twice");
  });
});

const record = {
  id: "01J1",
  namespace: "default",
  label: "work",
  refresh: SECRET,
  access: "a",
  expires: 5,
  createdAt: 1,
  updatedAt: 2,
  health: { successCount: 0, failureCount: 0 },
};
const provider = { type: "oauth", active: { default: "01J1" }, order: { default: ["01J1"] }, records: [record] };
const fileWith = (change: object) => ({ version: 2, providers: { anthropic: { ...provider, ...change } } });
const recordWith = (change: object) => fileWith({ records: [{ ...record, ...change }] });
const without = (key: string) =>
  fileWith({ records: [Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))] });

describe("parseDocument of a multi-account file", () => {
  it("reads every record under its provider's name", () => {
    const { label: _, ...unnamed } = { ...record, id: "01J1ABCDEFGHIJKLMNOPQRSTUV", refresh: "r2" };
    const { format, entries, slots } = understood({
      version: 2,
      providers: {
        anthropic: { ...provider, records: [record, unnamed] },
        openrouter: { type: "api", key: SECRET },
        "https://x.example": { type: "wellknown", key: "k", token: "t" },
      },
    });
    expect(format).toBe("accounts");
    expect(entries).toEqual([
      {
        kind: "oauth",
        id: "anthropic/01J1",
        provider: "anthropic",
        label: "work",
        pair: { refresh: SECRET, access: "a", expires: 5 },
      },
      {
        kind: "oauth",
        id: "anthropic/01J1ABCDEFGHIJKLMNOPQRSTUV",
        provider: "anthropic",
        label: "anthropic · …QRSTUV",
        pair: { refresh: "r2", access: "a", expires: 5 },
      },
      { kind: "other", id: "openrouter", provider: "openrouter", label: "openrouter" },
      { kind: "other", id: "https://x.example", provider: "https://x.example", label: "https://x.example" },
    ]);
    expect([...slots.keys()]).toEqual(["anthropic/01J1", "anthropic/01J1ABCDEFGHIJKLMNOPQRSTUV"]);
    expect(slots.get("anthropic/01J1")?.raw).toBe(JSON.stringify(record));
  });

  it("accepts a file without providers, and all optional keys", () => {
    expect(understood({ version: 2, providers: {} }).entries).toEqual([]);
    const health = { successCount: 0, failureCount: 0, cooldownUntil: 1, lastStatusCode: 401, lastErrorAt: 2 };
    expect(understood(recordWith({ accountId: "x", enterpriseUrl: "y", health })).entries).toHaveLength(1);
    expect(understood(recordWith({ access: "", expires: 0 })).entries).toMatchObject([
      { pair: { access: "", expires: 0 } },
    ]);
  });

  it("puts a label on one line, without what could be a token", () => {
    const label = `mine sk-ant-ort01-${"Ab3_".repeat(8)}`;
    expect(understood(recordWith({ label })).entries[0]?.label).toBe("mine [redacted]");
    expect(understood(recordWith({ label: `a\nb\u202e${"c".repeat(500)}` })).entries[0]?.label).toMatch(
      /^a\uFFFDb\uFFFDc{75}…$/,
    );
    expect(understood(recordWith({ label: "  " })).entries[0]?.label).toBe("anthropic · 01J1");
  });

  const keychain = (place: string) =>
    `${place} keeps its secrets in the system's keychain, so this file cannot be managed`;
  const REC = "the login “anthropic/01J1”";
  it.each([
    [
      { version: 3, providers: {} },
      "it has “version” and “providers”, but is not version 2 of the multi-account format",
    ],
    [
      { version: "2", providers: {} },
      "it has “version” and “providers”, but is not version 2 of the multi-account format",
    ],
    [{ version: 2, providers: [] }, "its “providers” is not an object"],
    [{ version: 2, providers: {}, anthropic: login }, "it has the key “anthropic”, which its format does not allow"],
    [{ version: 2, providers: { a: SECRET } }, "the provider “a” is not an object"],
    [{ version: 2, providers: { a: { type: "future" } } }, "“type” of the provider “a” has an unexpected value"],
    [{ version: 2, providers: { a: {} } }, "“type” of the provider “a” has an unexpected value"],
    [{ version: 2, providers: { a: login } }, "the provider “a” is missing the key “active”"],
    [{ version: 2, providers: { a: { type: "api", key: 1 } } }, "“key” of the provider “a” has an unexpected value"],
    [
      { version: 2, providers: { a: { type: "api", key: "k", x: 1 } } },
      "the provider “a” has the key “x”, which its format does not allow",
    ],
    [fileWith({ extra: 1 }), "the provider “anthropic” has the key “extra”, which its format does not allow"],
    [fileWith({ records: {} }), "“records” of the provider “anthropic” has an unexpected value"],
    [fileWith({ active: { default: 1 } }), "“active” of the provider “anthropic” has an unexpected value"],
    [fileWith({ order: { default: "01J1" } }), "“order” of the provider “anthropic” has an unexpected value"],
    [fileWith({ records: [record, SECRET] }), "login 2 of “anthropic” is not an object"],
    [without("id"), "login 1 of “anthropic” is missing the key “id”"],
    [without("refresh"), keychain(REC)],
    [without("access"), keychain(REC)],
    [without("expires"), keychain(REC)],
    [without("health"), `${REC} is missing the key “health”`],
    [without("updatedAt"), `${REC} is missing the key “updatedAt”`],
    [recordWith({ expires: 1.5 }), `“expires” of ${REC} has an unexpected value`],
    [recordWith({ refresh: null }), `“refresh” of ${REC} has an unexpected value`],
    [recordWith({ health: { successCount: 0 } }), `${REC} is missing the key “health.failureCount”`],
    [
      recordWith({ health: { ...record.health, x: 1 } }),
      `${REC} has the key “health.x”, which its format does not allow`,
    ],
    [
      recordWith({ health: { ...record.health, lastErrorAt: "x" } }),
      `“health.lastErrorAt” of ${REC} has an unexpected value`,
    ],
    [recordWith({ constructor: 1 }), `${REC} has the key “constructor”, which its format does not allow`],
    [fileWith({ records: [record, { ...record, refresh: "other" }] }), "two logins in it have the id “anthropic/01J1”"],
    [
      {
        version: 2,
        providers: {
          a: { ...provider, records: [{ ...record, id: "b/c" }] },
          "a/b": { ...provider, records: [{ ...record, id: "c" }] },
        },
      },
      "two logins in it have the id “a/b/c”",
    ],
    [
      {
        version: 2,
        providers: { a: { ...provider, records: [{ ...record, id: "b" }] }, "a/b": { type: "api", key: "k" } },
      },
      "a provider and a login in it have the id “a/b”",
    ],
  ])("does not serve %j", (value, problem) => {
    expect(problemOf(value)).toBe(problem);
  });

  it("knows __proto__ as a key like any other", () => {
    const text = JSON.stringify(recordWith({})).replace('"id":', '"__proto__":{"refresh":"x"},"id":');
    expect(problemOf(text)).toBe(`${REC} has the key “__proto__”, which its format does not allow`);
    const bad = JSON.stringify(fileWith({})).replace('"active":{', '"active":{"__proto__":1,');
    expect(problemOf(bad)).toBe("“active” of the provider “anthropic” has an unexpected value");
    const named = JSON.stringify(fileWith({})).replace('"anthropic"', '"__proto__"');
    expect(understood(named).entries).toMatchObject([{ kind: "oauth", id: "__proto__/01J1" }]);
  });
});
