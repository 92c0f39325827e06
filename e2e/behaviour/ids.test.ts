/** Names that every JavaScript object answers to are names of logins like any other. */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { type Pair } from "../../app/ports/credential-file.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { putBytes, type Scene, saidBy, scene } from "../support/scene.ts";

/** All that `Object.prototype` has, and what some schemas leave out. */
const NAMES = [...Object.getOwnPropertyNames(Object.prototype), "prototype"];

/** Of these each is refreshed in turn, which takes its time. */
const SOME = ["__proto__", "constructor", "toString", "prototype"];

const recordId = (name: string) => `anthropic/${name}`;

/** Builds JSON by hand: an object literal would take "__proto__" for its prototype. */
const object = (members: readonly (readonly [string, unknown])[]) => JSON.stringify(Object.fromEntries(members));

describe.concurrent("the flat file with names of Object.prototype", () => {
  const place = async ({ home, server }: Scene): Promise<{ due: Pair; other: Pair }> => {
    const [due, other] = [expired(await server.issue()), expired(await server.issue())];
    const members = [
      ...NAMES.map((name) => [name, oauthEntry(other)] as const),
      ["anthropic", oauthEntry(due)] as const,
    ];
    await putBytes(home, object(members));
    return { due, other };
  };

  it.concurrent.for([
    ["status"],
    ["status", "--json"],
    ["accounts"],
    ["doctor"],
    ["history"],
    ["run", "--once"],
    ["refresh", "--all"],
    ["ping", "--all"],
    ["pause", "--all"],
  ])("%j works", async (command, context) => {
    const made = await scene(context);
    await place(made);
    const ended = await made.home.run(...command);
    expect(saidBy(ended)).not.toMatch(/TypeError|unexpected error/i);
    expect([0, 1, 3]).toContain(ended.code);
    expect((await made.home.status()).accounts.map(({ id }) => id)).toEqual(expect.arrayContaining(NAMES));
  });

  it.concurrent("the login among them is refreshed, and no byte of theirs changes", async (context) => {
    const made = await scene(context);
    const { due, other } = await place(made);
    const before = await readFile(made.home.authFile, "utf8");
    const refreshed = await made.home.run("refresh", "anthropic");
    expect(saidBy(refreshed)).not.toMatch(/error/i);
    expect(await made.server.redemptions(due.refresh)).toBe(1);
    expect(await made.server.redemptions(other.refresh)).toBe(0);
    const after = await readFile(made.home.authFile, "utf8");
    const lengthOfTheirs = before.indexOf('"anthropic"');
    expect(after.slice(0, lengthOfTheirs)).toBe(before.slice(0, lengthOfTheirs));
  });

  it.concurrent("as ids of commands they name that login and no other thing", async (context) => {
    const { home } = await scene(context);
    await putBytes(home, object([["anthropic", { type: "api", key: "k" }]]));
    for (const command of ["refresh", "ping", "pause", "resume", "allow", "disallow", "forget", "history"]) {
      for (const name of ["__proto__", "constructor"]) {
        const ended = await home.run(command, name);
        expect([command, name, ended.code]).toEqual([command, name, 2]);
        expect(saidBy(ended)).not.toMatch(/TypeError|unexpected error/i);
      }
    }
  });
});

describe.concurrent("the multi-account file with names of Object.prototype", () => {
  const record = (name: string, pair: Pair) => ({
    id: name,
    namespace: name,
    label: name,
    ...pair,
    createdAt: 1_700_000_000_000,
    updatedAt: 1_700_000_000_001,
    health: { successCount: 0, failureCount: 0 },
  });
  const place = async ({ home, server }: Scene): Promise<ReadonlyMap<string, Pair>> => {
    const pairs = new Map<string, Pair>();
    for (const name of SOME) pairs.set(name, expired(await server.issue()));
    const records = [...pairs].map(([name, pair]) => record(name, pair));
    const namespaces = (of: (name: string) => unknown) => Object.fromEntries(SOME.map((name) => [name, of(name)]));
    const providers = [
      [
        "anthropic",
        { type: "oauth", active: namespaces((name) => name), order: namespaces((name) => [name]), records },
      ],
      ...NAMES.map((name) => [name, { type: "api", key: "k" }] as const),
    ] as const;
    await putBytes(home, `{"version":2,"providers":${object(providers)}}`);
    return pairs;
  };

  it.concurrent("all are refreshed once, paused, shown, and remembered by the next process", async (context) => {
    const made = await scene(context);
    const { home, server } = made;
    const pairs = await place(made);
    expect((await home.run("run", "--once")).code).toBe(0);
    for (const pair of pairs.values()) expect(await server.redemptions(pair.refresh)).toBe(1);
    for (const name of ["__proto__", "constructor"]) expect((await home.run("pause", recordId(name))).code).toBe(0);
    const { accounts: logins } = await home.status();
    expect(logins.map(({ id, state, lastRefresh }) => [id, state, lastRefresh?.outcome])).toEqual(
      SOME.map((name) => [
        recordId(name),
        name === "__proto__" || name === "constructor" ? "paused" : "healthy",
        "refreshed",
      ]),
    );
    expect((await home.run("run", "--once")).code).toBe(0);
    for (const pair of pairs.values()) expect(await server.redemptions(pair.refresh)).toBe(1);
  });
});

it.concurrent("settings for such names count for these alone, and stay as they were written", async (context) => {
  const { home, server } = await scene(context);
  const pair = await server.issue();
  await putBytes(home, object(NAMES.map((name) => [name, oauthEntry(pair)] as const)));
  const written =
    `{"names":{"__proto__":"the first","constructor":"the second"},"pauses":{"__proto__":null},` +
    `"allow":{"__proto__":{"shared":true}},"providers":{"__proto__":{"tokenUrl":"http://127.0.0.1:9/"}},"__proto__":{"mine":1}}`;
  await mkdir(dirname(home.settingsFile), { recursive: true });
  await writeFile(home.settingsFile, written);
  const { accounts: logins } = await home.status();
  const labels = new Map(logins.map(({ id, label }) => [id, label]));
  expect([labels.get("__proto__"), labels.get("constructor"), labels.get("toString")]).toEqual([
    "the first",
    "the second",
    "toString",
  ]);
  expect((await home.run("pause", "toString")).code).toBe(0);
  const stored = await readFile(home.settingsFile, "utf8");
  const compact = JSON.stringify(JSON.parse(stored));
  expect(compact).toContain('"__proto__":"the first","constructor":"the second"');
  expect(compact).toContain('"pauses":{"__proto__":null,"toString":null}');
  expect(compact).toContain('"allow":{"__proto__":{"shared":true}}');
  expect(compact).toContain('"providers":{"__proto__":{"tokenUrl":"http://127.0.0.1:9/"}}');
  expect(compact).toContain('"__proto__":{"mine":1}');
});
