/** Planted tokens, whatever happens: they stand in the credential file and the journal, and are seen nowhere else. */
import { appMissing } from "../../e2e/support/app.ts";
import { createCliHome } from "../../e2e/support/cli.ts";
import { startTokenServer } from "../../e2e/support/server/token-server.ts";
import { type Campaign, chanceOf, type Failure, isTimeUp, type Plan, type Report } from "../frame.ts";
import { ACTS, type Act, type Stage } from "./acts.ts";
import { APP_ACT } from "./app.ts";
import { dumpsAreLeft } from "./cores.ts";
import { byDesign, Evidence, tokensOnDisk, watchProcesses } from "./evidence.ts";
import { seekerOf } from "./seeker.ts";

/** Most of an act is waiting. */
const SIDE_BY_SIDE = 3;

export const secrets: Campaign = {
  name: "secrets",
  shows: "planted tokens are seen nowhere but in the credential file and the journal",
  run,
};

export interface Found {
  readonly counts: Map<string, number>;
  readonly failures: Failure[];
}

async function run(plan: Plan): Promise<Report> {
  const all: Found = { counts: new Map(), failures: [] };
  const acts = await actsOf(plan);
  const startedAt = Date.now();
  do {
    const left = [...acts];
    const lane = async (): Promise<void> => {
      for (let act = left.shift(); act !== undefined; act = left.shift()) {
        await playAct(act, plan, all);
        plan.say(`${act.name}: ${all.failures.length} found so far`);
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
  } while (plan.minutes !== null && !isTimeUp(plan, startedAt));
  return { counts: Object.fromEntries(all.counts), failures: all.failures };
}

/** In an order that the seed gives. */
async function actsOf(plan: Plan): Promise<readonly Act[]> {
  if (!(await dumpsAreLeft())) plan.say("core dumps are taken by a program of this system: they are not looked into");
  if (plan.form === "short") return ACTS.filter(({ short }) => short);
  const chance = chanceOf(plan.seed);
  const app = (await appMissing()) ? [] : [APP_ACT];
  return [...ACTS, ...app]
    .map((act) => ({ act, at: chance.fraction() }))
    .sort((a, b) => a.at - b.at)
    .map(({ act }) => act);
}

/** Plays one act, and looks at all that was seen of it. */
export async function playAct(act: Act, { seed }: Plan, { counts, failures }: Found): Promise<void> {
  const server = await startTokenServer();
  const home = await createCliHome({ tokenUrl: server.tokenUrl, apiUrl: server.apiUrl, ping: null });
  const evidence = new Evidence();
  const processes = watchProcesses(home, evidence);
  const tokens = new Set<string>();
  const count = (what: string, more = 1): void => void counts.set(what, (counts.get(what) ?? 0) + more);
  const found = (what: string): void => void failures.push({ what: `${act.name}: ${what}`, seed });
  const remember = async (): Promise<void> => {
    for (const token of await tokensOnDisk(home)) tokens.add(token);
  };
  const stage: Stage = {
    home,
    server,
    evidence,
    count,
    found,
    async run(...args) {
      const ended = await home.run(...args, "--log-level", "debug");
      evidence.terminal(args.join(" "), ended);
      count("commands");
      await remember();
      return ended;
    },
  };
  try {
    await act.play(stage);
    await remember();
    for (const { token } of await server.requests()) if (token !== null) tokens.add(token);
    await processes.stop();
    count("processes", processes.seen());
    count("files", await evidence.files(home.home, byDesign(home)));
    count("tokens", tokens.size);
    const seeker = seekerOf(tokens);
    const leaks = evidence.findings(seeker);
    count("findings", leaks.length);
    for (const leak of leaks) found(leak);
    if (tokens.size === 0) found("there was no token to be found");
  } finally {
    await processes.stop();
    await home.close();
    await server.close();
  }
}
