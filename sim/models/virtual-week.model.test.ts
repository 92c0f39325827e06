import { describe, expect, it } from "vitest";
import { isOauth, opencodeReads } from "../world/opencode.ts";
import { AUTH } from "../world/process.ts";
import { createWorld, runFor, startKeeper, type World } from "../world/world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** What came due asleep or offline is refreshed within this much of a working network. */
const SETTLE = MINUTE;

/** The longest time, awake and online, that a login stood expired beyond the settle time, in ms. */
async function watchExpiry(world: World, ms: number, disturbed: { at: number }): Promise<number> {
  let worst = 0;
  const end = world.time.monotonic + ms;
  let text: string | null = null;
  let soonest = Number.POSITIVE_INFINITY;
  while (await world.time.step(end)) {
    world.checks.afterStep();
    const now = world.disk.readText(AUTH);
    if (now !== text) {
      text = now;
      soonest = Math.min(
        ...Object.values(opencodeReads(now))
          .filter(isOauth)
          .map(({ expires }) => expires),
      );
    }
    if (world.server.mode === "offline") continue;
    const since = Math.max(soonest, disturbed.at + SETTLE);
    worst = Math.max(worst, world.time.now() - since);
  }
  return worst;
}

describe("a week in virtual time", () => {
  for (const { name, zone, start } of [
    { name: "with the clocks going back", zone: "Europe/Berlin", start: Date.UTC(2026, 9, 22, 8) },
    { name: "with the clocks going forward", zone: "America/New_York", start: Date.UTC(2027, 2, 11, 8) },
  ]) {
    it(`leaves no login expired while awake and online, ${name}`, { timeout: 120_000 }, async () => {
      const before = process.env["TZ"];
      process.env["TZ"] = zone;
      try {
        const world = createWorld(7, { start, lifetimeMs: 8 * HOUR, ping: "profile" });
        await startKeeper(world);
        const disturbed = { at: world.time.now() };
        let worst = 0;
        const live = async (ms: number) => {
          worst = Math.max(worst, await watchExpiry(world, ms, disturbed));
          disturbed.at = Math.min(disturbed.at, world.time.now());
        };
        let awake = 0;
        for (let day = 0; day < 7; day++) {
          await live(9 * HOUR);
          // An hour without a network.
          world.server.mode = "offline";
          await runFor(world, HOUR);
          world.server.mode = "well";
          disturbed.at = world.time.now();
          await live(4 * HOUR);
          awake += 14;
          if (day === 2) world.time.offset += 3 * HOUR;
          if (day === 4) world.time.offset -= 5 * HOUR;
          if (day === 2 || day === 4) {
            disturbed.at = world.time.now();
            await live(2 * HOUR);
            awake += 2;
          }
          // The lid is closed: the wall clock goes on, the monotonic one does not.
          world.time.offset += 10 * HOUR;
          disturbed.at = world.time.now();
        }
        await live(2 * HOUR);
        awake += 2;

        expect(worst).toBeLessThanOrEqual(0);
        const requests = world.server.sendings.length;
        // Two logins; each refreshes every 6 h at most, and once after each sleep, outage and step of the clock.
        const most = 2 * (Math.ceil((7 * DAY) / (6 * HOUR)) + 7 + 2);
        expect(requests).toBeGreaterThanOrEqual(2 * 14);
        expect(requests).toBeLessThanOrEqual(most);
        expect(world.server.pings).toBeLessThanOrEqual(2 * 2 * (awake + 7));
        expect(world.server.pings).toBeGreaterThanOrEqual(2 * 2 * (awake - 14));
        expect(world.checks.failures).toEqual([]);
        console.info(`7 virtual days: ${requests} token requests and ${world.server.pings} pings for 2 logins`);
      } finally {
        if (before === undefined) delete process.env["TZ"];
        else process.env["TZ"] = before;
      }
    });
  }
});
