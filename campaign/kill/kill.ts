/** The program killed at every system call of a refresh, and at any time; then judged by what the provider knows. */
import { setTimeout as pause } from "node:timers/promises";
import { type Campaign, type Chance, chanceOf, type Form, type Plan } from "../frame.ts";
import { type Lane, laneOf, leave, stageOf, withLanes } from "../support/lanes/staged-lanes.ts";
import { cutOff, keeperAgain, recover } from "../support/recovery.ts";
import { type Round, runRounds, shuffled, Tally } from "../support/rounds.ts";
import { argsOf, begin, dryRunsOf, ended, firstRuns, SCENES, type Scene, slowAnswer } from "../support/scenes.ts";
import type { Stage } from "../support/stage.ts";
import { callInWords, changes, mattering, pointsOf, some } from "../support/traced/points.ts";
import { type Call, startTraced, type Thread } from "../support/traced/traced.ts";
import { newestOf, unkeptWrongs } from "../support/verdict.ts";
import { appRounds } from "./app.ts";

interface Size {
  readonly lanes: number;
  /** How many points of each scene; of the main thread, and of chance, of the first. */
  readonly points: Readonly<Record<keyof typeof SCENES, number>>;
  readonly main: number;
  readonly random: number;
  readonly app: number;
}

const SIZES: Readonly<Record<Form, Size>> = {
  short: {
    lanes: 5,
    points: { once: 5, again: 2, accounts: 2, keeper: 1, kept: 2, unknown: 1 },
    main: 2,
    random: 3,
    app: 0,
  },
  full: {
    lanes: 6,
    points: { once: 400, again: 180, accounts: 120, keeper: 110, kept: 100, unknown: 90 },
    main: 50,
    random: 130,
    app: 24,
  },
};

/** A keeper, a command: both have ended long before, if nothing stands still. */
const LIFE_MS = 2_600;

/** Where a kill falls. */
type Point =
  | { readonly kind: "call"; readonly thread: Thread; readonly call: Call }
  | { readonly kind: "time"; readonly ms: number }
  /** After the request came to the provider. */
  | { readonly kind: "answer"; readonly ms: number };

export const kill: Campaign = {
  name: "kill",
  shows: "killed at any system call of a refresh, each login is on its live generation after a restart",
  async run(plan) {
    const tally = new Tally();
    const size = SIZES[plan.form];
    await withLanes(size.lanes, async (lanes) => {
      const chance = chanceOf(plan.seed);
      const app = await appRounds(plan, size.app, lanes, chance.fork(1), tally);
      try {
        const rounds = [...(await roundsOf(plan, size, lanes, tally)), ...app.rounds];
        await runRounds(
          plan,
          size.lanes,
          shuffled(rounds, () => chance.fraction()),
          tally,
        );
      } finally {
        await app.close();
      }
    });
    return tally.report(plan.seed);
  },
};

async function roundsOf(plan: Plan, size: Size, lanes: readonly Lane[], tally: Tally): Promise<readonly Round[]> {
  const chance = chanceOf(plan.seed);
  const rounds: Round[] = [];
  let slow = 0;
  const add = (scene: Scene, point: Point, commit: Call | null): void => {
    const slowMs = point.kind === "call" ? chance.pick([0, 0, 20, 80]) : chance.whole(0, 60);
    const gate = `slow ${(slow += 1)}`;
    rounds.push({
      what: `${scene.name}, killed ${inWords(point)}`,
      run: (which) => round({ lane: laneOf(lanes, which), scene, point, commit, slowMs, gate, tally }),
    });
  };
  const twice = plan.form === "full";
  const { once, main, commit } = await firstRuns(lanes, twice);
  const others = await dryRunsOf(["again", "accounts", "keeper", "kept", "unknown"], lanes, commit, twice, tally);
  for (const { key, calls } of [{ key: "once" as const, calls: once }, ...others]) {
    const scene = SCENES[key];
    for (const call of some(pointsOf(calls), size.points[key], chance))
      add(scene, { kind: "call", thread: "pool", call }, commit);
  }
  for (const call of aroundTheAnswer(mattering(main), size.main, chance)) {
    add(SCENES.once, { kind: "call", thread: "main", call }, null);
  }
  for (let at = 0; at < size.random; at += 1) {
    const scene = chance.pick([SCENES.once, SCENES.accounts, SCENES.keeper, SCENES.again]);
    const point: Point =
      at % 2 === 0 ? { kind: "answer", ms: chance.whole(0, 100) } : { kind: "time", ms: chance.whole(0, LIFE_MS) };
    add(scene, point, null);
  }
  return rounds;
}

