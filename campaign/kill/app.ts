/** The real app, its main process killed around an answer. */
import { setTimeout as pause } from "node:timers/promises";
import { appMissing, startApp } from "../../e2e/support/app.ts";
import { type Desktop, startDesktop } from "../../e2e/support/desktop/desktop.ts";
import type { Chance, Plan } from "../frame.ts";
import { type Lane, laneOf } from "../support/lanes/staged-lanes.ts";
import { cutOff, keeperAgain, recover } from "../support/recovery.ts";
import type { Round, Tally } from "../support/rounds.ts";
import { slowAnswer } from "../support/scenes.ts";
import { setStage } from "../support/stage.ts";
import { newestOf } from "../support/verdict.ts";

/** How long the app may take until its first request, on a busy machine. */
const START_MS = 60_000;

/** The rounds with the app, and the desktop that they share. */
export interface AppRounds {
  readonly rounds: readonly Round[];
  close(): Promise<void>;
}

export async function appRounds(
  plan: Plan,
  count: number,
  lanes: readonly Lane[],
  chance: Chance,
  tally: Tally,
): Promise<AppRounds> {
  if (count === 0 || (await appMissing())) {
    if (count > 0) plan.say("SKIPPED: the app, since there is no Electron or no desktop for it");
    return { rounds: [], close: () => Promise.resolve() };
  }
  const desktop = await startDesktop({ panel: false });
  const rounds = Array.from({ length: count }, (_, at): Round => {
    const [slowMs, ms] = [chance.whole(0, 80), chance.whole(0, 160)];
    return {
      what: `the app, killed ${ms} ms after its request`,
      run: (which) => appRound(desktop, laneOf(lanes, which), { slowMs, ms, gate: `app ${at}` }, tally),
    };
  });
  return { rounds, close: () => desktop.close() };
}

interface Moment {
  readonly slowMs: number;
  readonly ms: number;
  readonly gate: string;
}

async function appRound(
  { env }: Desktop,
  { server }: Lane,
  { slowMs, ms, gate }: Moment,
  tally: Tally,
): Promise<readonly string[]> {
  const stage = await setStage(server, "flat");
  try {
    const begun = newestOf(await stage.truth());
    const seen = (await server.requests("token")).length;
    await slowAnswer(stage, gate, slowMs);
    const app = await startApp({ ...env, ...stage.home.env }, ["--hidden"]);
    const late = pause(START_MS, "late", { ref: false });
    const first = await Promise.race([server.seen("token", seen + 1), app.ended, late]);
    await pause(ms);
    await app.kill();
    await server.release(gate);
    if (first === "late") return ["the app sent no request within a minute"];
    tally.count("kills");
    tally.count("of the app");
    const { fate, wrong } = await recover(stage, await cutOff(stage, begun));
    tally.count(fate);
    return [...wrong, ...(await keeperAgain(stage))];
  } finally {
    await stage.close();
  }
}
