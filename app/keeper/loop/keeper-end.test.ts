import { expect, it } from "vitest";
import { benchContext } from "../../../sim/benches/context-bench.ts";
import { MINUTE, startTrace } from "../../../sim/benches/trace-bench.ts";
import type { Actor } from "../../../sim/world/time.ts";
import { type Clock } from "../../ports/clock.ts";
import { type Http, type NotSent } from "../../ports/http.ts";
import { PATHS } from "../notes/paths.ts";
import { createSignal } from "./changes.ts";
import { keep } from "./keeper.ts";

/** A keeper over the simulated disk whose pings hang, and how much of it is still at work. */
async function keeperWithHangingPings() {
  const trace = startTrace();
  const { time, disk } = trace.world;
  const actor: Actor = { name: "keeper", alive: true, stoppedUntil: 0 };
  const base = time.clockOf(actor);
  let asleep = 0;
  let hanging = 0;
  const clock: Clock = {
    ...base,
    sleep: async (ms, signal) => {
      asleep += 1;
      await base.sleep(ms, signal);
      asleep -= 1;
    },
  };
  const http: Http = {
    connect: (_url, { signal }) =>
      new Promise<NotSent>((resolve) => {
        hanging += 1;
        signal?.addEventListener("abort", () => {
          hanging -= 1;
          resolve({ kind: "notSent", problem: { kind: "stopped" } });
        });
      }),
  };
  const context = await benchContext({ disk, clock, http });
  await disk.makeFolders(context.folder);
  const quiet = () => undefined;
  let ours = true;
  const stop = new AbortController();
  const inputs = { changed: createSignal(), stop: stop.signal };
  const role = { kind: "held", stillOurs: async () => ours, release: async () => undefined } as const;
  const listener = { onRole: quiet, onSnapshot: quiet, onEvent: quiet };
  const ended = keep(context, listener, role, inputs);
  await trace.until("a ping hangs", () => hanging > 0, 3 * MINUTE);
  return {
    trace,
    ended,
    inputs,
    atWork: () => ({ asleep, hanging }),
    status: () => disk.readText(PATHS.fileStatus(context.folder)) ?? "",
    lose: () => {
      ours = false;
      inputs.changed.raise("file");
    },
    stop: () => stop.abort(),
  };
}

it("a keeper that was taken over leaves nothing at work, and says nothing in its successor's status", async () => {
  const { trace, ended, lose, atWork, status } = await keeperWithHangingPings();
  const before = status();
  lose();
  expect(await trace.settled(ended)).toBe("takenOver");
  expect(atWork()).toEqual({ asleep: 0, hanging: 0 });
  expect(status()).toBe(before);
});

it("a keeper that was stopped leaves nothing at work, and says that it has ended", async () => {
  const { trace, ended, stop, atWork, status } = await keeperWithHangingPings();
  stop();
  expect(await trace.settled(ended)).toBe("stopped");
  expect(atWork()).toEqual({ asleep: 0, hanging: 0 });
  expect(JSON.parse(status())).toMatchObject({ keeper: { running: false } });
});
