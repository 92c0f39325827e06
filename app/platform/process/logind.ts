/**
 * Hears from logind that the system is about to sleep or to shut down: for the command line, as Electron hears it for the
 * app.
 */
import { type Clock } from "../../ports/clock.ts";
import { type Log } from "../../ports/log.ts";
import { type Environment, startPiped, whyNotStarted } from "./programs.ts";

const NAME = "org.freedesktop.login1";
const PATH = "/org/freedesktop/login1";
/** A bus that went away comes back, or there is none: asked again after so long, doubling. */
const AGAIN_MS = 1_000;
const MAX_AGAIN_MS = 10 * 60_000;
/** Who listened so long had a bus. */
const GOOD_MS = 60_000;
const MAX_KEPT = 1_024;

export interface LogindDeps {
  readonly env: Environment;
  readonly clock: Pick<Clock, "monotonic" | "sleep">;
  readonly log: Pick<Log, "debug" | "info">;
  /** true = it is about to leave; false = it came back, or stayed. */
  readonly onWord: (leaving: boolean) => void;
}

/** A program that prints what logind says. */
export interface Listener {
  readonly file: string;
  readonly args: readonly string[];
  /** Stands in its output as soon as it really listens. */
  readonly ready: RegExp;
}

/** In the order in which they are tried. */
export const LISTENERS: readonly Listener[] = [
  {
    file: "gdbus",
    args: ["monitor", "--system", "--dest", NAME, "--object-path", PATH],
    ready: /is owned by/,
  },
  {
    file: "dbus-monitor",
    args: ["--system", `type='signal',sender='${NAME}',path='${PATH}',interface='${NAME}.Manager'`],
    ready: /NameAcquired|NameLost/,
  },
];

/**
 * Listens until it is stopped, by a program that ends with us, however we end; where there is none, not at all. It is started
 * again when the bus was. Never throws.
 * @returns the stop.
 */
export function listenToLogind(deps: LogindDeps): () => void {
  const stop = new AbortController();
  void listen(deps, stop.signal);
  return () => stop.abort();
}

async function listen(deps: LogindDeps, stop: AbortSignal): Promise<void> {
  const { clock, log } = deps;
  const left = [...LISTENERS];
  let again = AGAIN_MS;
  for (let program = left[0]; program !== undefined && !stop.aborted; program = left[0]) {
    const began = clock.monotonic();
    if ((await runListener(program, deps, stop)) === "missing") {
      left.shift();
      continue;
    }
    if (stop.aborted) return;
    if (clock.monotonic() - began >= GOOD_MS) again = AGAIN_MS;
    await clock.sleep(again, stop);
    again = Math.min(again * 2, MAX_AGAIN_MS);
  }
  if (!stop.aborted) log.debug("nothing here tells that the system is about to sleep");
}

function runListener(
  { file, args, ready }: Listener,
  { env, log, onWord }: LogindDeps,
  stop: AbortSignal,
): Promise<"missing" | "ended"> {
  return new Promise((resolve) => {
    // These programs read no input whose end could tell them that we are gone; the kernel tells them. And in English.
    const tied = ["--pdeathsig", "TERM", "--", file, ...args];
    const started = startPiped("setpriv", tied, { env: { ...env, LC_ALL: "C" } });
    if (started === null) {
      resolve("ended");
      return;
    }
    const { child, stdout } = started;
    const kill = (): void => void child.kill("SIGKILL");
    const finish = (how: "missing" | "ended"): void => {
      stop.removeEventListener("abort", kill);
      stdout.destroy();
      resolve(how);
    };
    let listening = false;
    let text = "";
    stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (!listening && ready.test(text)) {
        listening = true;
        log.debug("listening for sleep and shutdown", { by: file });
      }
      const { words, rest } = wordsIn(text);
      text = rest;
      for (const leaving of words) {
        log.info(leaving ? "the system is about to sleep or to shut down" : "the system stays, or is back");
        onWord(leaving);
      }
    });
    child.once("error", (error) => finish(whyNotStarted(error) === "missing" ? "missing" : "ended"));
    // 127 = setpriv found no such program.
    child.once("exit", (code) => finish(code === 127 ? "missing" : "ended"));
    stop.addEventListener("abort", kill);
  });
}

/**
 * gdbus prints `…Manager.PrepareForSleep (true,)`; dbus-monitor `…member=PrepareForSleep`, and below it `boolean true`.
 * @returns logind's words in what was printed, and the rest, in which another one may have begun.
 */
export function wordsIn(printed: string): { readonly words: readonly boolean[]; readonly rest: string } {
  const words: boolean[] = [];
  let end = 0;
  for (const match of printed.matchAll(/\bPrepareFor(?:Sleep|Shutdown)\b(?: \(|\s*\n\s*boolean )(true|false)/g)) {
    words.push(match[1] === "true");
    end = match.index + match[0].length;
  }
  return { words, rest: printed.slice(end).slice(-MAX_KEPT) };
}
