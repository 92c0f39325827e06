/** Our own files, damaged one after the other: no login is lost by it, and no token is sent twice. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CliHome } from "../support/cli.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { filesBelow, loginOf, saidBy, sceneWithLogin } from "../support/scene.ts";

/** Ways in which a disk, or a hand, damages a file. */
const DAMAGES: readonly (readonly [string, (whole: Buffer) => Buffer])[] = [
  ["cut off", (whole) => whole.subarray(0, Math.floor(whole.length / 2))],
  ["emptied", () => Buffer.alloc(0)],
  ["full of zeroes", (whole) => Buffer.alloc(whole.length)],
  ["garbage", (whole) => Buffer.alloc(whole.length, "\u00fe}x")],
  ["one byte flipped", (whole) => flipped(whole, 12)],
];

function flipped(whole: Buffer, at: number): Buffer {
  const changed = Buffer.from(whole);
  changed[at] = (changed[at] ?? 0) ^ 0x50;
  return changed;
}

/** The paths below the state folder that end so. */
async function named(home: CliHome, end: string): Promise<readonly string[]> {
  return [...(await filesBelow(home.stateDir)).keys()].filter((path) => path.endsWith(end));
}

async function damage(home: CliHome, end: string, how: (whole: Buffer) => Buffer): Promise<void> {
  const paths = await named(home, end);
  expect(paths, end).not.toEqual([]);
  for (const path of paths) {
    const whole = join(home.stateDir, path);
    await writeFile(whole, how(await readFile(whole)));
  }
}

describe.concurrent("a file of ours that is damaged between two refreshes", () => {
  it.concurrent.for([
    ["lineage.json"],
    ["waits.json"],
    ["pings.json"],
    ["journal/key"],
    ["journal.key"],
    [".intent"],
    ["events.jsonl"],
  ] as const)("%s: nothing is lost, and nothing is sent twice", async ([end], context) => {
    const { home, server, login } = await sceneWithLogin(context, { ping: "profile" });
    const sent: string[] = [login.refresh];
    // So that there is a file of each kind: waits after a failure, then a successor and a ping.
    await server.script("token", { kind: "answer", status: 503, body: "{}" });
    expect((await home.run("run", "--once")).code).toBe(3);
    expect(saidBy(await home.run("refresh", "anthropic"))).toContain("Refreshed.");
    expect(saidBy(await home.run("ping", "anthropic"))).toContain("Ping: ok");
    sent.push((await home.pair())?.refresh ?? "");
    for (const [how, change] of DAMAGES) {
      if (end === "waits.json" && (await named(home, end)).length === 0) {
        await server.script("token", { kind: "answer", status: 503, body: "{}" });
        await home.run("refresh", "anthropic");
      }
      await damage(home, end, change);
      expect([how, saidBy(await home.run("refresh", "anthropic"))]).toEqual([
        how,
        expect.stringContaining("Refreshed."),
      ]);
      if (end === "pings.json") await home.run("ping", "anthropic");
      sent.push((await home.pair())?.refresh ?? "");
    }
    const redemptions = await Promise.all(sent.map((token) => server.redemptions(token)));
    expect(redemptions).toEqual([...sent.slice(1).map(() => 1), 0]);
    expect((await server.standing(sent.at(-1) ?? "")).current).toBe(true);
    expect((await loginOf(home)).state).toBe("healthy");
  });

  it.concurrent("a safe copy: nothing is lost, and nothing is sent twice", async (context) => {
    const { home, server, login } = await sceneWithLogin(context, { healthy: true });
    for (const [, change] of DAMAGES) {
      expect((await home.run("run", "--once")).code).toBe(0);
      await damage(home, ".copy", change);
    }
    expect(saidBy(await home.run("refresh", "anthropic"))).toContain("Refreshed.");
    expect(await server.redemptions(login.refresh)).toBe(1);
    expect((await loginOf(home)).state).toBe("healthy");
  });
});

describe.concurrent("a ledger that is damaged", () => {
  it.concurrent("is set aside and told of, and the journal still knows a spent token", async (context) => {
    const { home, server, login } = await sceneWithLogin(context);
    expect((await home.run("run", "--once")).code).toBe(0);
    const pair = await home.pair();
    await damage(home, "lineage.json", () => Buffer.from("{"));
    // An older copy comes back at the worst moment.
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    expect((await home.run("run", "--once")).code).toBe(0);
    expect(await home.pair()).toEqual(pair);
    expect(await server.redemptions(login.refresh)).toBe(1);
    expect(await server.redemptions(pair?.refresh ?? "")).toBe(0);
    expect(await named(home, "lineage.json.damaged-1")).toHaveLength(1);
    for (const command of ["history", "doctor"]) expect(saidBy(await home.run(command))).toContain("lineage.json");
    expect((await home.run("doctor")).code).toBe(0);
    const log = await filesBelow(join(home.stateDir, "log"));
    expect([...log.values()].join("")).toContain("set aside");
  });

  it.concurrent("takes a removed login's copy with it for 7 days more, and it can be put back", async (context) => {
    const { home } = await sceneWithLogin(context);
    await home.run("run", "--once");
    const pair = await home.pair();
    await home.putEntries({});
    await home.run("run", "--once");
    await damage(home, "lineage.json", () => Buffer.alloc(0));
    await home.run("run", "--once");
    expect(saidBy(await home.run("status"))).toContain("A safe copy of anthropic");
    expect((await home.run("rescue", "anthropic", "--yes")).code).toBe(0);
    expect(await home.pair()).toEqual(pair);
  });
});

describe.concurrent("a file of ours of a newer version", () => {
  it.concurrent.for([["lineage.json"], ["waits.json"], [".intent"], [".copy"], ["journal.key"]] as const)(
    "%s is left alone: one sentence, exit 4, nothing sent",
    async ([end], context) => {
      const { home, server, login } = await sceneWithLogin(context, { ping: "profile" });
      await server.script("token", { kind: "cutAfter" });
      await home.run("run", "--once");
      const requests = (await server.requests()).length;
      await damage(home, end, (whole) => Buffer.from(whole.toString().replace(/"version":\s*1/, '"version":2')));
      const before = await filesBelow(home.stateDir);
      for (const command of [["status"], ["run", "--once"], ["refresh", "--all"]]) {
        const ended = await home.run(...command);
        expect([command, ended.code]).toEqual([command, 4]);
        expect(saidBy(ended)).toContain("newer version of Pilot Light");
      }
      const after = await filesBelow(home.stateDir);
      for (const [path, text] of before)
        if (!path.startsWith("log")) expect([path, after.get(path)]).toEqual([path, text]);
      expect((await server.requests()).length).toBe(requests);
      expect(await server.redemptions(login.refresh)).toBeLessThanOrEqual(1);
    },
  );
});
