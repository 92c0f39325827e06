/** The world of the model-based test: processes of ours, neighbours, a server and a disk, all driven by one seed. */
import { UserError } from "../../app/shared/data/errors.ts";
import type { PingMode } from "../../app/shared/login/snapshot.ts";
import { type Checks, createChecks } from "./checks.ts";
import { createSimFiles, SimError, type SimOp } from "./files.ts";
import type { Content } from "./opencode.ts";
import { AUTH, AWAKE, type SimParts, type SimProcess, simSettings, startProcess } from "./process.ts";
import { SimServer } from "./server.ts";
import { type Actor, SimTime, seeded } from "./time.ts";

/** The logins of the file at the start. */
export const LOGINS = ["anthropic", "second"] as const;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 10, 23, 12);
/** What no program understands: it must survive our writes to the byte. */
const ODD = '"odd":   {"type": "futuristic", "n": 1.50e1, "k": "\\u00e9"}';

export interface World extends SimParts {
  readonly checks: Checks;
  /** What happened, to be read when a run fails. */
  readonly story: string[];
  pickOf<T>(values: readonly T[]): T;
  chance(probability: number): boolean;
  start(name: string, oneShot?: boolean): SimProcess;
  keeper: SimProcess | null;
  /** Until when which operations fail with which code. */
  fault: { readonly ops: ReadonlySet<SimOp>; readonly code: string; readonly where: string } | null;
}

export interface WorldOptions {
  /** Wall time at the start; ms. */
  readonly start?: number;
  readonly lifetimeMs?: number;
  readonly ping?: PingMode;
}

/** A world at its start: two logins, a server that answers well, nobody at work. */
export function createWorld(seed: number, options: WorldOptions = {}): World {
  const fraction = seeded(seed);
  const time = new SimTime(options.start ?? START, fraction);
  const disk = createSimFiles({ now: () => time.now(), uid: 0, coarseTimes: fraction() < 0.3 });
  const server = new SimServer(time, fraction);
  server.lifetimeMs = options.lifetimeMs ?? (fraction() < 0.3 ? 20 * MINUTE : 8 * HOUR);
  let pid = 100;
  const story: string[] = [];
  const checks = createChecks(disk, server, time, story);
  const world: World = {
    time,
    disk,
    server,
    fraction,
    logged: [],
    settings: simSettings(),
    ping: options.ping ?? "off",
    power: AWAKE,
    living: new Map(),
    checks,
    story,
    keeper: null,
    fault: null,
    pickOf: (values) => {
      const value = values[Math.floor(fraction() * values.length)];
      if (value === undefined) throw new Error("nothing to pick");
      return value;
    },
    chance: (probability) => fraction() < probability,
    before: (actor, op, path, to) => {
      if (world.fault?.ops.has(op) === true && path.includes(world.fault.where))
        throw new SimError(world.fault.code, op);
      if (op === "rename" && to === AUTH) checks.beforeOurWrite(actor, path);
    },
    start: (name, oneShot = false) => startProcess(world, `${name}#${++pid}`, pid, oneShot),
  };
  server.onSend = (sending) => checks.beforeSend(sending);
  disk.makeFolderNow("/home");
  for (const path of ["/home/me", "/home/me/share", "/home/me/share/opencode"]) disk.makeFolderNow(path);
  const first = server.signIn("anthropic");
  const second = server.signIn("second");
  disk.writeInPlace(
    AUTH,
    `{\n    "anthropic": ${JSON.stringify({ type: "oauth", ...first })},\n  ${ODD},\n "key": {"type":"api", "key":"k-1"},\n    "second": ${JSON.stringify({ type: "oauth", ...second })}\n}\n`,
  );
  disk.settle();
  return world;
}

/** Lets so much of its time go by; ms. */
export async function runFor(world: World, ms: number): Promise<void> {
  const end = world.time.monotonic + ms;
  while (await world.time.step(end)) world.checks.afterStep();
}

/** Starts a keeper, the newest of them from now on. */
export async function startKeeper(world: World): Promise<void> {
  const process = world.start("keeper");
  world.keeper = process;
  void process.engine.then((engine) =>
    engine.run({ onRole: () => undefined, onSnapshot: () => undefined, onEvent: () => undefined }),
  );
}

/** As by SIGKILL: it takes no further step. */
export function kill(world: World, process: Actor): void {
  process.alive = false;
  world.story.push(`${stamp(world)} ${process.name} is killed`);
}

/** What the checks count as written by others. */
export const tell = (world: World) => (content: Content) => world.checks.foreign.push(content);

/** When something happened, for the story: ms since the start. */
export const stamp = (world: World): string => `+${Math.round(world.time.monotonic)}`;

/** A one-shot command in a process of its own. */
export function command(world: World, name: string, run: (process: SimProcess) => Promise<unknown>): SimProcess {
  const process = world.start(name, true);
  world.checks.userCommands.add(process);
  void run(process)
    .catch((error: unknown) => {
      if (!(error instanceof UserError) && !(error instanceof SimError))
        world.checks.fail(`${name} threw ${String(error)}`);
    })
    .finally(() => {
      process.alive = false;
      world.checks.userCommands.delete(process);
    });
  return process;
}
