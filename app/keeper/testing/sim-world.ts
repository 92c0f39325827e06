/** The world of the model-based test: processes of ours, neighbours, a server and a disk, all driven by one seed. */
import { UserError } from "../../shared/errors.ts";
import type { PingMode } from "../../shared/snapshot.ts";
import { type Checks, createChecks } from "./sim-checks.ts";
import { createSimFiles, SimError, type SimFiles, type SimOp } from "./sim-files.ts";
import { type Content, opencodeReads, opencodeRefresh, opencodeWrite } from "./sim-opencode.ts";
import { AUTH, type SimParts, type SimProcess, simSettings, startProcess } from "./sim-process.ts";
import { type ServerMode, SimServer } from "./sim-server.ts";
import { type Actor, SimTime, seeded } from "./sim-time.ts";

const LOGINS = ["anthropic", "second"] as const;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
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

export async function runFor(world: World, ms: number): Promise<void> {
  const end = world.time.monotonic + ms;
  while (await world.time.step(end)) world.checks.afterStep();
}

export async function startKeeper(world: World): Promise<void> {
  const process = world.start("keeper");
  world.keeper = process;
  void process.engine.then((engine) =>
    engine.run({ onRole: () => undefined, onSnapshot: () => undefined, onEvent: () => undefined }),
  );
}

function kill(world: World, process: Actor): void {
  process.alive = false;
  world.story.push(`${stamp(world)} ${process.name} is killed`);
}

/** What the checks count as written by others. */
const tell = (world: World) => (content: Content) => world.checks.foreign.push(content);

const stamp = (world: World): string => `+${Math.round(world.time.monotonic)}`;

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

/** One random thing that happens. */
export function somethingHappens(world: World): void {
  const names = Object.keys(happeningsOf(world, LOGINS[0]));
  // What loses logins most often in the field comes more often here.
  happen(
    world,
    world.chance(0.25)
      ? world.pickOf(["backupTaken", "backupRestored", "userSignsOut", "userRefreshes"])
      : world.pickOf(names),
  );
}

function happen(world: World, name: string, id: string = world.pickOf(LOGINS)): void {
  world.story.push(`${stamp(world)} ${name} ${id}`);
  try {
    happeningsOf(world, id)[name]?.();
  } catch (error) {
    // What a neighbour tried may fail, as after a power loss that left its temp file.
    if (!(error instanceof SimError)) throw error;
  }
}

