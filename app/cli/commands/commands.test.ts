import { describe, expect, it } from "vitest";
import { UserError } from "../../shared/data/errors.ts";
import type { HistoryEvent } from "../../shared/login/history.ts";
import { loginOf, NOON, snapshotOf } from "../../shared/testing/snapshots.ts";
import { parseArguments } from "../arguments.ts";
import { type TestEngineOptions, testEngine } from "../testing/fakes.ts";
import { run } from "../testing/run-command.ts";
import { onlyLooks } from "./commands.ts";
import { isWork } from "./demo.ts";

const MISSING = snapshotOf([], { format: null });
const BROKEN = snapshotOf([], { format: null, problem: "it is not JSON", problemKind: "notJson" });
const ONE = snapshotOf([loginOf("anthropic")]);
const TWO = snapshotOf([loginOf("anthropic"), loginOf("anthropic-home")]);
const ENDED = loginOf("anthropic", { state: "signIn", reason: "It ended. Sign in again: opencode auth login." });

describe("a command on logins", () => {
  it("means the only login where none is named", async () => {
    const { code, stdout, calls } = await run("refresh", { snapshots: [ONE], sentence: "Refreshed." });
    expect(calls).toEqual([["refresh", ["anthropic"]]]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "anthropic: Refreshed.\n" });
  });

  it("means the only login that we keep alive, whatever else stands beside it", async () => {
    const other = loginOf("openai", { state: "unmanaged" });
    const { calls } = await run("ping", { snapshots: [snapshotOf([other, loginOf("anthropic")])] });
    expect(calls).toEqual([["ping", ["anthropic"]]]);
  });

  it.each(["refresh", "ping", "pause", "resume"])("asks which of several: %s", async (command) => {
    const { code, sentence, calls } = await run(command, { snapshots: [TWO] });
    expect(code).toBe(2);
    expect(sentence).toBe("Which login? Name one or more of anthropic, anthropic-home, or use --all.");
    expect(calls).toEqual([]);
  });

  it.each(["refresh", "ping", "pause", "resume"])("goes to all that are named, or to --all: %s", async (command) => {
    const named = await run(`${command} anthropic-home anthropic`, { snapshots: [TWO] });
    expect(named.calls[0]?.slice(0, 2)).toEqual([command, ["anthropic-home", "anthropic"]]);
    expect(named.stdout).toBe("anthropic-home: Done.\nanthropic: Done.\n");
    const all = await run(`${command} --all`, { snapshots: [TWO] });
    expect(all.calls[0]?.slice(0, 2)).toEqual([command, "all"]);
  });

  it.each(["refresh", "ping", "pause", "resume", "allow", "disallow"])(
    "knows a wrong ID before it does anything: %s",
    async (command) => {
      const near = await run(`${command} antropic`, { snapshots: [TWO] });
      expect(near).toMatchObject({
        code: 2,
        calls: [],
        sentence: 'There is no login "antropic". Did you mean "anthropic"?',
      });
      const far = await run(`${command} zzz`, { snapshots: [TWO] });
      expect(far.sentence).toBe('There is no login "zzz". Known logins: anthropic, anthropic-home.');
      const none = await run(`${command} zzz`, { snapshots: [MISSING] });
      expect(none).toMatchObject({ code: 2, sentence: 'There is no login "zzz": there are no logins.' });
    },
  );

  it.each(["refresh", "refresh --all", "ping", "pause", "resume"])(
    "is all well while there is no file: %s",
    async (line) => {
      const { code, stdout, calls } = await run(line, { snapshots: [MISSING] });
      expect(code).toBe(0);
      expect(stdout).toContain("No auth.json yet.");
      expect(calls).toEqual([]);
      const json = await run(`${line} --json`, { snapshots: [MISSING] });
      expect(JSON.parse(json.stdout)).toEqual({ version: 1, results: [] });
    },
  );

  it.each(["refresh", "refresh --all", "ping anthropic", "pause", "allow a"])(
    "answers 4, naming the file and its problem, where that cannot be read: %s",
    async (line) => {
      const { code, sentence, calls } = await run(line, { snapshots: [BROKEN] });
      expect(code).toBe(4);
      expect(sentence).toBe(
        "/home/ann/.local/share/opencode/auth.json: it is not JSON. Nothing was written. Fix it, or move it away and sign in again.",
      );
      expect(calls).toEqual([]);
    },
  );

  it("answers 4 where the file broke meanwhile", async () => {
    expect(await run("refresh", { snapshots: [ONE, BROKEN] })).toMatchObject({ code: 4, stdout: "anthropic: Done.\n" });
  });

  it.each([
    ["retrying", 3],
    ["rateLimited", 3],
    ["outcomeUnknown", 3],
    ["signIn", 1],
    ["shared", 1],
    ["unreadable", 4],
    ["healthy", 0],
    ["unmanaged", 0],
  ] as const)("answers by the state afterwards: %s is %d", async (state, code) => {
    const after = snapshotOf([loginOf("anthropic", { state })]);
    for (const command of ["refresh anthropic", "ping anthropic", "allow anthropic"]) {
      expect((await run(command, { snapshots: [ONE, after] })).code).toBe(code);
    }
    // These have done their work, whatever else is the matter.
    for (const command of ["pause anthropic", "resume anthropic", "disallow anthropic"]) {
      expect((await run(command, { snapshots: [ONE, after] })).code).toBe(0);
    }
  });

  it("answers for the logins that were meant, not for the others", async () => {
    const after = snapshotOf([loginOf("anthropic"), loginOf("anthropic-home", { state: "signIn" })]);
    expect((await run("refresh anthropic", { snapshots: [after] })).code).toBe(0);
    expect((await run("refresh --all", { snapshots: [after] })).code).toBe(1);
  });

  it("gives one JSON document", async () => {
    const { stdout } = await run("refresh --all --json", { snapshots: [TWO] });
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      results: [
        { id: "anthropic", sentence: "Done.", state: "healthy" },
        { id: "anthropic-home", sentence: "Done.", state: "healthy" },
      ],
    });
  });

  it("tries an ended login once more only if it is named", async () => {
    const ended = snapshotOf([ENDED]);
    const implied = await run("refresh", { snapshots: [ended] });
    expect(implied).toMatchObject({ code: 1, calls: [] });
    expect(implied.stdout).toContain(
      'Sign in again: opencode auth login. "pilot-light refresh anthropic" tries once more.',
    );
    const named = await run("refresh anthropic", { snapshots: [ended] });
    expect(named.calls).toEqual([["refresh", ["anthropic"]]]);
  });
});

