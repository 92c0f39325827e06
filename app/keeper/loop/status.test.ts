import { expect, it } from "vitest";
import { benchContext } from "../../../sim/benches/context-bench.ts";
import { startTrace } from "../../../sim/benches/trace-bench.ts";
import type { Actor } from "../../../sim/world/time.ts";
import { KEEPER_SILENCE_MS } from "../context.ts";
import { PATHS } from "../notes/paths.ts";
import { publishedStatus } from "./status.ts";

it("a keeper that starts while a command publishes is in the status at the end", async () => {
  const trace = startTrace();
  const { time, disk, server } = trace.world;
  const actor: Actor = { name: "a command", alive: true, stoppedUntil: 0 };
  const context = await benchContext({ disk, clock: time.clockOf(actor), http: server.httpOf(actor) });
  await disk.makeFolders(context.folder);
  const path = PATHS.fileStatus(context.folder);
  const keeper = PATHS.keeperLock(context.folder);
  let starts = 0;
  disk.setGate(async (op, _from, to) => {
    if (op !== "rename" || to !== path || starts > 0) return;
    starts += 1;
    const beat = { beatMs: 1_000, silenceMs: KEEPER_SILENCE_MS, judgeProcess: true };
    await context.lock.acquire(keeper, { ...beat, waitMs: 0 });
  });
  await trace.settled(publishedStatus(context));
  expect(starts).toBe(1);
  expect(JSON.parse(disk.readText(path) ?? "")).toMatchObject({ keeper: { running: true, pid: 7 } });
});
