import { readdir, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lintSamples, type Reported } from "./samples.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Which folders of app/ each folder may import: said a second time, apart from the linter's own table. */
const SHARED = ["shared/data", "shared/login", "shared", "shared/view", "shared/words"];
const BASE = [...SHARED, "ports"];
/** A pass and a loop need their context, and the names of what they tell. */
const ROOM = ["keeper/context.ts", "keeper/api.ts"];
const ENGINE_FLOORS = ["keeper/notes", "keeper/decide", "keeper/refresh", "keeper/loop", "keeper/commands"];
const FILE_FLOORS = ["credentials/read", "credentials/neighbour", "credentials/write", "credentials/find"];
const PARTS = [...BASE, "keeper", ...ROOM, ...ENGINE_FLOORS, "credentials", ...FILE_FLOORS, "providers", "platform"];
const MAY: Readonly<Record<string, readonly string[]>> = {
  "shared/data": [],
  "shared/login": ["shared/data"],
  shared: ["shared/data", "shared/login"],
  "shared/view": ["shared/data", "shared/login", "shared"],
  "shared/words": ["shared/data", "shared/login", "shared", "shared/view"],
  ports: SHARED,
  "keeper/notes": BASE,
  "keeper/decide": [...BASE, "keeper/notes"],
  "keeper/refresh": [...BASE, ...ROOM, "keeper/notes", "keeper/decide"],
  "keeper/loop": [...BASE, ...ROOM, "keeper/notes", "keeper/decide", "keeper/refresh"],
  "keeper/commands": [...BASE, ...ROOM, "keeper/notes", "keeper/decide", "keeper/refresh", "keeper/loop"],
  keeper: [...BASE, ...ROOM, ...ENGINE_FLOORS],
  "credentials/read": BASE,
  "credentials/neighbour": [...BASE, "credentials/read"],
  "credentials/write": [...BASE, "credentials/read", "credentials/neighbour"],
  "credentials/find": [...BASE, "credentials/read"],
  credentials: [...BASE, ...FILE_FLOORS],
  providers: BASE,
  platform: BASE,
  assemble: PARTS,
  demo: [...BASE, "platform", "assemble"],
  preload: SHARED,
  renderer: SHARED,
  main: [...PARTS, "assemble", "demo"],
  cli: [...PARTS, "assemble", "demo"],
};
const FLOORS = Object.keys(MAY);
/** The folders of app/. */
const FOLDERS = [...new Set(FLOORS.map((name) => name.split("/")[0] ?? name))];

/** Modules of the outside world, and where alone each may stand. */
const OUTSIDE = ["platform", "assemble"];
const WORLD: Readonly<Record<string, readonly string[]>> = {
  "node:fs": OUTSIDE,
  "node:fs/promises": OUTSIDE,
  fs: OUTSIDE,
  "node:crypto": OUTSIDE,
  "node:net": OUTSIDE,
  "node:tls": OUTSIDE,
  "node:http": OUTSIDE,
  "node:https": OUTSIDE,
  "node:child_process": OUTSIDE,
  axios: OUTSIDE,
  electron: ["main", "preload"],
  "electron-store": ["main"],
  conf: ["cli"],
};
/** No product file may import these, seen from app/. */
const NEVER = [
  "keeper/testing/world.ts",
  "shared/login/states.test.ts",
  "../sim/world/x.ts",
  "../e2e/support/x.ts",
  "../scripts/x.mjs",
];

const importOf = (specifier: string): string => `import ${JSON.stringify(specifier)};`;

/** A file in `folder` that tries every import there is, and those of its lines that must be reported. */
function wallRow(folder: string, file: string): { file: string; lines: string[]; forbidden: string[] } {
  const up = "../".repeat(file.split("/").length - 2);
  const may = MAY[folder] ?? [];
  const ours = [...FLOORS, ...ROOM]
    .filter((target) => target !== folder)
    .map((target) => ({
      line: importOf(`${up}${target.endsWith(".ts") ? target : `${target}/sample.ts`}`),
      allowed: may.includes(target),
    }));
  const world = Object.entries(WORLD).map(([name, homes]) => ({
    line: importOf(name),
    allowed: homes.includes(folder.split("/")[0] ?? folder),
  }));
  const never = NEVER.map((name) => ({ line: importOf(`${up}${name}`), allowed: false }));
  const all = [...ours, ...world, ...never, { line: importOf("./neighbour.ts"), allowed: true }];
  const forbidden = all.filter(({ allowed }) => !allowed).map(({ line }) => line);
  return { file, lines: all.map(({ line }) => line), forbidden: forbidden.toSorted() };
}

