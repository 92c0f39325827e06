/** Composition root of the command line: wires and decides nothing. */

import Conf from "conf";
import type { Log } from "../keeper/ports.ts";
import { resolveFolders, resolveOptions, surroundings } from "../platform/assemble/options.ts";
import { openSettings } from "../platform/assemble/settings-store.ts";
import { assemble } from "../platform/assemble.ts";
import { createClock } from "../platform/clock.ts";
import { createFiles } from "../platform/files.ts";
import { createLog, createStreamSink } from "../platform/log.ts";
import { DEFAULT_ENDPOINTS } from "../providers/registry.ts";
import { UserError } from "../shared/errors.ts";
import { visible } from "../shared/visible.ts";
import { type CommandName, type Invocation, parseArguments } from "./arguments.ts";
import { onlyLooks, runCommand } from "./commands.ts";
import { helpText } from "./help.ts";
import { createOutput, isTerminal, type Output } from "./output.ts";
import { keepAlive, onePass } from "./run-command.ts";
import { takeSignals } from "./signals.ts";

/** The product's version, put in by the build. */
declare const __VERSION__: string;

async function main(words: readonly string[], output: Output): Promise<number> {
  const asked = parseArguments(words);
  switch (asked.kind) {
    case "wrong":
      throw new UserError(asked.sentence, 2);
    case "none":
      output.err(helpText(null));
      return 2;
    case "help":
      output.out(helpText(asked.command));
      return 0;
    case "version":
      output.out(`${__VERSION__}\n`);
      return 0;
    case "command":
      return carryOut(asked, output);
    default:
      return asked satisfies never;
  }
}

const SENDING: ReadonlySet<CommandName> = new Set(["run", "refresh", "ping", "allow"]);

async function carryOut(asked: Invocation, output: Output): Promise<number> {
  const around = surroundings();
  const folders = resolveFolders(asked.flags, around);
  const { command } = asked;
  const keeper = command === "run";
  // A person at a terminal reads sentences; whoever collects the output gets the log.
  const collected = keeper && !isTerminal(process.stderr);
  const settings = await openSettings({
    folder: folders.settingsDir,
    openConf: (configName, options) => new Conf({ ...options, configName }),
    files: createFiles(),
    onProblem: (sentence) => (collected ? stderrLog().warn(sentence) : output.err(`${visible(sentence)}\n`)),
  });
  const { authFile, endpoints, ping, logLevel } = resolveOptions(asked.flags, settings.read(), around);
  // What sends nothing may be killed at any time.
  const stops = SENDING.has(command) ? takeSignals() : null;
  const signal = stops?.signal ?? new AbortController().signal;
  const input = {
    version: __VERSION__,
    authFile: authFile.path,
    stateDir: folders.stateDir,
    settings,
    endpoints,
    ping: { mode: ping.mode, chosen: ping.source === "flag" || ping.source === "env" },
    oneShot: !keeper || asked.once,
    logLevel: logLevel.level,
    stderrLog: collected || logLevel.source === "flag",
    env: around.env,
  };
  const looking = await assemble({ ...input, readOnly: true });
  // A wrong ID is found before anything is made.
  const { engine } = (await onlyLooks(asked, looking.engine)) ? looking : await assemble({ ...input, readOnly: false });
  const clock = createClock();
  const now = () => clock.now();
  if (command !== "run") {
    const code = await runCommand({ ...asked, command }, { engine, output, now, signal });
    return stops?.exitCode() ?? code;
  }
  const context = {
    engine,
    output,
    settings,
    now,
    version: __VERSION__,
    authFile: authFile.path,
    stateDir: folders.stateDir,
    ping,
    pingUrl: endpoints.get("anthropic")?.apiUrl ?? DEFAULT_ENDPOINTS.anthropic.apiUrl,
    json: asked.json,
    stop: signal,
    onFurtherSignal: (listener: () => void) => stops?.onFurther(listener) ?? (() => undefined),
  };
  if (!asked.once) return keepAlive(context);
  const code = await onePass(context);
  return stops?.exitCode() ?? code;
}

/** One sentence, whatever happened; how it came about only for those who asked for it. */
function failed(error: unknown, words: readonly string[], output: Output): number {
  if (error instanceof UserError) {
    output.err(`${visible(error.message)}\n`);
    return error.exitCode;
  }
  const name = error instanceof Error ? error.name : "unknown";
  output.err(`Something unexpected went wrong (${visible(name)}); try again, or look closer with --log-level debug.\n`);
  if (words.includes("debug") || words.includes("--log-level=debug")) {
    // An AxiosError holds the request, tokens included, and its message may quote it.
    const stack = error instanceof Error && name !== "AxiosError" ? error.stack : undefined;
    stderrLog().debug("unexpected error", { error: name, stack });
  }
  return 3;
}

function stderrLog(): Log {
  return createLog({
    sinks: [createStreamSink(process.stderr)],
    clock: createClock(),
    level: "debug",
    service: "pilot-light",
  });
}

const words = process.argv.slice(2);
const output = createOutput(process.stdout, process.stderr, process.env);
// Until something else is known: a process that ends before its work is done has not done it.
process.exitCode = 3;
process.on("uncaughtException", (error) => process.exit(failed(error, words, output)));
// Not process.exit() below: what was written to a pipe must leave first.
async function start(): Promise<void> {
  process.exitCode = await main(words, output).catch((error: unknown) => failed(error, words, output));
}
void start();
