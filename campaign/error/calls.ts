/** A round in which one system call of a refresh fails, once. */

import { type Lane, leave, stageOf } from "../support/lanes/staged-lanes.ts";
import { cutOff, recover } from "../support/recovery.ts";
import type { Tally } from "../support/rounds.ts";
import { argsOf, begin, type Scene } from "../support/scenes.ts";
import { callInWords, mattering } from "../support/traced/points.ts";
import { type Call, startTraced, type Thread } from "../support/traced/traced.ts";
import { newestOf, whereIs } from "../support/verdict.ts";
import { endsItself, honest, isTerse } from "./endings.ts";

export const ERRORS = ["EIO", "ENOSPC", "EMFILE", "EACCES", "EXDEV", "ESTALE"] as const;

export interface CallRound {
  readonly scene: Scene;
  readonly thread: Thread;
  readonly call: Call;
  readonly error: (typeof ERRORS)[number];
  /** For a scene that begins with a kept answer. */
  readonly commit: Call | null;
}

export function inWords({ scene, thread, call, error }: CallRound): string {
  return `${scene.name}, ${error} from ${thread === "main" ? "the main thread's " : ""}${callInWords(call)}`;
}

/** Calls by which the program itself is loaded are not yet part of a refresh. */
const LOADING = /pilot-light\.mjs|zoneinfo|localtime/;
/** Between threads, and to the standard streams; and reading from the network, where an error ends the connection. */
const NOT_OURS = /^[0-2]</;

/** @returns the calls of a refresh that may fail. */
export function failing(calls: readonly Call[], thread: Thread): readonly Call[] {
  const ours = mattering(calls).filter(({ text }) => !LOADING.test(text) && !NOT_OURS.test(text));
  return thread === "pool"
    ? ours
    : ours
        .filter(({ name, text }) => name === "socket" || /socket:|\/log\//.test(text))
        // Node wakes its own threads by the first two, more or less often: the one that is meant would not be the one that fails.
        // And libuv aborts where it cannot close its end of a child's stream (uv__process_open_stream in src/unix/process.c).
        .filter(({ name }) => !["read", "write", "close"].includes(name));
}

export async function runCallRound(round: CallRound, lane: Lane, tally: Tally): Promise<readonly string[]> {
  const { scene, thread, call, error, commit } = round;
  const stage = await stageOf(lane, scene.shape);
  await begin(scene, stage, commit);
  const begun = scene.begin === "kept" ? "" : newestOf(await stage.truth());
  const traced = await startTraced(stage.home, argsOf(scene, stage), thread, { ...call, what: `error=${error}` });
  const wrong = [...(await endsItself(traced.run))];
  const calls = await traced.calls();
  if (!calls.some(({ text }) => text.includes("(INJECTED)"))) {
    tally.count("not reached");
    return wrong;
  }
  tally.count("faults");
  const ended = await traced.run.ended;
  if (isTerse(ended)) tally.count("told as unexpected");
  const at = await cutOff(stage, begun);
  wrong.push(...honest(ended, at.truth, at.disk, begun), ...stage.fileWrongs(at.disk));
  if (whereIs(at.truth, at.disk) === "nowhere") wrong.push("its answer had come, and is nowhere on disk");
  const { fate, wrong: later } = await recover(stage, at);
  wrong.push(...later);
  if (fate === "lost, and shown as such") wrong.push("its answer had come, and the login is lost");
  tally.count(ended.code === 0 ? "renewed all the same" : `exit ${ended.code ?? "by a signal"}, then ${fate}`);
  // What went wrong must not be found again in the next round.
  if (wrong.length > 0) await leave(lane, scene.shape);
  return wrong;
}