describe("a pause", () => {
  it("lasts until it is ended", async () => {
    expect((await run("pause", { snapshots: [ONE] })).calls).toEqual([["pause", ["anthropic"], null]]);
  });

  it("lasts as long as it was asked to", async () => {
    const { calls } = await run("pause --for 90m", { snapshots: [ONE] });
    expect(calls).toEqual([["pause", ["anthropic"], NOON + 90 * 60_000]]);
  });

  it("of all needs no file that can be read", async () => {
    for (const snapshot of [MISSING, BROKEN]) {
      expect(await run("pause --all", { snapshots: [snapshot] })).toMatchObject({
        code: 0,
        calls: [["pause", "all", null]],
      });
      expect(await run("resume --all", { snapshots: [snapshot] })).toMatchObject({
        code: 0,
        calls: [["resume", "all"]],
      });
    }
  });
});

describe("status and accounts", () => {
  it("answer by the worst login", async () => {
    for (const command of ["status", "accounts"]) {
      expect(await run(command, { snapshots: [snapshotOf([loginOf("a"), ENDED])] })).toMatchObject({ code: 1 });
      expect(await run(command, { snapshots: [MISSING] })).toMatchObject({ code: 0 });
      expect(await run(command, { snapshots: [BROKEN] })).toMatchObject({ code: 4, sentence: null });
    }
  });

  it("print the snapshot as it is, with --json", async () => {
    for (const snapshot of [MISSING, BROKEN, TWO]) {
      for (const command of ["status", "accounts"]) {
        expect(JSON.parse((await run(`${command} --json`, { snapshots: [snapshot] })).stdout)).toEqual(snapshot);
      }
    }
  });

  it("print no character that a terminal obeys, in JSON neither", async () => {
    const nasty = loginOf("a\u001b[2J\u009b1m\u202e\u2028", { label: "\u0007", reason: "\u001b]0;x\u0007" });
    for (const command of ["status", "accounts", "status --json"]) {
      const { stdout } = await run(command, { snapshots: [snapshotOf([nasty])] });
      // oxlint-disable-next-line no-control-regex
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2028]/);
    }
    const { stdout } = await run("status --json", { snapshots: [snapshotOf([nasty])] });
    expect(JSON.parse(stdout)).toEqual(snapshotOf([nasty]));
  });
});

