/** What must be after a refresh was cut off at some point: a restart, a deliberate attempt where one is due, and the verdict. */
import { until } from "../../e2e/support/wait.ts";
import { type Stage, stateIn } from "./stage.ts";
import { type Disk, leftWrongs, newestOf, sentWrongs, shownWrongs, type Truth, whereIs } from "./verdict.ts";

/** What became of a login. */
export type Fate = "renewed" | "put back" | "renewed by another attempt" | "lost, and shown as such";

export interface Recovered {
  readonly fate: Fate;
  /** One line for each thing that must not be. Never a token. */
  readonly wrong: readonly string[];
}

/** How things stood when the program was cut off, as far as the judge cannot find it out later. */
export interface CutOff {
  /** The refresh token that was good before. */
  readonly begun: string;
  readonly truth: Truth;
  readonly disk: Disk;
}

/** @returns how things stand, once all that was sent has been acted upon. */
export async function cutOff(stage: Stage, begun: string): Promise<CutOff> {
  // What a killed program has still sent lies before this in the provider's queue.
  for (let times = 0; times < 2; times += 1) await fetch(`${stage.server.apiUrl}/nothing`).then((got) => got.text());
  return { begun, truth: await stage.truth(), disk: await stage.disk() };
}

/** Restarts, and judges by what the provider knows. The credential file is at its place and can be written. */
export async function recover(stage: Stage, at: CutOff): Promise<Recovered> {
  const passed = await stage.home.run("run", "--once", "--json");
  const first = { truth: await stage.truth(), disk: await stage.disk() };
  const shown = { state: stateIn(passed, stage.id), exit: passed.code };
  const wrong = [...stage.fileWrongs(first.disk), ...leftWrongs(first.disk, true), ...sentWrongs(first.truth, () => 1)];
  if (whereIs(at.truth, at.disk) !== "nowhere" && isLost(at.truth, first.disk) && isLost(first.truth, first.disk)) {
    wrong.push(`${stage.id}: its generation was ${whereIs(at.truth, at.disk)}, and the restart lost it`);
  }
  if (!isUnsure(at, shown.state, shown.exit)) {
    wrong.push(...shownWrongs(first.truth, first.disk, shown));
    const put = whereIs(at.truth, at.disk) === "kept";
    return { fate: fateOf(first.truth, first.disk, put ? "put back" : "renewed"), wrong };
  }
  return attempt(stage, wrong, newestSent(first.truth));
}

/** "Refresh now": the deliberate attempt that a person may make at once, where the product waits for a minute. */
async function attempt(stage: Stage, wrong: readonly string[], token: string): Promise<Recovered> {
  const refreshed = await stage.home.run("refresh", stage.id);
  const status = await stage.home.run("status", "--json");
  const [truth, disk] = [await stage.truth(), await stage.disk()];
  const shown = { state: stateIn(status, stage.id), exit: refreshed.code };
  const fate = fateOf(truth, disk, "renewed by another attempt");
  const told = fate === "lost, and shown as such" ? (await stage.home.run("history", stage.id)).stdout : "lost";
  return {
    fate,
    wrong: [
      ...wrong,
      ...(told.includes("lost") ? [] : ["the history does not say that the answer was lost"]),
      ...stage.fileWrongs(disk),
      ...leftWrongs(disk, true),
      ...sentWrongs(truth, (each) => (each === token ? 2 : 1)),
      ...shownWrongs(truth, disk, shown),
    ],
  };
}

function isLost(truth: Truth, disk: Disk): boolean {
  return whereIs(truth, disk) === "nowhere";
}

/** It waits before it tries again; a person may ask for that at once. */
const WAITING = new Set(["outcomeUnknown", "retrying"]);

/** The outcome is unknown, honestly: something was, or may have been, sent, and what came of it is nowhere on this disk. */
function isUnsure(at: CutOff, state: string, exit: number | null): boolean {
  const kept = newestOf(at.truth) !== at.begun && whereIs(at.truth, at.disk) !== "nowhere";
  return WAITING.has(state) && exit === 3 && !kept;
}

/** The token whose answer is missing: the last that was sent, or the one that stands there still. */
function newestSent(truth: Truth): string {
  return truth.chain.findLast(({ sent }) => sent > 0)?.token ?? newestOf(truth);
}

function fateOf(truth: Truth, disk: Disk, well: Fate): Fate {
  return whereIs(truth, disk) === "in the file" && !truth.revoked ? well : "lost, and shown as such";
}

/** Far more than it takes, also on a busy machine. */
const READY_MS = 60_000;

/** A keeper that was killed leaves its own lock; the next keeper takes it, and leaves nothing when it is asked to end. */
export async function keeperAgain(stage: Stage): Promise<readonly string[]> {
  const run = stage.home.start("run");
  await until("a keeper is published", async () => (await stage.home.published())?.keeper.pid === run.pid, READY_MS);
  run.kill("SIGTERM");
  const { code, signal } = await run.ended;
  const wrong = signal === null && code === 0 ? [] : [`a keeper that was asked to end ended with ${signal ?? code}`];
  return [...wrong, ...leftWrongs(await stage.disk())];
}
