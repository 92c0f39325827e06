/** Providers of every kind: what an answer means, and where a token may go. */
import { type Campaign, type Chance, chanceOf, isTimeUp, type Plan, type Report } from "../frame.ts";
import { createClockShim } from "../support/clock/clock.ts";
import { createFindings } from "../support/findings.ts";
import { sideBySide } from "../support/lanes/side-by-side.ts";
import { cutsOf, playCut } from "./cuts.ts";
import { otherPeople } from "./other-people.ts";
import { playRow, rowsOf } from "./rows.ts";
import { type Job, rudeJobs } from "./rude.ts";
import { createStage, type Stage, WIDTH } from "./stage.ts";
import { stormsOf } from "./storms.ts";
import { strangersOf } from "./strangers.ts";

async function run(plan: Plan): Promise<Report> {
  const findings = createFindings(plan.seed, plan.say);
  const stage = await createStage(plan, chanceOf(plan.seed), findings);
  const shim = await createClockShim();
  try {
    return await campaignOn(stage, shim);
  } finally {
    await shim.remove();
    await stage.close();
  }
}

async function campaignOn(stage: Stage, shim: Awaited<ReturnType<typeof createClockShim>>): Promise<Report> {
  const { plan, findings, chance } = stage;
  const startedAt = Date.now();
  const short = plan.form === "short";
  const isOver = (): boolean => isTimeUp(plan, startedAt);
  // In no order, so that a run that is cut short has seen some of everything.
  const rows = shuffled(rowsOf(plan.form, chance.fork(1)), chance.fork(2));
  const cuts = shuffled(cutsOf(plan.form, chance.fork(3)), chance.fork(4));
  const storms = stormsOf(stage, shim);
  const oidc = await otherPeople(stage, short ? 2 : 6, short ? 2 : 8);
  const strangers = await strangersOf(stage);
  const played = { cuts: 0, rows: 0 };
  // What takes long begins first, and what is many goes beside it.
  const jobs: readonly Job[] = [
    ...oidc.jobs,
    ...rudeJobs(stage),
    ...storms.jobs,
    ...strangers.jobs,
    ...rows.map((row, at) => async () => {
      await playRow(stage, row, at % 2 === 0 ? "http" : "https");
      played.rows += 1;
    }),
    ...cuts.map((cut) => async () => {
      await playCut(stage, cut);
      played.cuts += 1;
      if (played.cuts % 200 === 0) plan.say(`${played.cuts} of ${cuts.length} cuts`);
    }),
  ];
  await sideBySide(jobs, WIDTH, (job) => job(), isOver);
  await strangers.close();
  const refreshed = await oidc.finish();
  if (stage.elsewhere.connections() > 0) findings.add(`${stage.elsewhere.connections()} connections went elsewhere`);
  const { attacks, requests, unknown } = stage.counts;
  return {
    counts: {
      attacks,
      rows: played.rows,
      cuts: played.cuts,
      "strangers met": strangers.jobs.length,
      storms: storms.counts.storms,
      "virtual hours": storms.counts.hours,
      requests: requests + storms.counts.requests + refreshed,
      refreshed: stage.counts.refreshed + refreshed,
      "outcomes unknown": unknown,
      findings: findings.count(),
    },
    failures: findings.failures(),
  };
}

function shuffled<T>(items: readonly T[], chance: Chance): readonly T[] {
  const keyed = items.map((item) => ({ item, key: chance.fraction() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

export const server: Campaign = {
  name: "server",
  shows: "no token is reused or sent elsewhere; an answer counts as soon as it is whole; no storm is made worse",
  run,
};
