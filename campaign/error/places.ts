/** A round with a trouble around the refresh: made at its moment, mended, and the refresh judged. */
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Cli } from "../../e2e/support/cli.ts";
import type { Chance } from "../frame.ts";
import type { Lane } from "../support/lanes/staged-lanes.ts";
import { cutOff, recover } from "../support/recovery.ts";
import type { Tally } from "../support/rounds.ts";
import { type Shape, type Stage, setStage } from "../support/stage.ts";
import { newestOf, whereIs } from "../support/verdict.ts";
import { endsItself, honest, isTerse, stops } from "./endings.ts";
import { type Mounted, mountSmall } from "./mounts.ts";
import type { Places, Trouble } from "./troubles.ts";

/** What follows on a trouble that comes while an answer is under way. */
export type Sequel = "mended while it lives" | "asked to end" | "left alone";

export interface PlaceRound {
  readonly trouble: Trouble;
  readonly shape: Shape;
  readonly command: "run --once" | "refresh";
  readonly sequel: Sequel;
  /** From the answer on until what the sequel says. */
  readonly ms: number;
}

export function inWords({ trouble, shape, command, sequel, ms }: PlaceRound): string {
  const then = trouble.when === "before" ? "" : sequel === "left alone" ? `, ${sequel}` : `, ${sequel} after ${ms} ms`;
  return `${shape}, ${command}, ${trouble.when} it ${trouble.name}${then}`;
}

/** The sequels that say something of this trouble. */
export function sequelsOf({ when, end }: Trouble): readonly Sequel[] {
  if (when === "before" || end === "renewed") return ["left alone"];
  return end === "kept"
    ? ["mended while it lives", "asked to end", "left alone"]
    : ["mended while it lives", "asked to end"];
}

export function chosen(trouble: Trouble, sequel: Sequel, chance: Chance): PlaceRound {
  return {
    trouble,
    sequel,
    shape: chance.pick(["flat", "flat", "accounts"]),
    command: chance.pick(["run --once", "refresh"]),
    ms: chance.whole(0, 1_500),
  };
}

export async function runPlaceRound(round: PlaceRound, lane: Lane, tally: Tally): Promise<readonly string[]> {
  const stage = await setStage(lane.server, round.shape);
  const mounted: Mounted[] = [];
  try {
    const places = round.trouble.mounts ? await mountBoth(stage, mounted) : null;
    tally.count("faults");
    // What lies there has been there for long: our notes, a keeper's lock of yesterday.
    await stage.home.run("refresh", stage.id);
    await stage.signIn();
    const wrong =
      round.trouble.when === "before"
        ? await before(round, stage, places, tally)
        : await meanwhile(round, stage, places, tally);
    if (wrong.length === 0) tally.count("well");
    return wrong;
  } finally {
    for (const each of mounted) await each.unmount();
    await stage.close();
  }
}

/** @param mounted what is to be unmounted, also when this fails half-way */
async function mountBoth(stage: Stage, mounted: Mounted[]): Promise<Places> {
  const file = await mountSmall(dirname(stage.home.authFile));
  mounted.push(file);
  const state = await mountSmall(stage.home.stateDir);
  mounted.push(state);
  await stage.signIn();
  return { file, state };
}

function start({ command }: PlaceRound, stage: Stage): Cli {
  return stage.home.start(...(command === "refresh" ? ["refresh", stage.id] : ["run", "--once"]));
}

async function before(
  round: PlaceRound,
  stage: Stage,
  places: Places | null,
  tally: Tally,
): Promise<readonly string[]> {
  const begun = newestOf(await stage.truth());
  const mend = await round.trouble.make(stage, places);
  const sentBefore = (await stage.server.requests("token")).length;
  const { text } = await stage.disk();
  const run = start(round, stage);
  const wrong = [...(await endsItself(run))];
  const ended = await run.ended;
  if (isTerse(ended)) tally.count("told as unexpected");
  const sent = (await stage.server.requests("token")).length - sentBefore;
  const disk = await stage.disk();
  wrong.push(...honest(ended, await stage.truth(), disk, begun));
  if (round.trouble.end === "refused") {
    if (sent !== 0) wrong.push(`${sent} requests were sent, though: ${round.trouble.name}`);
    if (disk.text !== text) wrong.push("the credential file was written, though nothing could be kept");
  } else if (ended.code !== 0) wrong.push(`exit ${ended.code}, though ${round.trouble.name} need stop nobody`);
  return [...wrong, ...(await mend()), ...(await afterwards(stage, begun, false))];
}

async function meanwhile(
  round: PlaceRound,
  stage: Stage,
  places: Places | null,
  tally: Tally,
): Promise<readonly string[]> {
  const { trouble, sequel, ms } = round;
  const begun = newestOf(await stage.truth());
  const count = (await stage.server.requests("token")).length;
  const gate = `trouble ${count}`;
  await stage.server.script("token", { kind: "ordinary", gateAfter: gate });
  const run = start(round, stage);
  await Promise.race([stage.server.seen("token", count + 1), run.ended]);
  const mend = await trouble.make(stage, places);
  await stage.server.release(gate);
  if (sequel !== "left alone") await Promise.race([pause(ms), run.ended]);
  const mendsIt = sequel === "mended while it lives" && run.running();
  const wrong = mendsIt ? [...(await mend())] : [];
  wrong.push(...(sequel === "asked to end" ? await stops(run) : await endsItself(run)));
  const ended = await run.ended;
  if (isTerse(ended)) tally.count("told as unexpected");
  const [truth, disk] = [await stage.truth(), await stage.disk()];
  wrong.push(...honest(ended, truth, disk, begun));
  if ((trouble.end === "renewed" || mendsIt) && whereIs(truth, disk) !== "in the file") {
    wrong.push(`${trouble.name}: the answer did not come into the file, exit ${ended.code ?? "by a signal"}`);
  }
  if (!mendsIt) wrong.push(...(await mend()));
  return [...wrong, ...(await afterwards(stage, begun, trouble.end === "mended only" && sequel === "asked to end"))];
}

/** One more pass, and the login is live: unless it could not be kept at all, and then that is shown. */
async function afterwards(stage: Stage, begun: string, mayBeLost: boolean): Promise<readonly string[]> {
  const { fate, wrong } = await recover(stage, await cutOff(stage, begun));
  return [
    ...wrong,
    ...(fate === "lost, and shown as such" && !mayBeLost ? ["the answer had come, and the login is lost"] : []),
  ];
}
