/**
 * Preloaded into a program of ours (`node --import`): its clocks and timers stand on a virtual clock. What it is asked for
 * stands in the environment, see `clock.ts`, which starts it.
 *
 * What is virtual: `Date`, `performance.now`, `process.hrtime`, `setTimeout`, `setInterval`. What stays real: `setImmediate`,
 * files, sockets, and the timers inside Node (none of ours hangs on them).
 *
 * "follow": the virtual clocks are the real ones plus offsets that the campaign writes into a file. A real timer of a few
 * milliseconds drives the virtual ones. So after SIGSTOP, a written offset and SIGCONT the runtime does what it does after
 * any standstill that is longer than that timer: its loop finds a timer due before it looks at a socket again, and whatever
 * came due in the virtual time fires then, in order.
 *
 * "leap": as soon as nothing but timers is pending (no file operation, no connection, nothing new in some turns of the loop),
 * the clocks leap to the next timer or event of the script. While anything is under way, they go on as the real ones do.
 * Long timers may be put together: all that is due by then fires at once, in order, the earliest of them late by so much.
 */
import { closeSync, openSync, readFileSync, readSync, statSync, writeSync } from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { performance } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ClockEvent, ClockOrder, Sample } from "./clock.ts";
import { OFFSETS } from "./offsets.ts";
import { type Timer, Timers } from "./timers.ts";

const PACE_MS = 5;
/** Turns of the loop in which nothing came before the clocks leap: what a callback began shows in the next. */
const QUIET_TURNS = 3;
/** Something is under way: so many turns at full speed, then one in a millisecond. */
const SPIN_TURNS = 25;
/** Systems put timers together to save power, and a busy one is late: so are these, as far as the order allows. */
const slackOf = (delay: number): number => (delay >= order.lateFrom ? order.lateBy : 0);
/** They wait for the world, and it for us: none of them ends by itself soon. */
const PATIENT = new Set(["Timeout", "Immediate", "PipeWrap", "TTYWrap", "FSEventWrap", "SignalWrap"]);

const order = JSON.parse(process.env["PILOT_LIGHT_TEST_CLOCK"] ?? "null") as ClockOrder;
const RealDate = Date;
const realNow = Date.now;
const realMonotonic = performance.now.bind(performance);
const realTimers = { setTimeout, setInterval, setImmediate };

const offsetsFile = openSync(order.offsets, order.mode === "leap" ? "r+" : "r");
const offsets = new Float64Array(OFFSETS.count);
const bytes = new Uint8Array(offsets.buffer);
readSync(offsetsFile, bytes, 0, bytes.length, 0);
let readAt = realMonotonic();
/** Whoever moves the clocks lets us stand still for longer than this meanwhile. */
const follow = (): void => {
  if (order.mode !== "follow" || realMonotonic() - readAt < PACE_MS / 2) return;
  readAt = realMonotonic();
  readSync(offsetsFile, bytes, 0, bytes.length, 0);
};
const offset = (which: number): number => offsets[which] ?? 0;
const wallNow = (): number => {
  follow();
  return realNow() + Math.round(offset(OFFSETS.wall));
};
const monotonicNow = (): number => {
  follow();
  return realMonotonic() + offset(OFFSETS.monotonic);
};
const shift = (by: { readonly wall: number; readonly monotonic: number; readonly true: number }): void => {
  offsets[OFFSETS.wall] = offset(OFFSETS.wall) + by.wall;
  offsets[OFFSETS.monotonic] = offset(OFFSETS.monotonic) + by.monotonic;
  offsets[OFFSETS.true] = offset(OFFSETS.true) + by.true;
  writeSync(offsetsFile, bytes, 0, bytes.length, 0);
};

// ---- clocks --------------------------------------------------------------------------------------------------------------

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [wallNow()] : args, newTarget) as Date,
  apply: () => new RealDate(wallNow()).toString(),
  get: (target, name, receiver) => (name === "now" ? wallNow : (Reflect.get(target, name, receiver) as unknown)),
});
Object.defineProperty(performance, "now", { value: monotonicNow, configurable: true });

const realHrtime = process.hrtime.bigint;
const originMs = Number(realHrtime()) / 1e6 - realMonotonic();
const hrtimeBig = (): bigint => BigInt(Math.round((originMs + monotonicNow()) * 1e6));
const hrtime = (since?: [number, number]): [number, number] => {
  const now = hrtimeBig() - (since === undefined ? 0n : BigInt(since[0]) * 1_000_000_000n + BigInt(since[1]));
  return [Number(now / 1_000_000_000n), Number(now % 1_000_000_000n)];
};
Object.defineProperty(process, "hrtime", { value: Object.assign(hrtime, { bigint: hrtimeBig }), configurable: true });

// ---- timers --------------------------------------------------------------------------------------------------------------