function happeningsOf(world: World, id: string): Record<string, () => void> {
  const { disk, server, time, fraction, story } = world;
  const gaps = {
    read: world.chance(0.8) ? fraction() * 5 : fraction() * 90_000,
    open: fraction() * 3,
    cut: fraction() * 60,
  };
  const happenings: Record<string, () => void> = {
    opencodeSetsKey: () => {
      const value = `k-${Math.floor(fraction() * 1e6)}`;
      opencodeWrite(
        { ...world, wrote: tell(world) },
        (content) => ({ ...content, key: { type: "api", key: value } }),
        gaps,
      );
    },
    opencodeRefreshes: () => opencodeRefresh({ ...world, wrote: tell(world) }, id),
    userSignsIn: () => {
      const pair = server.signIn(`${id}-${Math.floor(fraction() * 1e6)}`);
      opencodeWrite(
        { ...world, wrote: tell(world) },
        (content) => ({ ...content, [id]: { type: "oauth", ...pair } }),
        gaps,
      );
    },
    userSignsOut: () =>
      opencodeWrite(
        { ...world, wrote: tell(world) },
        (content) => {
          const { [id]: _gone, ...rest } = content;
          return rest;
        },
        gaps,
      ),
    sameGrantTwice: () =>
      opencodeWrite(
        { ...world, wrote: tell(world) },
        (content) => (content[id] === undefined ? null : { ...content, [world.pickOf(LOGINS)]: content[id] }),
        gaps,
      ),
    wipes: () =>
      opencodeWrite(
        { ...world, wrote: tell(world) },
        (content) => ({ ...content, [id]: { type: "oauth", refresh: "", access: "", expires: 0 } }),
        gaps,
      ),
    expiresNow: () =>
      opencodeWrite(
        { ...world, wrote: tell(world) },
        (content) => {
          const entry = content[id];
          return typeof entry === "object" && entry !== null ? { ...content, [id]: { ...entry, expires: 0 } } : null;
        },
        gaps,
      ),
    backupTaken: () => world.checks.takeBackup(),
    backupRestored: () => world.checks.restoreBackup(world.chance(0.5)),
    editorRenames: () => {
      const text = disk.readText(AUTH);
      if (text !== null) disk.replace(AUTH, `${text} `);
    },
    halfWritten: () => {
      const text = disk.readText(AUTH);
      if (text === null) return;
      disk.writeInPlace(AUTH, text.slice(0, Math.floor(fraction() * text.length)));
      const back: Actor = { name: "writer", alive: true, stoppedUntil: 0 };
      time.at(fraction() < 0.7 ? 100 : 20_000, back, () => disk.writeInPlace(AUTH, text));
    },
    fileGoesAndComesBack: () => {
      const text = disk.readText(AUTH);
      if (text === null) return;
      disk.removeNow(AUTH);
      const back: Actor = { name: "writer", alive: true, stoppedUntil: 0 };
      time.at(fraction() * 60_000, back, () => {
        if (disk.readText(AUTH) === null) disk.writeInPlace(AUTH, text);
      });
    },
    keeperCrashes: () => {
      if (world.keeper !== null) kill(world, world.keeper);
      void startKeeper(world);
    },
    secondKeeper: () => void startKeeper(world),
    powerFails: () => {
      for (const actor of world.living.values()) actor.alive = false;
      disk.powerLoss(fraction);
      void startKeeper(world);
    },
    keeperStalls: () => {
      if (world.keeper !== null) world.keeper.stoppedUntil = time.monotonic + fraction() * 120_000;
    },
    userRefreshes: () => {
      command(world, "refresh", async (process) => (await process.engine).refresh(world.chance(0.5) ? [id] : "all"));
    },
    runOnce: () => {
      const process = world.start("once", true);
      void process.engine.then((engine) => engine.runOnce({ onEvent: () => undefined })).catch(() => undefined);
    },
    userAllows: () => {
      command(world, "allow", async (process) => (await process.engine).allow(id));
    },
    userForgets: () => {
      command(world, "forget", async (process) => (await process.engine).forget(id));
    },
    lockStolen: () => {
      const lock = "/home/me/share/opencode/.auth.json.pilot-light.lock";
      for (const name of safeList(disk, lock)) disk.removeNow(`${lock}/${name}`);
    },
    clockSteps: () => {
      world.checks.clockStepped();
      time.offset += (fraction() - 0.5) * 2 * world.pickOf([10_000, HOUR, 48 * HOUR]);
    },
    serverChanges: () => {
      const modes: readonly ServerMode[] = [
        "well",
        "offline",
        "lostAnswer",
        "lostRequest",
        "late",
        "tooLate",
        "rateLimited",
        "overloaded",
      ];
      server.mode = world.pickOf([
        ...modes,
        "error500",
        "acted500",
        "html",
        "invalidClient",
        "noRotation",
        "sameToken",
        "oddLifetime",
      ]);
      story.push(`${stamp(world)} server: ${server.mode}`);
    },
    diskFails: () => {
      const ops = world.pickOf([["write"], ["sync"], ["createNew"], ["rename"], ["makeFolder"]] as const);
      world.fault = {
        ops: new Set(ops),
        code: world.pickOf(["ENOSPC", "EIO", "EROFS"]),
        where: world.pickOf(["share", "state", "home"]),
      };
      const back: Actor = { name: "disk", alive: true, stoppedUntil: 0 };
      time.at(fraction() * 90_000, back, () => {
        world.fault = null;
      });
      world.checks.diskFailed();
    },
  };
  return { ...happenings, ...plotsOf(world, id) };
}