const rows = FLOORS.flatMap((folder) => [
  wallRow(folder, `app/${folder}/try.ts`),
  wallRow(folder, `app/${folder}/part/try.ts`),
]);

const CLOCK_LINES = [
  "export const a = Date.now();",
  "export const b = Math.random();",
  "setTimeout(() => undefined, 1);",
  "setInterval(() => undefined, 1);",
  "globalThis.setTimeout(() => undefined, 1);",
  "export const c = performance.now();",
  'export const d = fetch("http://127.0.0.1");',
  "export const e = crypto.randomUUID();",
];
const PURE_LINES = ['export const f = Date.parse("2026");', "export const g = new Date(5).toISOString();"];

const ENGINE = ["ports", "keeper", "credentials", "providers"];
const BUT = (...names: readonly string[]): readonly string[] => FOLDERS.filter((name) => !names.includes(name));
/** What the runtime offers without an import, and in which folders alone it may stand: a second table beside the linter's. */
const GLOBAL: Readonly<Record<string, readonly string[]>> = {
  'export const a = fetch("http://127.0.0.1");': OUTSIDE,
  'export const b = globalThis.fetch("http://127.0.0.1");': OUTSIDE,
  'export const c = window.fetch("http://127.0.0.1");': OUTSIDE,
  'export const d = new WebSocket("ws://127.0.0.1");': OUTSIDE,
  "export const e = new XMLHttpRequest();": OUTSIDE,
  'export const f = new EventSource("http://127.0.0.1");': OUTSIDE,
  'export const g = navigator.sendBeacon("http://127.0.0.1");': [],
  "export const h = process.pid;": BUT("shared"),
  'export const i = Buffer.from("");': BUT("shared"),
  "setTimeout(() => undefined, 1);": BUT("shared", ...ENGINE),
  "setInterval(() => undefined, 1);": BUT("shared", ...ENGINE),
  "setImmediate(() => undefined);": BUT("shared", ...ENGINE),
};

/** Only main and preload may import electron; of what it offers, main may not have these. */
const ELECTRON = {
  forbidden: ["net", "session", "shell"].map((name) => `import { ${name} } from "electron";`),
  allowed: ['import { app } from "electron";', 'import type { Session } from "electron";'],
};

/** The schemas of the shared modules stay out of the page; their types may come in. */
const WITH_SCHEMAS = [
  "login/history",
  "login/snapshot",
  "settings",
  "view/contract",
  "view/settings-change",
  "view/start-lock",
  "view/view",
].map((name) => `../shared/${name}.ts`);
const TYPES_ONLY = {
  forbidden: WITH_SCHEMAS.flatMap((path, at) => [
    `import ${JSON.stringify(path)};`,
    `import { a${at} } from ${JSON.stringify(path)};`,
    `import * as b${at} from ${JSON.stringify(path)};`,
    `export { c${at} } from ${JSON.stringify(path)};`,
    `export const d${at} = await import(${JSON.stringify(path)});`,
  ]),
  allowed: [
    ...WITH_SCHEMAS.map((path, at) => `import type { A${at} } from ${JSON.stringify(path)};`),
    'import { RULES } from "../shared/login/rules.ts";',
  ],
};

const OTHER_WAYS = [
  'export { a } from "../platform/a.ts";',
  'export type { A } from "../platform/a.ts";',
  'export const b = await import("../platform/b.ts");',
  'import type { C } from "./../platform/c.ts";',
  'import type { D } from "../shared/../platform/d.ts";',
  'import "node:fs";',
];

/** One limit for all, tests included. */
const MOST_LINES = 300;
const FILES = ["app/keeper", "sim/world", "e2e/support", "campaign/support", "scripts/lint"].flatMap((folder) => [
  `${folder}/long.ts`,
  `${folder}/long.test.ts`,
]);
const linesOf = (count: number): string[] => Array.from({ length: count }, (_, at) => `export const a${at} = ${at};`);

