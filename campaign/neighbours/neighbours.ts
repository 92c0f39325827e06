/** Other programs that write the same file, and many of ours. */
import { type Campaign, chanceOf, type Failure, isTimeUp, type Plan, type Report } from "../frame.ts";
import { foreignProgram } from "../support/lanes/foreign.ts";
import { MOST_PROCESSES } from "./crowd.ts";
import { Lane } from "./lane.ts";
import { type Counts, noCounts } from "./numbers.ts";

const WRITES = 10_000;
const REFRESHES = 500;

/** Longer than any watch of ours: what is not put right by then never is. */
const PATIENCE_MS = 35_000;

/**
 * How many processes of ours each file has. One file has them all, and the backup tool; but a file that was refreshed is looked
 * after for two seconds, so that it alone comes to five hundred too slowly: the others have few, which leaves them the processor.
 */
const FORMS = {
  full: { processes: [MOST_PROCESSES, 4, 4, 4], opencodes: 2, entries: 120, roundMs: 20_000 },
  short: { processes: [5], opencodes: 0, entries: 40, roundMs: 7_000 },
} as const;

export const neighbours: Campaign = {
  name: "neighbours",
  shows: "thousands of foreign writes and hundreds of refreshes at one file lose nothing of each other",
  run,
};

async function run(plan: Plan): Promise<Report> {
  const form = FORMS[plan.form];
  const chance = chanceOf(plan.seed);
  const program = await foreignProgram();
  const lanes: Lane[] = [];
  try {
    // One after the other: several opencodes that start at once keep each other from getting ready in time.
    for (const [at, processes] of form.processes.entries()) {
      const options = { ...form, program, processes, backups: at === 0, patienceMs: PATIENCE_MS };
      lanes.push(await Lane.start(options, chance.fork(at)));
    }
    const startedAt = Date.now();
    const enough = async (): Promise<boolean> => {
      if (plan.minutes !== null) return isTimeUp(plan, startedAt);
      if (plan.form === "short") return true;
      return sumOf(lanes).writes >= WRITES && (await refreshesOf(lanes)) >= REFRESHES;
    };
    for (let done = false; !done; done = await enough()) {
      await Promise.all(lanes.map((lane) => lane.round(form.roundMs)));
      const { writes, lost, lostAgain } = sumOf(lanes);
      plan.say(`${writes} foreign writes, ${await refreshesOf(lanes)} refreshes, ${lost + lostAgain} lost`);
    }
    await Promise.all(lanes.map((lane) => lane.finish()));
    return await reportOf(plan, lanes);
  } finally {
    for (const lane of lanes) await lane.close();
    await program.remove();
  }
}

async function reportOf(plan: Plan, lanes: readonly Lane[]): Promise<Report> {
  const { writes, byOpencode, restores, reads, lost, lostAgain, inWindow } = sumOf(lanes);
  const failures: Failure[] = [];
  for (const [what, count] of tally(lanes.flatMap(({ wrong }) => wrong))) {
    failures.push({ what: count === 1 ? what : `${what} (${count} times)`, seed: plan.seed });
  }
  return {
    counts: {
      "foreign writes": writes,
      "of opencode": byOpencode,
      "old copies restored": restores,
      refreshes: await refreshesOf(lanes),
      "commands of ours": sumBy(lanes, (lane) => lane.commands()),
      "files of ours": sumBy(lanes, (lane) => lane.ourWrites()),
      "whole reads": reads,
      lost,
      "lost of values that return": lostAgain,
      "lost to a rename in the microseconds before ours": inWindow,
    },
    failures,
  };
}

function sumOf(lanes: readonly Lane[]): Counts {
  const zero = noCounts();
  for (const { counts } of lanes) {
    zero.writes += counts.writes;
    zero.byOpencode += counts.byOpencode;
    zero.restores += counts.restores;
    zero.reads += counts.reads;
    zero.calms += counts.calms;
    zero.lost += counts.lost;
    zero.lostAgain += counts.lostAgain;
    zero.inWindow += counts.inWindow;
  }
  return zero;
}

function sumBy(lanes: readonly Lane[], of: (lane: Lane) => number): number {
  return lanes.reduce((sum, lane) => sum + of(lane), 0);
}

async function refreshesOf(lanes: readonly Lane[]): Promise<number> {
  return (await Promise.all(lanes.map((lane) => lane.refreshes()))).reduce((sum, count) => sum + count, 0);
}

function tally(lines: readonly string[]): ReadonlyMap<string, number> {
  const counted = new Map<string, number>();
  for (const line of lines) counted.set(line, (counted.get(line) ?? 0) + 1);
  return counted;
}