/** Short plots, each a way in which logins were lost in the field; single happenings would rarely line up like this. */
function plotsOf(world: World, id: string): Record<string, () => void> {
  const director: Actor = { name: "director", alive: true, stoppedUntil: 0 };
  const play = (steps: readonly (readonly [afterMs: number, name: string])[]) => () => {
    let at = 0;
    for (const [after, name] of steps) {
      at += after;
      world.time.at(at, director, () => happen(world, name, id));
    }
  };
  const modes: readonly ServerMode[] = ["lostAnswer", "lostRequest", "tooLate", "acted500"];
  const serverLoses = () => {
    world.server.mode = world.pickOf(modes);
    world.time.at(60_000, director, () => {
      world.server.mode = "well";
    });
  };
  return {
    removedLoginComesBackSpent: play([
      [0, "backupTaken"],
      [10, "expiresNow"],
      [6_000, "userSignsOut"],
      [5_000, "backupRestored"],
    ]),
    removedLoginComesBack: play([
      [0, "backupTaken"],
      [10, "userSignsOut"],
      [5_000, "backupRestored"],
      [5_000, "expiresNow"],
    ]),
    displacedLoginComesBack: play([
      [0, "backupTaken"],
      [10, "userSignsIn"],
      [5_000, "backupRestored"],
      [5_000, "expiresNow"],
    ]),
    signedOutDuringRefresh: play([
      [0, "backupTaken"],
      [10, "expiresNow"],
      [100, "userSignsOut"],
      [6_000, "backupRestored"],
    ]),
    signedInDuringRefresh: play([
      [0, "backupTaken"],
      [10, "expiresNow"],
      [100, "userSignsIn"],
      [6_000, "backupRestored"],
    ]),
    spentCopyWhileTheEndIsUnknown: () => {
      play([
        [0, "backupTaken"],
        [10, "expiresNow"],
        [10_000, "expiresNow"],
        [4_000, "backupRestored"],
      ])();
      world.time.at(6_000, director, serverLoses);
    },
    crashDuringRefresh: play([
      [0, "expiresNow"],
      [Math.round(world.fraction() * 600), "keeperCrashes"],
    ]),
    powerFailsDuringRefresh: play([
      [0, "expiresNow"],
      [Math.round(world.fraction() * 600), "powerFails"],
    ]),
    stalledBeforeItsRequest: play([
      [0, "expiresNow"],
      [Math.round(world.fraction() * 60), "keeperStalls"],
      [20, "lockStolen"],
      [50, "userRefreshes"],
    ]),
  };
}

function safeList(disk: SimFiles, path: string): readonly string[] {
  try {
    return disk.listNow(path);
  } catch {
    return [];
  }
}

/** Says which seed broke what, with the story that led there. */
export class BrokenRun extends Error {
  readonly world: World;
  constructor(seed: number, world: World) {
    super(`seed ${seed}: ${world.checks.failures.join("; ")}\n${world.story.join("\n")}\n${world.disk.readText(AUTH)}`);
    this.world = world;
  }
}

/** One run: trouble for a while, then calm, then nothing may be lost. @throws with the story when an invariant broke. */
export async function runSeed(seed: number, length = 14): Promise<World> {
  const world = createWorld(seed);
  await startKeeper(world);
  await runFor(world, 5_000);
  for (let i = 0; i < length && world.checks.failures.length === 0; i++) {
    somethingHappens(world);
    if (world.chance(0.4)) {
      // Close together, and while a refresh is under way: that is where logins are lost.
      happen(world, "expiresNow");
      for (let more = Math.floor(world.fraction() * 4); more > 0; more--) {
        await runFor(world, world.fraction() * world.pickOf([50, 700, 5_000]));
        somethingHappens(world);
      }
    }
    await runFor(world, world.chance(0.6) ? world.fraction() * 3_000 : world.fraction() * 40 * MINUTE);
  }
  world.fault = null;
  world.server.mode = "well";
  for (const actor of world.living.values()) actor.alive = false;
  world.checks.calm();
  await startKeeper(world);
  await runFor(world, 100 * MINUTE);
  world.checks.atTheEnd(opencodeReads(disk(world)));
  if (world.checks.failures.length > 0) throw new BrokenRun(seed, world);
  return world;
}

const disk = (world: World): string | null => world.disk.readText(AUTH);
