import { describe, expect, it } from "vitest";
import type { Engine } from "../../keeper/api.ts";
import { UserError } from "../../shared/data/errors.ts";
import type { Snapshot } from "../../shared/login/snapshot.ts";
import { loginOf, NOON, snapshotOf } from "../../shared/testing/snapshots.ts";
import { parseArguments } from "../arguments.ts";
import { testEngine, testOutput } from "../testing/fakes.ts";
import { show } from "./status.ts";

const WELL = snapshotOf([loginOf("anthropic")]);
const LATER = { ...WELL, generatedAt: NOON + 60_000 };
const ENDED = snapshotOf([loginOf("anthropic", { state: "signIn", reason: "It ended." })]);

/** Looks once at each of these, then is stopped. */
async function watch(line: string, looks: readonly (Snapshot | UserError)[], terminal = false, readers = looks.length) {
  const asked = parseArguments(line.split(" "));
  if (asked.kind !== "command") throw new Error(`not a command: ${line}`);
  const [stop, gone] = [new AbortController(), new AbortController()];
  const output = testOutput({ terminal, gone: gone.signal });
  let at = 0;
  const engine: Engine = {
    ...testEngine({ snapshots: [WELL] }),
    status: async () => {
      const look = looks[at];
      if (look instanceof UserError) throw look;
      if (look === undefined) throw new Error("it looked too often");
      return look;
    },
  };
  const sleep = async () => {
    at += 1;
    if (at === readers) gone.abort();
    if (at === looks.length) stop.abort();
  };
  const code = await show(asked, {
    engine,
    lookAnew: async () => engine,
    output,
    sleep,
    now: () => NOON,
    signal: stop.signal,
    ask: null,
    authFileFrom: "default",
  });
  return { code, stdout: output.stdout(), looked: at };
}

describe("a status that is watched", () => {
  it("is printed anew at each change where it goes into a pipe, and time alone is none", async () => {
    const { code, stdout } = await watch("status --watch", [WELL, LATER, LATER, ENDED, ENDED]);
    expect(code).toBe(0);
    expect(stdout.match(/^LOGIN/gm)).toHaveLength(2);
    expect(stdout).toMatch(/healthy[^]*\n\nLOGIN[^]*sign in/);
    expect(stdout).not.toContain("\u001b");
  });

  it("is drawn over itself on a terminal, and what was seen last stays", async () => {
    const { code, stdout } = await watch("status --watch", [WELL, WELL, LATER, ENDED], true);
    expect(code).toBe(0);
    const [before, ...frames] = stdout.split("\u001b[H");
    expect(before).toContain("\u001b[?1049h");
    // Two looks at the same make one picture; the third tells that a minute went by.
    expect(frames.map((each) => /healthy|sign in/.exec(each)?.[0])).toEqual(["healthy", "healthy", "sign in"]);
    const [, after = ""] = stdout.split("\u001b[?1049l");
    expect(after).toContain("anthropic  sign in");
    expect(after).not.toContain("\u001b");
  });

  it("is a JSON line at each change for programs, on a terminal as well", async () => {
    const { stdout } = await watch("status --watch --json", [WELL, LATER, ENDED], true);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([WELL, ENDED]);
  });

  it("goes on where there is no status for now", async () => {
    const broken = new UserError("The state folder cannot be used.", 4);
    const { code, stdout } = await watch("status --watch", [WELL, broken, broken, WELL]);
    expect(code).toBe(0);
    expect(stdout.match(/The state folder cannot be used\.|healthy/g)).toEqual([
      "healthy",
      "The state folder cannot be used.",
      "healthy",
    ]);
    const bar = await watch("status --watch --format waybar", [broken, broken, WELL]);
    const lines = bar.stdout.trimEnd().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { text: "Pilot Light: not working", tooltip: "The state folder cannot be used.", class: "unreadable" },
      { class: "well" },
    ]);
  });

  it("ends when nobody reads it any more", async () => {
    expect(await watch("status --watch", [WELL, WELL, WELL], false, 2)).toMatchObject({ code: 0, looked: 2 });
  });
});
