/** Every system call of a refresh fails once; and everything around it goes away, fills up, or is not as it should be. */
import { type Campaign, type Chance, chanceOf, type Form, type Plan } from "../frame.ts";
import { type Lane, laneOf, withLanes } from "../support/lanes/staged-lanes.ts";
import { type Round, runRounds, shuffled, Tally } from "../support/rounds.ts";
import { dryRunsOf, firstRuns, SCENES } from "../support/scenes.ts";
import { changes, pointsOf, some } from "../support/traced/points.ts";
import type { Call, Thread } from "../support/traced/traced.ts";
import { type CallRound, inWords as callRoundInWords, ERRORS, failing, runCallRound } from "./calls.ts";
import { chosen, inWords as placeRoundInWords, runPlaceRound, type Sequel, sequelsOf } from "./places.ts";
import { TROUBLES } from "./troubles.ts";

interface Size {
  readonly lanes: number;
  readonly points: Readonly<Record<"once" | "again" | "accounts" | "kept", number>>;
  readonly main: number;
  /** How often each trouble, with each of its sequels. */
  readonly troubles: number;
}

const SIZES: Readonly<Record<Form, Size>> = {
  short: { lanes: 5, points: { once: 4, again: 1, accounts: 1, kept: 1 }, main: 1, troubles: 1 },
  full: { lanes: 6, points: { once: 260, again: 60, accounts: 60, kept: 60 }, main: 20, troubles: 2 },
};

/** One of each kind that once lost something, or said that all is well. */
const SHORT: Readonly<Record<string, Sequel>> = {
  "before: our own side is full": "left alone",
  "before: journal/ is a link": "left alone",
  "meanwhile: the state dir is removed": "left alone",
  "meanwhile: our own side becomes full": "left alone",
  "meanwhile: both sides become full": "asked to end",
  "meanwhile: the credential file gets a hard link": "mended while it lives",
};

export const error: Campaign = {
  name: "error",
  shows: "whatever fails around a refresh, the file is whole, the successor kept, and committed when there is room",
  async run(plan) {
    const tally = new Tally();
    const size = SIZES[plan.form];
    await withLanes(size.lanes, async (lanes) => {
      await runRounds(plan, size.lanes, await roundsOf(plan, size, lanes, tally), tally);
    });
    return tally.report(plan.seed);
  },
};

async function roundsOf(plan: Plan, size: Size, lanes: readonly Lane[], tally: Tally): Promise<readonly Round[]> {
  const chance = chanceOf(plan.seed);
  const calls = await callRounds(size, lanes, plan.form === "full", chance, tally);
  const faults = calls.map((round): Round => {
    return { what: callRoundInWords(round), run: (which) => runCallRound(round, laneOf(lanes, which), tally) };
  });
  return shuffled([...faults, ...placeRounds(plan, size, lanes, tally, chance)], () => chance.fraction());
}

async function callRounds(
  size: Size,
  lanes: readonly Lane[],
  twice: boolean,
  chance: Chance,
  tally: Tally,
): Promise<readonly CallRound[]> {
  const { once, main, commit } = await firstRuns(lanes, twice);
  const rounds: CallRound[] = [];
  const add = (key: keyof Size["points"], thread: Thread, calls: readonly Call[], count: number): void => {
    const scene = SCENES[key];
    for (const call of some(pointsOf(failing(calls, thread)), count, chance)) {
      rounds.push({ scene, thread, call, commit, error: chance.pick(ERRORS) });
      // What changes something may fail in more than one way.
      if (twice && changes(call)) rounds.push({ scene, thread, call, commit, error: chance.pick(ERRORS) });
    }
  };
  add("once", "pool", once, size.points.once);
  add("once", "main", main, size.main);
  for (const { key, calls } of await dryRunsOf(["again", "accounts", "kept"], lanes, commit, twice, tally)) {
    add(key, "pool", calls, size.points[key]);
  }
  return rounds;
}

function placeRounds(plan: Plan, size: Size, lanes: readonly Lane[], tally: Tally, chance: Chance): readonly Round[] {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) plan.say("SKIPPED: all that is around a refresh, since only root can mount and give away");
  const rounds: Round[] = [];
  for (const trouble of isRoot ? TROUBLES : []) {
    for (const sequel of sequelsOf(trouble)) {
      if (plan.form === "short" && SHORT[`${trouble.when}: ${trouble.name}`] !== sequel) continue;
      for (let time = 0; time < size.troubles; time += 1) {
        const round = chosen(trouble, sequel, chance);
        rounds.push({
          what: placeRoundInWords(round),
          run: (which) => runPlaceRound(round, laneOf(lanes, which), tally),
        });
      }
    }
  }
  return rounds;
}
