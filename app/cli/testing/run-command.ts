/** For tests: one command on an engine that does what it is told. */
import { UserError } from "../../shared/data/errors.ts";
import { NOON } from "../../shared/testing/snapshots.ts";
import { parseArguments } from "../arguments.ts";
import { runCommand } from "../commands/commands.ts";
import { isWork } from "../commands/demo.ts";
import { withIds } from "../commands/named.ts";
import { type TestEngineOptions, type TestOutput, testEngine, testOutput } from "./fakes.ts";

/** @returns what it said, and what the engine was asked. */
export async function run(line: string, options: TestEngineOptions) {
  const asked = parseArguments(line.split(" "));
  if (asked.kind !== "command") throw new Error(`not a command: ${line}`);
  if (!isWork(asked) || asked.command === "run" || asked.command === "doctor")
    throw new Error(`not a command: ${line}`);
  const { command } = asked;
  const engine = testEngine(options);
  const output: TestOutput = testOutput();
  const signal = new AbortController().signal;
  const context = {
    engine,
    lookAnew: async () => engine,
    output,
    now: () => NOON,
    signal,
    sleep: async () => undefined,
    ask: null,
    authFileFrom: "default",
  } as const;
  const said = await withIds({ ...asked, command }, engine)
    .then((meant) => runCommand(meant, context))
    .then(
      (code) => ({ code, sentence: null }),
      (error: unknown) => {
        if (!(error instanceof UserError)) throw error;
        return { code: error.exitCode, sentence: error.message };
      },
    );
  return { ...said, stdout: output.stdout(), stderr: output.stderr(), calls: engine.calls };
}