/** What Node does between two timers: everything that the first one set going at once runs before the second. */
const drain = Reflect.get(process, "_tickCallback") as unknown;
if (typeof drain !== "function") throw new Error("this Node cannot run its ticks between two timers");
const timers = new Timers(monotonicNow, () => void Reflect.apply(drain, process, []), onChange);
let pace: NodeJS.Timeout | null = null;

function onChange(): void {
  if (pace === null) return;
  if (timers.holdsProcess()) pace.ref();
  else pace.unref();
}

const isVirtual = (timer: unknown): timer is Timer => timers.owns(timer);
const make =
  (repeats: boolean) =>
  (callback: (...args: unknown[]) => void, delay?: unknown, ...args: unknown[]): Timer =>
    timers.add(() => callback(...args), Number(delay), repeats);
const clear = (timer: unknown): void => {
  if (isVirtual(timer)) timer.close();
  else if (typeof timer === "number" || typeof timer === "string") timers.closeById(Number(timer));
  else if (timer !== null && timer !== undefined) Reflect.apply(realClear, undefined, [timer]);
};
const realClear = clearTimeout;
const replaced = {
  setTimeout: make(false),
  setInterval: make(true),
  clearTimeout: clear,
  clearInterval: clear,
};
const builtIn = createRequire(import.meta.url)("node:timers") as object;
for (const [name, value] of Object.entries(replaced)) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  Object.defineProperty(builtIn, name, { value, configurable: true, writable: true });
}
syncBuiltinESMExports();

// ---- leaps ---------------------------------------------------------------------------------------------------------------

const script: ClockEvent[] = order.script.toSorted((a, b) => a.at - b.at);
const startedAt = monotonicNow();
let quiet = 0;
let spins = 0;

const isBusy = (): boolean => process.getActiveResourcesInfo().some((name) => !PATIENT.has(name));
const due = (event: ClockEvent | undefined): number =>
  event === undefined ? Number.POSITIVE_INFINITY : startedAt + event.at;

function turn(): void {
  if (timers.fireDue() > 0) quiet = 0;
  if (isBusy()) {
    quiet = 0;
    spins += 1;
  } else {
    quiet += 1;
    spins = 0;
  }
  if (quiet >= QUIET_TURNS) {
    quiet = 0;
    leap();
  }
  again();
}

function again(): void {
  const next = spins < SPIN_TURNS ? realTimers.setImmediate(turn) : realTimers.setTimeout(turn, 1);
  // The loop would wait for the world with one that holds nothing; and with one that holds, no program would ever end.
  if (!timers.holdsProcess() && spins === 0) next.unref();
}

function leap(): void {
  witness();
  const next = Math.min(timers.nextDue(slackOf), due(script[0]));
  const by = next - monotonicNow();
  if (by > 0 && Number.isFinite(by)) shift({ wall: by, monotonic: by, true: by });
  while (due(script[0]) <= monotonicNow()) {
    const event = script.shift();
    if (event !== undefined) happen(event);
  }
}

function happen(event: ClockEvent): void {
  switch (event.kind) {
    case "sleep":
      // Linux does not count sleep on the monotonic clock; macOS and Windows do, on some.
      shift({ wall: event.ms, monotonic: event.monotonicRuns ? event.ms : 0, true: event.ms });
      break;
    case "step":
      shift({ wall: event.ms, monotonic: 0, true: 0 });
      break;
    case "setTo":
      shift({ wall: (event.wall === "right" ? times().true : event.wall) - wallNow(), monotonic: 0, true: 0 });
      break;
    case "sample":
      break;
    case "stop":
      process.kill(process.pid, "SIGTERM");
      break;
    default:
      event satisfies never;
  }
  tell({ ...times(), event: event.kind, asleepMs: event.kind === "sleep" ? event.ms : 0, memory: collected() });
}

// ---- what is told ----------------------------------------------------------------------------------------------------------

const log = order.log === null ? null : openSync(order.log, "a");
const times = () => ({
  true: realNow() + offset(OFFSETS.true),
  wall: wallNow(),
  monotonic: monotonicNow() - startedAt,
});
const tell = (sample: Sample): void => {
  if (log !== null) writeSync(log, `${JSON.stringify(sample)}\n`);
};
setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;
function collected(): number {
  gc();
  return process.memoryUsage().heapUsed;
}

let seen = "";
/** Whatever changed in the watched file since the clocks last leapt happened at this virtual time. */
function witness(): void {
  if (order.witness === null) return;
  const stats = statSync(order.witness, { bigint: true, throwIfNoEntry: false });
  const stamp = stats === undefined ? "none" : `${stats.ino} ${stats.mtimeNs} ${stats.size}`;
  if (stamp === seen) return;
  seen = stamp;
  tell({ ...times(), content: stats === undefined ? null : readFileSync(order.witness, "utf8") });
}

if (order.mode === "leap") {
  // It holds the process while a virtual timer does, as that timer would.
  pace = realTimers.setInterval(() => undefined, 60_000);
  again();
} else {
  pace = realTimers.setInterval(() => void timers.fireDue(), PACE_MS);
}
onChange();
process.on("exit", () => closeSync(offsetsFile));