describe("the walls of the house", () => {
  let folder = "";
  let reported: Reported;

  beforeAll(async () => {
    ({ folder, reported } = await lintSamples(
      [
        ...rows,
        { file: "app/keeper/ways.ts", lines: OTHER_WAYS },
        { file: "app/keeper/ways.test.ts", lines: OTHER_WAYS },
        { file: "app/keeper/testing/ways.ts", lines: OTHER_WAYS },
        ...["shared", ...ENGINE].flatMap((name) => [
          { file: `app/${name}/clock.ts`, lines: [...CLOCK_LINES, ...PURE_LINES] },
          { file: `app/${name}/clock.test.ts`, lines: CLOCK_LINES },
        ]),
        ...FOLDERS.flatMap((name) => [
          { file: `app/${name}/global.ts`, lines: Object.keys(GLOBAL) },
          { file: `app/${name}/part/global.ts`, lines: Object.keys(GLOBAL) },
        ]),
        { file: "app/main/electron.ts", lines: [...ELECTRON.forbidden, ...ELECTRON.allowed] },
        { file: "app/main/window/shell.ts", lines: [...ELECTRON.forbidden, ...ELECTRON.allowed] },
        { file: "app/renderer/schemas.ts", lines: [...TYPES_ONLY.forbidden, ...TYPES_ONLY.allowed] },
        ...FILES.flatMap((file) => [
          { file, lines: linesOf(MOST_LINES + 1) },
          { file: `short/${file}`, lines: linesOf(MOST_LINES) },
        ]),
      ],
      false,
    ));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** @returns the lines that one of the two rules about globals reports. */
  const seenIn = (file: string): string[] =>
    [
      ...new Set(["no-restricted-globals", "no-restricted-properties"].flatMap((rule) => reported(file, rule))),
    ].toSorted();

  it.each(rows)("hold in $file: everything forbidden there is reported, and nothing else", ({ file, forbidden }) => {
    expect(forbidden).not.toHaveLength(0);
    expect(reported(file, "walls")).toEqual(forbidden);
  });

  it("see re-exports, types, dynamic imports and detours", () => {
    expect(reported("app/keeper/ways.ts", "walls")).toEqual(OTHER_WAYS.toSorted());
  });

  it.each(["app/keeper/ways.test.ts", "app/keeper/testing/ways.ts"])("leave the tests alone: %s", (file) => {
    expect(reported(file, "walls")).toEqual([]);
  });

  it.each(FOLDERS)("let nothing into app/%s that the runtime offers and that belongs elsewhere", (name) => {
    const forbidden = Object.entries(GLOBAL)
      .flatMap(([line, homes]) => (homes.includes(name) ? [] : [line]))
      .toSorted();
    for (const file of [`app/${name}/global.ts`, `app/${name}/part/global.ts`]) expect(seenIn(file)).toEqual(forbidden);
  });

  it("let app/main neither reach the network nor, but for one file, open anything through Electron", () => {
    expect(reported("app/main/electron.ts", "walls")).toEqual(ELECTRON.forbidden.toSorted());
    const network = ELECTRON.forbidden.filter((line) => !line.includes("shell"));
    expect(reported("app/main/window/shell.ts", "walls")).toEqual(network.toSorted());
  });

  it("let only types of a module with schemas into the page", () => {
    expect(reported("app/renderer/schemas.ts", "walls")).toEqual(TYPES_ONLY.forbidden.toSorted());
  });

  it.each(["shared", ...ENGINE])("keep clock, chance and network out of app/%s", (name) => {
    expect(seenIn(`app/${name}/clock.ts`)).toEqual(CLOCK_LINES.toSorted());
    expect(reported(`app/${name}/clock.test.ts`, "no-restricted-globals")).toEqual([]);
  });

  it.each(FILES)("refuse a file of more lines than one can overlook: %s", (file) => {
    expect(reported(file, "max-lines")).toHaveLength(1);
    expect(reported(`short/${file}`, "max-lines")).toEqual([]);
  });

  it("know every folder of app/", async () => {
    const entries = await readdir(join(root, "app"), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    expect(folders.filter((name) => !FOLDERS.includes(name))).toEqual([]);
  });

  it("let the engine ask no clock by `new Date()` either, which no lint rule sees", async () => {
    const asking: string[] = [];
    for (const name of ["shared", ...ENGINE]) {
      for (const path of await readdir(join(root, "app", name), { recursive: true }).catch(() => [])) {
        if (!/\.tsx?$/.test(path) || path.endsWith(".test.ts") || /(^|\/)testing\//.test(path)) continue;
        const file = join(root, "app", name, path);
        if (/\bnew Date\b(?!\s*\(\s*[^)\s])/.test(await readFile(file, "utf8"))) asking.push(relative(root, file));
      }
    }
    expect(asking).toEqual([]);
  });
});
