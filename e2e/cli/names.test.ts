/** Logins by label, by ID and by a part of either, with the real program. */
import { describe, expect, it } from "vitest";
import { expired } from "../support/entries.ts";
import { type Cleanup, type Scene, scene } from "../support/scene.ts";

/** The multi-account file with two logins: "work" and "private". */
async function twoLogins(cleanup: Cleanup): Promise<Scene> {
  const made = await scene(cleanup);
  const records: object[] = [];
  for (const [id, label] of [
    ["acc_0f8f", "work"],
    ["acc_7b2c", "private"],
  ]) {
    const pair = expired(await made.server.issue());
    const times = { createdAt: 1, updatedAt: 1, health: { successCount: 0, failureCount: 0 } };
    records.push({ id, label, ...pair, ...times });
  }
  await made.home.putEntries({
    version: 2,
    providers: { anthropic: { type: "oauth", active: {}, order: {}, records } },
  });
  return made;
}

describe.concurrent("a login", () => {
  it.concurrent("is refreshed by its label, or by a part of its ID", async (context) => {
    const { home, server } = await twoLogins(context);
    const first = await home.run("refresh", "private");
    expect(first).toMatchObject({ code: 0, stdout: "anthropic/acc_7b2c: Refreshed.\n", stderr: "" });
    const second = await home.run("renew", "0f8");
    expect(second).toMatchObject({ code: 0, stdout: "anthropic/acc_0f8f: Refreshed.\n" });
    expect(await server.requests("token")).toHaveLength(2);
    expect((await home.run("history", "work")).stdout).toContain("anthropic/acc_0f8f  us: refreshed");
  });

  it.concurrent("is never guessed: the candidates are named, and nothing is sent", async (context) => {
    const { home, server } = await twoLogins(context);
    for (const command of ["refresh", "ping", "pause", "allow", "history"]) {
      const { code, stdout, stderr } = await home.run(command, "acc_");
      const which = "Which one: anthropic/acc_0f8f (work) or anthropic/acc_7b2c (private)?";
      if (command !== "history") expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toBe(`"acc_" fits several logins. ${which}\n`);
    }
    expect(await server.requests()).toEqual([]);
  });

  it.concurrent("stands in tables with its label first", async (context) => {
    const { home } = await twoLogins(context);
    const [head, ...rows] = (await home.run("status")).stdout.split("\n");
    expect(head).toMatch(/^LABEL +LOGIN +STATE/);
    expect(rows[0]).toMatch(/^work +anthropic\/acc_0f8f +due/);
    expect((await home.run("accounts")).stdout).toBe(
      "work     anthropic/acc_0f8f  due\nprivate  anthropic/acc_7b2c  due\n",
    );
  });
});
