import type { GeneratorValue } from "fast-check";
import * as fc from "fast-check";
import { type Hole, makePrinter, type Pieces, type Tree } from "./odd-printer.ts";

export interface GeneratedFile {
  readonly format: "flat" | "accounts";
  readonly pieces: Pieces;
  /** The ids of its well-formed logins. */
  readonly logins: readonly string[];
  /** The ids of all its slots, in order. */
  readonly slots: readonly string[];
}

const KEYS = [
  "anthropic",
  "openai",
  "github-copilot",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "",
  "0",
  "10",
  "2",
  "type",
  "refresh",
  "https://llm.example.org/",
  "clé à café",
  "🔑",
  "line\nbreak",
  'a"b\\c',
  "\ud800",
  "\u2028",
];
const NUMBERS = [
  "0",
  "-0",
  "1e3",
  "1E+3",
  "0.10",
  "1.0",
  "-1.5e-7",
  "1e400",
  "123456789012345678901234567890",
  "5e-324",
];
const TIMES = [
  "0",
  "-0",
  "1e3",
  "1.0",
  "1.5e3",
  "10E+2",
  "1763900000000",
  "17639e8",
  "1763900000000.0",
  "9007199254740991",
];

/** Draws whole credential files: what stands in them, and how it is printed. */
export function fileMaker(g: GeneratorValue) {
  const chance = (percent: number): boolean => g(fc.integer, { min: 0, max: 99 }) < percent;
  const pick = <T>(values: readonly T[]): T => g(() => fc.constantFrom(...values));
  const count = (max: number): number => g(fc.integer, { min: 0, max });
  const string = (): string => g(() => fc.string({ unit: "binary", maxLength: 12 }));

  const token = (): string =>
    chance(70) ? `sk-ant-${g(fc.nat)}` : string() + pick(["", "\ud800", '"', "\\", "\u0000"]);
  const pair = () => ({ access: token(), refresh: token(), expires: g(fc.nat, { max: 4_000_000_000_000 }) });
  const text = (value: string): Tree => ({ kind: "text", value });
  const spelled = (value: string): Tree => ({ kind: "spelled", text: value });
  const time = (): Tree => spelled(pick(TIMES));
  const hole = (id: string, key: Hole["key"], value: Tree): Tree => ({ kind: "hole", id, key, value });

  function keys(max: number, taken: ReadonlySet<string> = new Set()): string[] {
    const wanted = Array.from({ length: count(max) }, () => (chance(70) ? pick(KEYS) : string()));
    return [...new Set(wanted)].filter((key) => !taken.has(key));
  }

  function anything(depth: number): Tree {
    switch (depth > 3 ? 0 : count(3)) {
      case 1:
        return { kind: "object", members: keys(3).map((key) => [key, anything(depth + 1)] as const) };
      case 2:
        return { kind: "array", items: Array.from({ length: count(3) }, () => anything(depth + 1)) };
      case 3:
        return text(string());
      default:
        return spelled(pick([...NUMBERS, "true", "false", "null"]));
    }
  }

  function shuffled(members: ReadonlyArray<readonly [string, Tree]>): Tree {
    return { kind: "object", members: g(() => fc.shuffledSubarray([...members], { minLength: members.length })) };
  }

  function optional(...names: readonly string[]): Array<readonly [string, Tree]> {
    return names.filter(() => chance(30)).map((name) => [name, text(string())] as const);
  }

  function extras(known: readonly string[]): Array<readonly [string, Tree]> {
    return keys(2, new Set(known)).map((key) => [key, anything(1)] as const);
  }

  const secrets = (id: string): Array<readonly [string, Tree]> => [
    ["refresh", hole(id, "refresh", text(token()))],
    ["access", hole(id, "access", text(token()))],
    ["expires", hole(id, "expires", time())],
  ];

  // ---- the flat file

  function flatLogin(id: string): Tree {
    const known = ["type", "refresh", "access", "expires", "accountId", "enterpriseUrl"];
    return shuffled([
      ["type", text("oauth")],
      ...secrets(id),
      ...optional("accountId", "enterpriseUrl"),
      ...extras(known),
    ]);
  }

  function otherEntry(): Tree {
    const key = ["key", text(token())] as const;
    switch (count(4)) {
      case 0:
        return shuffled([
          ["type", text("api")],
          key,
          ["metadata", shuffled(optional(...keys(3)))],
          ...extras(["type", "key", "metadata"]),
        ]);
      case 1:
        return shuffled([["type", text("wellknown")], key, ["token", text(token())]]);
      case 2:
        return shuffled([["type", text("future")], ...extras(["type"])]);
      case 3:
        return shuffled([
          ["type", text("oauth")],
          ["refresh", anything(3)],
          ["expires", spelled("1.5")],
        ]);
      default:
        return anything(1);
    }
  }

  function flatTree(): { tree: Tree; logins: string[]; slots: string[] } {
    // Both together would be the marks of the other format.
    const oneMark = chance(20) ? [pick(["version", "providers"])] : [];
    const ids = [...new Set([...keys(4), ...oneMark, pick(KEYS)])].filter(
      (id) => id !== "version" || oneMark.includes(id),
    );
    const logins = ids.filter((_, index) => index === ids.length - 1 || chance(50));
    const members = ids.map((id) => [id, logins.includes(id) ? flatLogin(id) : otherEntry()] as const);
    return { tree: { kind: "object", members }, logins, slots: ids };
  }

  // ---- the multi-account file

  const nameMap = (value: () => Tree): Tree => ({
    kind: "object",
    members: keys(2).map((key) => [key, value()] as const),
  });

  function record(id: string, recordId: string): Tree {
    const number = (): Tree => spelled(pick(NUMBERS.filter((spelling) => spelling !== "1e400")));
    const health: Array<readonly [string, Tree]> = ["successCount", "failureCount"].map(
      (key) => [key, number()] as const,
    );
    for (const key of ["cooldownUntil", "lastStatusCode", "lastErrorAt"]) if (chance(30)) health.push([key, number()]);
    return shuffled([
      ["id", text(recordId)],
      ["namespace", text("default")],
      ...secrets(id),
      ["createdAt", number()],
      ["updatedAt", hole(id, "updatedAt", number())],
      ["health", shuffled(health)],
      ...optional("label", "accountId", "enterpriseUrl"),
    ]);
  }

  function accountsTree(): { tree: Tree; logins: string[]; slots: string[] } {
    const logins: string[] = [];
    const oauth = (provider: string): Tree => {
      const ids = [...new Set(Array.from({ length: 1 + count(2) }, () => `01JCD${g(fc.nat)}`))];
      logins.push(...ids.map((id) => `${provider}/${id}`));
      return shuffled([
        ["type", text("oauth")],
        ["active", nameMap(() => text(string()))],
        ["order", nameMap(() => ({ kind: "array", items: ids.map(text) }))],
        ["records", { kind: "array", items: ids.map((id) => record(`${provider}/${id}`, id)) }],
      ]);
    };
    const apiKey = (): Tree =>
      shuffled([
        ["type", text("api")],
        ["key", text(token())],
      ]);
    const names = [...new Set([...keys(2), pick(KEYS)])];
    const providers = names.map((name, index) => [name, index === 0 || chance(60) ? oauth(name) : apiKey()] as const);
    const tree = shuffled([
      ["version", spelled(pick(["2", "2.0", "2e0", "0.2e1"]))],
      ["providers", { kind: "object", members: providers }],
    ]);
    return { tree, logins, slots: logins };
  }

  function file(format: GeneratedFile["format"]): GeneratedFile {
    const { tree, logins, slots } = format === "flat" ? flatTree() : accountsTree();
    return { format, pieces: makePrinter(chance, pick)(tree), logins, slots };
  }

  return { file, pair, pick, chance, token };
}
