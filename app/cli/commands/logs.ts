/** `logs`: the log of the state dir, in lines for people. */
import type { LogReader } from "../../platform/log/log-reader.ts";
import { UserError } from "../../shared/data/errors.ts";
import { logUnreadable, noLog } from "../../shared/words/commands.ts";
import { visible } from "../../shared/words/visible.ts";
import type { Invocation } from "../arguments.ts";
import type { Output } from "../output.ts";
import { logJson, logText } from "../text/log.ts";

export interface LogsContext {
  readonly output: Output;
  readonly reader: LogReader;
  /** Absolute: the file that is written to. */
  readonly path: string;
  /** Aborted by Ctrl+C and the like. */
  readonly signal: AbortSignal;
  /** Resolves after `ms`, or at once when `signal` is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const LOOK_MS = 500;
/** So many are shown before those to come, where no number was given. */
const BEFORE_FOLLOWING = 10;

/** @returns the exit code. @throws UserError (4) where the log cannot be read. */
export async function logs(asked: Invocation, context: LogsContext): Promise<number> {
  const { output, reader, path, signal, sleep } = context;
  const over = AbortSignal.any([signal, output.gone]);
  const say = (lines: readonly string[]) => {
    if (lines.length > 0) output.out(lines.map(asked.json ? logJson : logText).join(""));
  };
  const more = () =>
    reader.more().catch((error: unknown) => {
      throw new UserError(logUnreadable(path, error), 4);
    });
  try {
    const first = await more();
    const most = asked.lines ?? (asked.follow ? BEFORE_FOLLOWING : first.length);
    say(first.slice(Math.max(0, first.length - most)));
    if (first.length === 0) output.err(`${visible(noLog(path))}\n`);
    while (asked.follow && !over.aborted) {
      await sleep(LOOK_MS, over);
      say(await more());
    }
  } finally {
    await reader.close();
  }
  return 0;
}
