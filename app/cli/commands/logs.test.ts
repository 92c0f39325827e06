import { describe, expect, it } from "vitest";
import { UserError } from "../../shared/data/errors.ts";
import { parseArguments } from "../arguments.ts";
import { testOutput } from "../testing/fakes.ts";
import { logs } from "./logs.ts";

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => JSON.stringify({ msg: `m${from + n}` }));

/** Each look finds what comes next; after the last one it is stopped. */
async function run(line: string, looks: readonly (readonly string[])[]) {
  const asked = parseArguments(line.split(" "));
  if (asked.kind !== "command") throw new Error(`not a command: ${line}`);
  const output = testOutput();
  const stop = new AbortController();
  let at = 0;
  let closed = false;
  const reader = {
    more: async () => looks[at] ?? [],
    close: async () => {
      closed = true;
    },
  };
  const sleep = async () => {
    at += 1;
    if (at >= looks.length) stop.abort();
  };
  const code = await logs(asked, { output, reader, path: "/s/log/pilot-light.log", signal: stop.signal, sleep });
  const told = [...output.stdout().matchAll(/\bm(\d+)/g)].map(([, n]) => Number(n));
  return { code, told, stdout: output.stdout(), stderr: output.stderr(), closed };
}

describe("logs", () => {
  it.each([
    ["logs", [lines(0, 30)], 0, 30],
    ["logs -n 3", [lines(0, 30)], 27, 30],
    ["logs -n 99", [lines(0, 30)], 0, 30],
    ["logs -f", [lines(0, 30), lines(30, 32), [], lines(32, 33)], 20, 33],
    ["logs -f -n 0", [lines(0, 30), lines(30, 32)], 30, 32],
    ["logs --json -n 2", [lines(0, 30)], 28, 30],
  ])("%s shows what was asked for", async (line, looks, from, to) => {
    const { code, told, closed } = await run(line, looks);
    expect(code).toBe(0);
    expect(told).toEqual(Array.from({ length: to - from }, (_, n) => from + n));
    expect(closed).toBe(true);
  });

  it("says that there is none", async () => {
    expect(await run("logs", [[]])).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "There is no log yet at /s/log/pilot-light.log.\n",
    });
  });

  it("says why it cannot be read", async () => {
    const asked = parseArguments(["logs"]);
    if (asked.kind !== "command") throw new Error("no command");
    const reader = {
      more: () => Promise.reject(Object.assign(new Error("x"), { code: "EACCES" })),
      close: async () => undefined,
    };
    const { signal } = new AbortController();
    const output = testOutput();
    const ended = logs(asked, { output, reader, path: "/s/log", signal, sleep: async () => undefined });
    await expect(ended).rejects.toThrow(new UserError("The log /s/log cannot be read: permission denied.", 4));
  });
});
