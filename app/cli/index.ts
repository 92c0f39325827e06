/** Composition root of the command line: wires and decides nothing. */

import { assemble } from "../assemble/assemble.ts";
import {
  endpointSources,
  resolveFolders,
  resolveOptions,
  type Surroundings,
  surroundings,
} from "../assemble/options.ts";
import { demoSurroundings, startDemo } from "../demo/demo.ts";
import { createClock } from "../platform/clock.ts";
import { createLog, createStreamSink } from "../platform/log/log.ts";
import { keepMemoryOutOfCoreDumps } from "../platform/process/core-dumps.ts";
import { createDeparture } from "../platform/process/departure.ts";
import { listenToLogind } from "../platform/process/logind.ts";
import type { Log } from "../ports/log.ts";
import type { SettingsStore } from "../ports/settings.ts";
import { UserError } from "../shared/data/errors.ts";
import { unexpectedSentence } from "../shared/words/commands.ts";
import { visible } from "../shared/words/visible.ts";
import { type CommandName, type Invocation, parseArguments } from "./arguments.ts";
import { onlyLooks, runCommand } from "./commands/commands.ts";
import { demoRun, farewell, introduce, isWork, type Work } from "./commands/demo.ts";
import { brokenSettings, doctor, settingsOrDefaults, setupOf } from "./commands/doctor.ts";
import { withIds } from "./commands/named.ts";
import { keepAlive, onePass } from "./commands/run.ts";
import { isLocal, performComplete, performLocal, settingsIn } from "./local.ts";
import { createOutput, goOnUnread, isTerminal, type Output } from "./output.ts";
import { questioner } from "./question.ts";
import { type StopSignals, takeSignals } from "./signals.ts";
import { helpText } from "./text/help.ts";

/** The product's version, put in by the build. */
declare const __VERSION__: string;

// Whatever is made from here on is for this user's eyes only.
process.umask(0o077);
keepMemoryOutOfCoreDumps();

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
    case "complete":
      return performComplete(asked.words, __VERSION__, output);
    case "command":
      if (isLocal(asked)) return performLocal(asked, __VERSION__, output);
      if (isWork(asked)) return perform(asked, output, ordinary());
      return demonstrate(asked, output);
    default:
      return asked satisfies never;
  }
}

/** So long a keeper that has ended waits for its reader. */
const LAST_WORDS_MS = 5_000;

const SENDING: ReadonlySet<CommandName> = new Set(["run", "refresh", "ping", "allow", "rescue"]);

/** What a command finds around it. */
interface Scene {
  readonly around: Surroundings;
  /** Those that were taken already. */
  readonly stops: StopSignals | null;
  /** Called when nothing can be wrong usage any more. */
  readonly onStart: () => void;
  /** Nothing is at stake: the system is asked for nothing. */
  readonly demo: boolean;
}

const ordinary = (): Scene => ({ around: surroundings(), stops: null, onStart: () => undefined, demo: false });

async function demonstrate(asked: Invocation, output: Output): Promise<number> {
  const clock = createClock();
  const speech = { output, json: asked.json, now: () => clock.now() };
  // From the first moment on: what is in the folder must not outlive us.
  const stops = takeSignals();
  const demo = await startDemo();
  const around = demoSurroundings(surroundings(), demo);
  let code: number;
  try {
    const onStart = () => introduce(demo, speech, around.platform);
    code = await perform(demoRun(asked, demo), output, { around, stops, onStart, demo: true });
  } finally {
    await demo.close();
  }
  farewell(speech);
  return code;
}

async function perform(asked: Work, output: Output, { around, ...scene }: Scene): Promise<number> {
  const folders = resolveFolders(asked.flags, around);
  const { command } = asked;
  const keeper = command === "run";
  // A person at a terminal reads sentences; whoever collects the output gets the log.
  const collected = keeper && !isTerminal(process.stderr);
  const opening: Promise<SettingsStore> = settingsIn(folders.settingsDir, (problem) => {
    if (problem === null) return;
    if (collected) stderrLog().warn(problem.message);
    else output.err(`${visible(problem.message)}\n`);
  });
  const settings = await (command === "doctor" ? opening.catch(brokenSettings) : opening);
  const read = command === "doctor" ? settingsOrDefaults(settings) : settings.read();
  const options = resolveOptions(asked.flags, read, around);
  const { authFile, endpoints, ping, logLevel } = options;
  scene.onStart();
  // What sends nothing may be killed at any time.
  const stops = scene.stops ?? (SENDING.has(command) || asked.watch ? takeSignals() : null);
  const signal = stops?.signal ?? new AbortController().signal;
  const clock = createClock();
  const departure = createDeparture(clock);
  const input = {
    version: __VERSION__,
    authFile: authFile.path,
    stateDir: folders.stateDir,
    settings,
    endpoints,
    ping,
    oneShot: !keeper || asked.once,
    power: { leaving: () => departure.leaving(), idle: scene.demo },
    logLevel,
    stderrLog: collected || logLevel !== null,
    env: around.env,
  };
  const looking = await assemble({ ...input, readOnly: true, forDoctor: command === "doctor" });
  if (command === "doctor") {
    const sources = endpointSources(asked.flags, read, around);
    return doctor(looking.engine, setupOf({ version: __VERSION__, folders, options, sources }), output, asked.json);
  }
  // A wrong ID is found before anything is made.
  const meant = await withIds(asked, looking.engine);
  const { engine, log, providers } = (await onlyLooks(meant, looking.engine))
    ? looking
    : await assemble({ ...input, readOnly: false });
  const now = () => clock.now();
  if (command !== "run") {
    const code = await runCommand(
      { ...meant, command },
      {
        engine,
        lookAnew: async () => (await assemble({ ...input, readOnly: true })).engine,
        output,
        now,
        signal,
        sleep: (ms, until) => clock.sleep(ms, until),
        authFileFrom: authFile.source,
        ask: asked.json ? null : questioner(output, signal),
      },
    );
    // Being stopped is how a watch ends.
    return asked.watch ? code : (stops?.exitCode() ?? code);
  }
  const context = {
    engine,
    output,
    settings,
    now,
    version: __VERSION__,
    authFile: authFile.path,
    authFileFrom: authFile.source,
    stateDir: folders.stateDir,
    ping,
    providers,
    json: asked.json,
    stop: signal,
    onFurtherSignal: (listener: () => void) => stops?.onFurther(listener) ?? (() => undefined),
    listenForSleep(onWake: () => void) {
      if (around.platform !== "linux") return () => undefined;
      const onWord = (leaving: boolean) => {
        if (leaving) return departure.begin();
        departure.end();
        onWake();
      };
      if (scene.demo) return () => undefined;
      return listenToLogind({ env: around.env, clock, log, onWord });
    },
  };
  if (!asked.once) {
    for (const stream of [process.stdout, process.stderr]) goOnUnread(stream);
    const code = await keepAlive(context);
    // What it said last may find no reader, and would hold us for ever.
    if (!scene.demo) setTimeout(() => process.exit(), LAST_WORDS_MS).unref();
    return code;
  }
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
  output.err(`${visible(unexpectedSentence(name))}\n`);
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
    level: () => "debug",
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