describe("the history", () => {
  const fingerprint = "0123456789abcdef0123456789abcdef";
  const event = (id: string, what: HistoryEvent["what"]) => ({ at: NOON, id, by: "us", what, fingerprint }) as const;
  const odd = { kind: "told", sentence: "the login was removed\u001b[2J" } as const;
  const events = [event("anthropic", { kind: "refreshed" }), event("gone", odd)];

  it("is one line for each event", async () => {
    const { stdout, code } = await run("history", { snapshots: [ONE], events });
    expect(code).toBe(0);
    expect(stdout).toBe(
      "2026-11-23 12:00:00  anthropic  us: refreshed  [01234567]\n" +
        "2026-11-23 12:00:00  gone  us: the login was removed?[2J  [01234567]\n",
    );
  });

  it("is that of one login, also of one that is gone", async () => {
    expect((await run("history gone", { snapshots: [ONE], events })).stdout).toContain("gone  us: the login");
    expect(JSON.parse((await run("history anthropic --json", { snapshots: [ONE], events })).stdout)).toEqual({
      version: 1,
      events: [{ ...events[0], what: "refreshed", kind: "refreshed" }],
    });
  });

  it("begins, of one login, with what became of it, however many lines are asked for", async () => {
    const all = [event("anthropic", { kind: "firstSeen" }), ...events];
    const { stdout } = await run("history anthropic -n1", { snapshots: [ONE], events: all });
    expect(stdout).toBe("Refreshed once, at 12:00.\n2026-11-23 12:00:00  anthropic  us: refreshed  [01234567]\n");
  });

  it("knows a wrong ID from a login to which nothing has happened yet", async () => {
    const options = { snapshots: [TWO], events };
    expect(await run("history anthropic-home", options)).toMatchObject({
      code: 0,
      stdout: "Nothing has happened yet.\n",
    });
    expect(await run("history gnoe", options)).toMatchObject({
      code: 2,
      sentence: 'There is no login "gnoe". Did you mean "gone"?',
    });
  });
});

describe("removed logins", () => {
  const KEPT = [{ id: "gone", erasedAt: NOON + 48 * 3_600_000 }];

  it("are told by status and history, with when their copies go, and not in JSON", async () => {
    const line =
      'A safe copy of gone, which was signed out, is kept until Wed 12:00.\n  "pilot-light forget gone" erases it at once.\n';
    expect((await run("status", { snapshots: [ONE], kept: KEPT })).stdout).toContain(`\n\n${line}`);
    expect((await run("history", { snapshots: [ONE], kept: KEPT, events: [GONE] })).stdout).toContain(line);
    expect((await run("history gone", { snapshots: [ONE], kept: KEPT, events: [GONE] })).stdout).toContain(line);
    expect(
      (await run("history other", { snapshots: [ONE], kept: KEPT, events: [{ ...GONE, id: "other" }] })).stdout,
    ).not.toContain("safe copy");
    for (const command of ["status --json", "history --json", "accounts"]) {
      expect((await run(command, { snapshots: [ONE], kept: KEPT })).stdout).not.toContain("gone");
    }
    expect((await run("status", { snapshots: [ONE], kept: [{ id: "gone", erasedAt: NOON - 1 }] })).stdout).toContain(
      "is kept until the next pass.",
    );
  });

  it("are forgotten one at a time", async () => {
    const { code, stdout, calls } = await run("forget gone", { snapshots: [ONE], kept: KEPT, sentence: "Erased." });
    expect({ code, stdout, calls }).toEqual({ code: 0, stdout: "gone: Erased.\n", calls: [["forget", ["gone"]]] });
    const json = await run("forget gone --json", { snapshots: [ONE], kept: KEPT, sentence: "Erased." });
    expect(JSON.parse(json.stdout)).toEqual({
      version: 1,
      results: [{ id: "gone", sentence: "Erased.", state: null }],
    });
  });

  it("are known before anything is made, and so is a wrong ID", async () => {
    const looks = async (id: string, options: Partial<TestEngineOptions> = {}) => {
      const asked = parseArguments(["forget", id]);
      if (asked.kind !== "command" || !isWork(asked)) throw new Error("no command");
      return onlyLooks(asked, testEngine({ snapshots: [ONE], kept: KEPT, ...options })).catch((error: unknown) =>
        error instanceof UserError ? `${error.exitCode} ${error.message}` : error,
      );
    };
    expect(await looks("gone")).toBe(false);
    // The engine says why not.
    expect(await looks("anthropic")).toBe(false);
    expect(await looks("old", { events: [{ ...GONE, id: "old" }] })).toBe(false);
    expect(await looks("gon")).toBe('2 There is no removed login "gon". Did you mean "gone"?');
    expect(await looks("zzz")).toBe('2 There is no removed login "zzz". Safe copies are kept of: gone.');
  });
});

const GONE: HistoryEvent = {
  at: NOON,
  id: "gone",
  by: "another writer",
  what: { kind: "signedOut" },
  fingerprint: null,
};