/** What the main thread does differs from run to run: so the calls around the answer are taken, and some on either side. */
function aroundTheAnswer(calls: readonly Call[], count: number, chance: Chance): readonly Call[] {
  const sent = calls.filter(changes);
  const read = calls.find(({ name, text }) => name === "read" && text.includes("HTTP/1.1"));
  return Array.from({ length: count }, (_, at) => {
    const shift = chance.whole(-6, 6);
    return at % 2 === 0 && read !== undefined ? { ...read, n: Math.max(1, read.n + shift) } : chance.pick(sent);
  });
}

function inWords(point: Point): string {
  switch (point.kind) {
    case "call":
      return `at ${point.thread === "main" ? "the main thread's " : ""}${callInWords(point.call)}`;
    case "time":
      return `${point.ms} ms after its start`;
    case "answer":
      return `${point.ms} ms after its request`;
  }
}

interface Setting {
  readonly lane: Lane;
  readonly scene: Scene;
  readonly point: Point;
  readonly commit: Call | null;
  readonly slowMs: number;
  readonly gate: string;
  readonly tally: Tally;
}

async function round(setting: Setting): Promise<readonly string[]> {
  const { lane, scene, tally } = setting;
  const stage = await stageOf(lane, scene.shape);
  await begin(scene, stage, setting.commit);
  const begun = newestOf(await stage.truth());
  const { dead, changed } = await killOnce(stage, setting);
  if (!dead) {
    tally.count("not reached");
    return [];
  }
  tally.count("kills");
  const at = await cutOff(stage, begun);
  const { fate, wrong } = await recover(stage, at);
  tally.count(fate);
  // A keeper also publishes that it is refreshing, at any time around the answer.
  const late = scene.command === "run" ? [] : unkeptWrongs(at.truth, at.disk, changed);
  const all = [...wrong, ...late, ...(scene.command === "run" ? await keeperAgain(stage) : [])];
  // What went wrong must not be found again in the next round.
  if (all.length > 0) await leave(lane, scene.shape);
  return all;
}

async function killOnce(
  stage: Stage,
  { scene, point, slowMs, gate }: Setting,
): Promise<{ dead: boolean; changed: number }> {
  const seen = (await stage.server.requests("token")).length;
  const answer = await slowAnswer(stage, gate, slowMs);
  const args = argsOf(scene, stage);
  try {
    if (point.kind === "call") {
      const traced = await startTraced(stage.home, args, point.thread, { ...point.call, what: "signal=KILL" });
      await ended(scene, traced.run);
      const calls = await traced.calls();
      const { signal } = await traced.run.ended;
      const since = answer.releasedAt() ?? Number.POSITIVE_INFINITY;
      const made = mattering(calls).filter((call) => call.done && call.at > since && changes(call));
      return { dead: signal === "SIGKILL", changed: point.thread === "pool" ? made.length : 0 };
    }
    const run = stage.home.start(...args);
    if (point.kind === "answer") await Promise.race([stage.server.seen("token", seen + 1), run.ended]);
    await Promise.race([pause(point.ms), run.ended]);
    run.kill("SIGKILL");
    const { signal } = await run.ended;
    return { dead: signal === "SIGKILL", changed: 0 };
  } finally {
    // Whoever comes next is not held up.
    await stage.server.release(gate);
  }
}
