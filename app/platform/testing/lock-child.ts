/** A process of its own for the lock's tests. argv: "contend" PATH ROUNDS | "hold" PATH BEAT_MS */

import { mkdirSync, rmdirSync } from "node:fs";
import { type HeldLock } from "../../ports/lock.ts";
import { createClock } from "../clock.ts";
import { createFiles } from "../files/files.ts";
import { createLock } from "../lock/lock.ts";
import { createProcesses } from "../process/processes.ts";
import { createRandom } from "../random.ts";

const [mode, path = "", number = "1"] = process.argv.slice(2);
const clock = createClock();
const say = (line: string) => process.stdout.write(`${line}\n`);
const lock = createLock({
  files: createFiles(),
  clock,
  random: createRandom(),
  processes: createProcesses(),
  log: { warn: say },
});

async function take(beatMs: number): Promise<HeldLock> {
  const held = await lock.acquire(path, { waitMs: 60_000, beatMs, silenceMs: 45_000, judgeProcess: true });
  if (held.kind === "busy") throw new Error(`busy: ${held.owner}`);
  return held;
}

async function contend(rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const held = await take(1_000);
    // Fails when another one is inside.
    mkdirSync(`${path}.inside`);
    await clock.sleep(1);
    if (!(await held.stillOurs())) say("lost");
    rmdirSync(`${path}.inside`);
    await held.release();
  }
  say("done");
}

/** Holds the lock until SIGTERM; at SIGUSR2 it says whether it believes to hold it still. */
async function hold(beatMs: number): Promise<void> {
  const held = await take(beatMs);
  say("held");
  process.on("SIGUSR2", () => void held.stillOurs().then((ours) => say(`ours: ${ours}`)));
  process.on("SIGTERM", () => void held.release().then(() => process.exit(0)));
  await clock.sleep(120_000);
}

await (mode === "contend" ? contend(Number(number)) : hold(Number(number)));
