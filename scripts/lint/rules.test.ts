import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lintSamples, type Reported } from "./samples.ts";

describe("string records", () => {
  const refused = [
    "export type Plain = Record<string, number>;",
    "export type ReadOnly = Readonly<Record<string, number>>;",
    "export interface Signature { readonly [id: string]: number }",
    "export const schema = v.record(v.string(), v.number());",
    "export const computed = (env: Record<string, string>, name: string) => env[name];",
    "export const nested = (answer: Answer, name: string) => answer.headers[name];",
  ];
  const fine = [
    "import * as v from 'valibot';",
    "import { type ById, lookUp } from '../shared/by-id.ts';",
    "export interface Answer { readonly headers: Readonly<Record<string, string>> }",
    "export const closed: Record<'a' | 'b', number> = { a: 1, b: 2 };",
    "export const checked = { a: 1 } as const satisfies Record<string, number>;",
    "export const literal = (env: Record<string, string>) => env['HOME'];",
    "export const asked = (all: ById<number>, id: string) => lookUp(all, id);",
  ];
  let folder = "";
  let reported: Reported;

  beforeAll(async () => {
    const lines = [...fine, ...refused];
    ({ folder, reported } = await lintSamples(
      ["app/keeper/x.ts", "app/renderer/x.tsx", "app/platform/x.ts", "app/keeper/x.test.ts"].map((file) => ({
        file,
        lines,
      })),
      false,
    ));
  }, 30_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(["app/keeper/x.ts", "app/renderer/x.tsx", "app/platform/x.ts"])("are refused in %s", (file) => {
    const ours = ["no-string-records", "no-restricted-properties"].flatMap((rule) => reported(file, rule));
    expect(ours.toSorted()).toEqual(refused.toSorted());
  });

  it("are free to tests, which name their own", () => {
    expect(reported("app/keeper/x.test.ts", "no-string-records")).toEqual([]);
  });
});

describe("comments", () => {
  it("are wrapped at 130 columns, in each form, and code is left to the formatter", async () => {
    const words = (columns: number): string => "word ".repeat(40).slice(0, columns);
    const refused = [`// ${words(128)}`, `/** ${words(124)} */`, ` * ${words(128)}`];
    const [line = "", single = "", inBlock = ""] = refused;
    const fine = [`// ${words(127)}`, `/** ${words(123)} */`, `export const text = "${words(150)}";`];
    const lines = [...fine, line, single, "/**", inBlock, ` * ${words(127)}`, " */"];
    const files = ["app/keeper/x.ts", "e2e/x.test.ts", "scripts/x.mjs"];
    const { folder, reported } = await lintSamples(
      files.map((file) => ({ file, lines })),
      false,
    );
    try {
      for (const file of files) expect(reported(file, "comment-width")).toEqual(refused.toSorted());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 30_000);
});

describe("the rules that need types", () => {
  const lines = [
    "export async function work(): Promise<number> { return 1; }",
    "work();",
    "[1].forEach(async () => { await work(); });",
    "export async function wait(): Promise<void> { await 5; }",
    "export function is(a: 'x' | 'y'): number { switch (a) { case 'x': return 1; } return 2; }",
    "export const text: string = JSON.parse('1');",
    "export const hidden: any = 1;",
    "export const first = ['a'][0]!;",
    "import { type Stats } from './types.ts';",
    "import { Other } from './types.ts';",
    "export const both = (a: Stats, b: Other): [Stats, Other] => [a, b];",
  ];
  const rules = [
    ["no-floating-promises", [lines[1]]],
    ["no-misused-promises", [lines[2]]],
    ["await-thenable", [lines[3]]],
    ["switch-exhaustiveness-check", [lines[4]]],
    ["no-unsafe-assignment", [lines[5]]],
    ["no-explicit-any", [lines[6]]],
    ["no-non-null-assertion", [lines[7]]],
    ["consistent-type-imports", [lines[9]]],
    ["no-cycle", [lines[8]]],
  ] as const;
  let folder = "";
  let reported: Reported;

  beforeAll(async () => {
    const tsconfig = {
      compilerOptions: {
        strict: true,
        noUncheckedIndexedAccess: true,
        target: "es2022",
        module: "esnext",
        moduleResolution: "bundler",
        allowImportingTsExtensions: true,
        noEmit: true,
        types: [],
      },
      include: ["app"],
    };
    const types = [
      "import { work } from './typed.ts';",
      "export interface Stats { a: typeof work }",
      "export interface Other { b: 1 }",
    ];
    ({ folder, reported } = await lintSamples(
      [
        { file: "tsconfig.json", lines: [JSON.stringify(tsconfig)] },
        { file: "app/keeper/typed.ts", lines },
        { file: "app/keeper/types.ts", lines: types },
      ],
      true,
    ));
  }, 30_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(rules)("%s is an error", (rule, expected) => {
    expect(reported("app/keeper/typed.ts", rule)).toEqual(expected);
  });
});
