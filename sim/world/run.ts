import { happen, somethingHappens } from "./happenings.ts";
import { opencodeReads } from "./opencode.ts";
import { AUTH } from "./process.ts";
import { createWorld, MINUTE, runFor, startKeeper, type World } from "./world.ts";

/** Says which seed broke what, with the story that led there. */
export class BrokenRun extends Error {
  readonly world: World;
  constructor(seed: number, world: World) {
    super(`seed ${seed}: ${world.checks.failures.join("; ")}\n${world.story.join("\n")}\n${world.disk.readText(AUTH)}`);
    this.world = world;
  }
}

/** One run: trouble for a while, then calm, then nothing may be lost. @throws with the story when an invariant broke. */
export async function runSeed(seed: number, length = 14): Promise<World> {
  const world = createWorld(seed);
  await startKeeper(world);
  await runFor(world, 5_000);
  for (let i = 0; i < length && world.checks.failures.length === 0; i++) {
    somethingHappens(world);
    if (world.chance(0.4)) {
      // Close together, and while a refresh is under way: that is where logins are lost.
      happen(world, "expiresNow");
      for (let more = Math.floor(world.fraction() * 4); more > 0; more--) {
        await runFor(world, world.fraction() * world.pickOf([50, 700, 5_000]));
        somethingHappens(world);
      }
    }
    await runFor(world, world.chance(0.6) ? world.fraction() * 3_000 : world.fraction() * 40 * MINUTE);
  }
  world.fault = null;
  world.server.mode = "well";
  for (const actor of world.living.values()) actor.alive = false;
  world.checks.calm();
  await startKeeper(world);
  await runFor(world, 100 * MINUTE);
  world.checks.atTheEnd(opencodeReads(world.disk.readText(AUTH)));
  if (world.checks.failures.length > 0) throw new BrokenRun(seed, world);
  return world;
}
