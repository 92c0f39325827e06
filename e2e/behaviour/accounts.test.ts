import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { type Pair } from "../../app/ports/credential-file.ts";
import { expired } from "../support/entries.ts";
import { picture, putBytes, saidBy, scene } from "../support/scene.ts";

describe.concurrent("the strict multi-account file", () => {
  const record = (id: string, { access, refresh, expires }: Pair, more = "") =>
    `{"id":"${id}","namespace":"default","label":"${id} label","refresh":"${refresh}","access":"${access}",` +
    `"expires":${expires},"createdAt":1700000000000,  "updatedAt":1700000000001,` +
    `"health":{"successCount":3,"failureCount":0}${more}}`;
  const file = (...records: readonly string[]) =>
    `{"version":2,\n  "providers":{"anthropic":{"type":"oauth","active":{"default":"A"},` +
    `"order":{"default":["A"]},"records":[${records.join(",\n\t")}]},"x":{"type":"api","key":"k"}}}`;

  it.concurrent("a refresh changes three values and updatedAt, and nothing else", async (context) => {
    const { home, server } = await scene(context);
    const [due, well] = [expired(await server.issue()), await server.issue()];
    const before = file(record("A", due), record("B", well));
    await putBytes(home, before);
    const ended = await home.run("run", "--once");
    expect(ended.code).toBe(0);
    const after = await readFile(home.authFile, "utf8");
    const { newest } = await server.standing(due.refresh);
    const [, access = "", expires = "", updatedAt = ""] =
      /"access":"([^"]+)","expires":(\d+),"createdAt":1700000000000, {2}"updatedAt":(\d+)/.exec(after) ?? [];
    expect(after).toBe(
      before
        .replace(due.refresh, newest ?? "")
        .replace(due.access, access)
        .replace(`"expires":${due.expires}`, `"expires":${expires}`)
        .replace('"updatedAt":1700000000001', `"updatedAt":${updatedAt}`),
    );
    expect(Math.abs(Number(updatedAt) - Date.now())).toBeLessThan(30_000);
    expect(access).not.toBe(due.access);
    expect(await readdir(dirname(home.authFile))).toEqual(["auth.json"]);
    const { accounts: logins, file: shown } = await home.status();
    expect(shown.format).toBe("accounts");
    expect(logins.map(({ id, label, state }) => [id, label, state])).toEqual([
      ["anthropic/A", "A label", "healthy"],
      ["anthropic/B", "B label", "healthy"],
    ]);
  });

  it.concurrent.for([
    ["a key that the format does not know", ',"note":1', "“note”"],
    ["a key too many deep inside", ',"accountId":5', "“accountId”"],
  ] as const)("%s in one record: exit 4, nothing sent, nothing written", async ([, more, why], context) => {
    const { home, server } = await scene(context);
    const due = expired(await server.issue());
    await putBytes(home, file(record("A", due), record("B", expired(await server.issue()), more)));
    const before = await picture(dirname(home.authFile));
    const ended = await home.run("run", "--once");
    expect(ended.code).toBe(4);
    expect(saidBy(ended)).toContain(why);
    expect(await picture(dirname(home.authFile))).toEqual(before);
    expect(await server.requests()).toEqual([]);
  });

  it.concurrent("its lock that a dead process of ours left keeps nothing from being refreshed", async (context) => {
    const { home, server } = await scene(context);
    const due = expired(await server.issue());
    await putBytes(home, file(record("A", due)));
    await writeFile(`${home.authFile}.lock`, "", { mode: 0o200 });
    expect((await home.run("run", "--once")).code).toBe(0);
    expect(await server.requests("token")).toHaveLength(1);
    expect(await readdir(dirname(home.authFile))).toEqual(["auth.json"]);
  });

  it.concurrent("its own lock held by another: nothing is sent; once it is gone the refresh works", async (context) => {
    const { home, server } = await scene(context);
    const due = expired(await server.issue());
    await putBytes(home, file(record("A", due)));
    const lock = `${home.authFile}.lock`;
    await writeFile(lock, "held by a test");
    const before = await picture(dirname(home.authFile));
    const ended = await home.run("run", "--once");
    expect(ended.code).toBe(3);
    expect(saidBy(ended)).toContain("another program is writing the file");
    expect(await server.requests()).toEqual([]);
    const { "auth.json": standing, ...others } = await picture(dirname(home.authFile));
    expect({ "auth.json": standing, ...others }).toEqual(before);
    await rm(lock);
    expect((await home.run("refresh", "--all")).code).toBe(0);
    expect(await server.redemptions(due.refresh)).toBe(1);
  });
});
