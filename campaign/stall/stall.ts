/** The campaign "stall": processes that stand still in the middle of a refresh, and what becomes of the login. */
import { createCliHome } from "../../e2e/support/cli.ts";
import { expired, oauthEntry } from "../../e2e/support/entries.ts";
import { startTokenServer } from "../../e2e/support/server/token-server.ts";
import { type Campaign, type Chance, chanceOf, type Failure, isTimeUp, type Plan, type Report } from "../frame.ts";
import { type ClockShim, createClockShim } from "../support/clock/clock.ts";
import { sideBySide } from "../support/lanes/side-by-side.ts";
import { type Step, stepsOf } from "../support/traced/steps.ts";
import { appSleeps } from "./app.ts";
import { type Outcome, type Stall, stallOnce, told, type Victim } from "./round.ts";

const VICTIMS: readonly Victim[] = ["refresh", "run", "run --once"];
const OTHERS = ["none", "run --once", "refresh"] as const;
const MINUTE = 60_000;
const LENGTHS = [1_000, 20_000, 33_000, 40_000, 50_000, 2 * MINUTE, 10 * MINUTE] as const;
/** Within it a command of ours has begun, asked and committed, on an idle machine. */
const LIFE_MS = 900;
const LANES = 6;
/** Unhelped: nothing of ours is preloaded into the app. */
const APP_SLEEPS = [5_000, 34_000, 40_000];

export const stall: Campaign = {
  name: "stall",
  shows: "whatever stands still in a refresh, for however long: 0 logins lost, 0 tokens reused",
  async run(plan) {
    const startedAt = Date.now();
    const shim = await createClockShim();
    try {
      const chance = chanceOf(plan.seed);
      const steps = await stepsOfARefresh(shim);
      const stalls = plan.form === "short" ? shortForm(chance, steps) : fullForm(chance, steps);
      plan.say(`${stalls.length} rounds; a refresh has ${steps.length} steps between its connection and its end`);
      const tally = new Tally(plan);
      const apps = plan.form === "short" ? [] : APP_SLEEPS;
      for (const ms of apps) tally.add(`the app, ${ms / 1000} s asleep`, await attempt(() => appSleeps(ms)));
      const one = async (each: Stall): Promise<void> =>
        tally.add(told(each), await attempt(() => stallOnce(shim, each)));
      await sideBySide(stalls, LANES, one, () => isTimeUp(plan, startedAt));
      return tally.report(steps.length);
    } finally {
      await shim.remove();
    }
  },
};

async function attempt(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof Error ? error.message : "unknown";
    return { stood: false, lost: false, reused: false, wrong: [`the round could not be carried out: ${why}`] };
  }
}

/** With the preloaded piece, which has file operations of its own. */
async function stepsOfARefresh(shim: ClockShim): Promise<readonly Step[]> {
  const server = await startTokenServer();
  const clock = await shim.clock();
  const home = await createCliHome({ tokenUrl: server.tokenUrl, env: clock.env });
  try {
    await home.putEntries({ anthropic: oauthEntry(expired(await server.issue())) });
    return await stepsOf(home, ["refresh"]);
  } finally {
    await home.close();
    await server.close();
    await clock.remove();
  }
}

/** Each victim with its answer in the socket, then some steps and moments by chance: seconds. */
function shortForm(chance: Chance, steps: readonly Step[]): readonly Stall[] {
  const asked = VICTIMS.map(
    (victim): Stall => ({ ...ASKED, victim, other: victim === "refresh" ? "run --once" : "none" }),
  );
  const stepped = Array.from({ length: 6 }, (_, at) => atStep(chance.fork(at), chance.fork(at).pick(steps)));
  const random = Array.from({ length: 3 }, (_, at) => atRandom(chance.fork(100 + at)));
  return [...asked, ...stepped, ...random];
}

const ASKED = { victim: "refresh", point: { kind: "asked" }, ms: 10 * MINUTE, clocks: "both", other: "none" } as const;

function fullForm(chance: Chance, steps: readonly Step[]): readonly Stall[] {
  // Unhelped ones first: they take longest.
  const real = [33, 34, 36, 38, 40, 45].map(
    (seconds, at): Stall => ({ ...ASKED, victim: VICTIMS[at % 3] ?? "run", ms: seconds * 1000, clocks: "real" }),
  );
  const asked = VICTIMS.flatMap((victim) =>
    LENGTHS.flatMap((ms) =>
      (["both", "wall"] as const).flatMap((clocks) =>
        OTHERS.map((other): Stall => ({ ...ASKED, victim, ms, clocks, other: clocks === "both" ? other : "none" })),
      ),
    ),
  );
  const stepped = steps.map((step, at) => atStep(chance.fork(at), step));
  const random = Array.from({ length: 80 }, (_, at) => atRandom(chance.fork(10_000 + at)));
  return [...real, ...asked, ...stepped, ...random];
}

function atStep(chance: Chance, step: Step): Stall {
  return { ...anyhow(chance), victim: chance.pick(["refresh", "run --once"]), point: { kind: "step", step } };
}

function atRandom(chance: Chance): Stall {
  const victim = chance.pick(VICTIMS);
  return { ...anyhow(chance), victim, point: { kind: "random", afterMs: chance.whole(100, LIFE_MS) } };
}

function anyhow(chance: Chance): Pick<Stall, "ms" | "clocks" | "other"> {
  const ms = chance.fraction() < 0.5 ? chance.pick(LENGTHS) : chance.whole(1_000, 10 * MINUTE);
  return { ms, clocks: chance.pick(["both", "both", "wall"]), other: chance.pick(["none", "none", ...OTHERS]) };
}

class Tally {
  readonly #plan: Plan;
  readonly #failures: Failure[] = [];
  #rounds = 0;
  #stalls = 0;
  #lost = 0;
  #reused = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  add(round: string, { stood, lost, reused, wrong }: Outcome): void {
    this.#rounds += 1;
    this.#stalls += stood ? 1 : 0;
    this.#lost += lost ? 1 : 0;
    this.#reused += reused ? 1 : 0;
    if (wrong.length === 0) return;
    const what = `${round}: ${wrong.join("; ")}`;
    this.#failures.push({ what, seed: this.#plan.seed });
    this.#plan.say(what);
  }

  report(steps: number): Report {
    const counts = { rounds: this.#rounds, stalls: this.#stalls, steps, lost: this.#lost, reused: this.#reused };
    return { counts, failures: this.#failures };
  }
}
