/** In which state a refresh begins that is then killed, and by which command. */
import { setTimeout as pause } from "node:timers/promises";
import type { Cli } from "../../e2e/support/cli.ts";
import { type Lane, laneOf } from "./lanes/staged-lanes.ts";
import type { Tally } from "./rounds.ts";
import { type Shape, type Stage, setStage } from "./stage.ts";
import { callInWords } from "./traced/points.ts";
import { type Call, startTraced, type Thread } from "./traced/traced.ts";
import { whereIs } from "./verdict.ts";

export interface Scene {
  readonly name: string;
  readonly shape: Shape;
  readonly command: "run --once" | "refresh" | "run";
  /**
   * `signed in`: somebody else's pair, due. `again`: our own successor. `kept`: an answer that stands in the journal only.
   * `unknown`: an attempt whose outcome we do not know, though nothing happened at the provider.
   */
  readonly begin: "signed in" | "again" | "kept" | "unknown";
}

export const SCENES = {
  once: { name: "flat, run --once", shape: "flat", command: "run --once", begin: "signed in" },
  again: { name: "flat, refresh of our own", shape: "flat", command: "refresh", begin: "again" },
  accounts: { name: "accounts, run --once", shape: "accounts", command: "run --once", begin: "signed in" },
  keeper: { name: "flat, run", shape: "flat", command: "run", begin: "signed in" },
  kept: { name: "flat, run --once over a kept answer", shape: "flat", command: "run --once", begin: "kept" },
  unknown: { name: "flat, another attempt", shape: "flat", command: "refresh", begin: "unknown" },
} as const satisfies Readonly<Record<string, Scene>>;

export function argsOf({ command }: Scene, { id }: Stage): readonly string[] {
  return command === "refresh" ? ["refresh", id] : command.split(" ");
}

/** What the keeper says on stderr once the answer is safe. */
const RENEWED = "token refresh successful";

/** Ends a keeper as soon as it has renewed; every other command ends by itself. */
export async function ended(scene: Scene, run: Cli): Promise<void> {
  if (scene.command === "run") {
    await Promise.race([run.prints(RENEWED).catch(() => undefined), run.ended]);
    run.kill("SIGTERM");
  }
  await run.ended;
}

/** @param commit the call that puts a kept answer into the credential file, from a dry run */
export async function begin(scene: Scene, stage: Stage, commit: Call | null): Promise<void> {
  if (scene.begin === "kept") await stage.home.run("run", "--once");
  await stage.signIn();
  switch (scene.begin) {
    case "signed in":
      return;
    case "again":
      await stage.home.run("refresh", stage.id);
      return;
    case "unknown":
      await stage.server.script("token", { kind: "cutBefore" });
      await stage.home.run("refresh", stage.id);
      return;
    case "kept": {
      if (commit === null) throw new Error("no dry run has shown how a commit ends");
      const traced = await startTraced(stage.home, ["run", "--once"], "pool", { ...commit, what: "signal=KILL" });
      await traced.calls();
      const where = whereIs(await stage.truth(), await stage.disk());
      if (where !== "kept") throw new Error(`the answer is ${where}, killed at ${callInWords(commit)}`);
    }
  }
}

/** Every call of one thread, while nothing goes wrong. */
async function dryRun(scene: Scene, stage: Stage, thread: Thread, commit: Call | null): Promise<readonly Call[]> {
  await begin(scene, stage, commit);
  const traced = await startTraced(stage.home, argsOf(scene, stage), thread);
  await ended(scene, traced.run);
  return traced.calls();
}

/**
 * The dry runs that all others hang on.
 * @param twice as in `dryRunOf`, of the first
 */
export async function firstRuns(
  lanes: readonly Lane[],
  twice: boolean,
): Promise<{ readonly once: readonly Call[]; readonly main: readonly Call[]; readonly commit: Call }> {
  const [once, main] = await Promise.all([
    dryRunOf(SCENES.once, laneOf(lanes, 0), null, twice),
    dryRunOf(SCENES.once, laneOf(lanes, 1), null, false, "main"),
  ]);
  // In a home where all is there already, as `begin` makes sure: a new one renames more.
  const commit = commitOf(twice ? once : await dryRunOf(SCENES.once, laneOf(lanes, 0), null, true));
  return { once, main, commit };
}

/** Where the temp file is renamed over the credential file. @throws when no call does that. */
function commitOf(calls: readonly Call[]): Call {
  const found = calls.find(({ name, text }) => name.startsWith("rename") && /opencode\/auth\.json"[^"]*$/.test(text));
  if (found === undefined) throw new Error("no rename puts anything into the credential file");
  return found;
}

/** The next request waits at the provider after it was acted upon, for so long after it came. */
export async function slowAnswer(stage: Stage, gate: string, ms: number): Promise<{ releasedAt(): number | null }> {
  const before = (await stage.server.requests("token")).length;
  await stage.server.script("token", { kind: "ordinary", gateAfter: gate });
  let releasedAt: number | null = null;
  const release = async (): Promise<void> => {
    await stage.server.seen("token", before + 1);
    await pause(ms);
    releasedAt = Date.now();
    await stage.server.release(gate);
  };
  void release();
  return { releasedAt: () => releasedAt };
}

/**
 * A dry run of a scene, in a home of its own.
 * @param twice only the second run counts: everything is there already, as in all rounds but the first of a home
 */
async function dryRunOf(
  scene: Scene,
  { server }: Lane,
  commit: Call | null,
  twice: boolean,
  thread: Thread = "pool",
): Promise<readonly Call[]> {
  const stage = await setStage(server, scene.shape);
  try {
    if (twice) await stage.home.run("run", "--once");
    return await dryRun(scene, stage, thread, commit);
  } finally {
    await stage.close();
  }
}

/**
 * As `dryRunOf`, of several scenes at once. One that does not even come about, because the program does not do what it must, is a
 * finding; the others go on.
 */
export async function dryRunsOf<K extends keyof typeof SCENES>(
  keys: readonly K[],
  lanes: readonly Lane[],
  commit: Call,
  twice: boolean,
  tally: Tally,
): Promise<readonly { readonly key: K; readonly calls: readonly Call[] }[]> {
  const runs = keys.map(async (key, at) => {
    const calls = await dryRunOf(SCENES[key], laneOf(lanes, at), commit, twice).catch((error: unknown) => {
      tally.find(error instanceof Error ? error.message : "unknown", `the dry run of: ${SCENES[key].name}`);
      return [];
    });
    return { key, calls };
  });
  return Promise.all(runs);
}
