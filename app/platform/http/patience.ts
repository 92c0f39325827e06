import { performance } from "node:perf_hooks";

/** How often we look. A look that comes much later than this was held up: the process stood still, or the machine slept. */
const LOOK_MS = 250;
const STALL_MS = 1_000;
/** New time is given so often; after that, time stood still counts like any other. */
const MOST_STALLS = 10;
/** Turns of the event loop without a new byte, after which all that had arrived was read. */
const QUIET_TURNS = 3;
/** A server that never stops sending does not hold us for ever. */
const MOST_TURNS = 200;

export interface PatienceOptions {
  /** How long the answer may take, in ms in which this process ran. */
  readonly ms: number;
  /** Did the request leave? Until then its time does not run; it has as long to leave as the answer has to come. */
  readonly hasLeft: () => boolean;
  /** Bytes received so far. */
  readonly received: () => number;
  /** Called once, when it took too long and everything that had arrived was read. Must not throw. */
  readonly onOver: () => void;
}

/**
 * Waits for an answer, in the time in which this process really ran. After a suspend, a SIGSTOP or a blocked loop Node runs
 * the timers that came due BEFORE it reads the socket: a plain timeout would throw away an answer that has already arrived.
 * So a time that was not lived through gives the answer its whole time anew (ten times at most), and nothing is judged before
 * the loop has read all there is.
 * @returns what ends the waiting.
 */
export function startPatience({ ms, hasLeft, received, onOver }: PatienceOptions): () => void {
  const look = Math.min(LOOK_MS, Math.max(ms / 4, 1));
  let left = false;
  let spent = 0;
  let stalls = 0;
  let ended = false;
  let wall = Date.now();
  let monotonic = performance.now();

  const drain = (turns: number, quiet: number, seen: number): void => {
    if (ended) return;
    if (quiet >= QUIET_TURNS || turns >= MOST_TURNS) {
      end();
      onOver();
      return;
    }
    setImmediate(() => {
      const now = received();
      drain(turns + 1, now === seen ? quiet + 1 : 0, now);
    });
  };
  const tick = (): void => {
    // The monotonic clock of some systems stands still in sleep, and the wall clock may be set: the larger of the two tells.
    const passed = Math.max(performance.now() - monotonic, Math.min(Date.now() - wall, 2 ** 31));
    wall = Date.now();
    monotonic = performance.now();
    if (passed - look > STALL_MS && stalls < MOST_STALLS) {
      stalls += 1;
      spent = 0;
    } else spent += Math.max(passed, 0);
    if (!left && hasLeft()) {
      left = true;
      spent = 0;
    }
    if (spent < ms) timer = setTimeout(tick, look);
    else drain(0, 0, received());
  };
  const end = (): void => {
    ended = true;
    clearTimeout(timer);
  };
  let timer = setTimeout(tick, look);
  return end;
}
