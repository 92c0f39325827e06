import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../shared/login/history.ts";
import { loginOf, NOON, snapshotOf } from "../../shared/testing/snapshots.ts";
import { run } from "../testing/run-command.ts";

const EVENT: Omit<HistoryEvent, "id"> = { at: NOON, by: "us", what: { kind: "refreshed" }, fingerprint: null };

describe("a word for a login", () => {
  it.each(["refresh", "ping", "pause", "resume", "allow", "disallow", "history"])(
    "takes a label or a part of an ID for the login: %s",
    async (command) => {
      const logins = [loginOf("anthropic/a1", { label: "work" }), loginOf("anthropic/b2", { label: "private" })];
      const options = { snapshots: [snapshotOf(logins)], events: [{ ...EVENT, id: "anthropic/b2" }] };
      for (const typed of ["private", "b2", "priv"]) {
        const { stdout } = await run(`${command} ${typed}`, options);
        expect(stdout).toContain("anthropic/b2");
        expect(stdout).not.toContain("anthropic/a1");
      }
      expect(await run(`${command} anthropic`, options)).toMatchObject({
        code: 2,
        sentence: '"anthropic" fits several logins. Which one: anthropic/a1 (work) or anthropic/b2 (private)?',
        stdout: "",
        calls: [],
      });
    },
  );

  it("takes a part of the ID of a login that is gone, where that is what a command is for", async () => {
    const gone = "anthropic/gone";
    const options = {
      snapshots: [snapshotOf([loginOf("anthropic")])],
      events: [{ ...EVENT, id: gone }],
      kept: [{ id: gone, erasedAt: NOON }],
    };
    expect((await run("forget gone", options)).calls).toEqual([["forget", [gone]]]);
    expect((await run("history gone", options)).stdout).toContain(gone);
    expect(await run("refresh gone", options)).toMatchObject({ code: 2, calls: [] });
  });

  it("means a login once, however often it is named", async () => {
    const logins = [loginOf("anthropic/a1", { label: "work" }), loginOf("openai")];
    const { calls } = await run("ping work a1 anthropic/a1", { snapshots: [snapshotOf(logins)] });
    expect(calls).toEqual([["ping", ["anthropic/a1"]]]);
  });
});

describe("the history", () => {
  const events = [1, 2, 3].map((at) => ({ ...EVENT, id: at === 2 ? "a" : "b", at: NOON + at * 1_000 }));

  it.each([
    ["history", 3],
    ["history -n 2", 2],
    ["history -n 9", 3],
    ["history -n 0", 0],
    ["history b -n 1", 1],
  ])("%s shows the newest %d, newest last", async (line, count) => {
    const { code, stdout } = await run(line, { snapshots: [snapshotOf([])], events });
    expect(code).toBe(0);
    const times = [...stdout.matchAll(/12:00:0(\d)/g)].map(([, second]) => Number(second));
    expect(times).toEqual([1, 2, 3].slice(3 - count));
    const json = await run(`${line} --json`, { snapshots: [snapshotOf([])], events });
    expect(json.stdout.match(/"at": /g)?.length ?? 0).toBe(count);
  });
});
