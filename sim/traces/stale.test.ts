/** Traces that a seed of the model found, kept under the name of what went wrong. */
import { expect, it } from "vitest";
import { HOUR, MINUTE, oauth, startTrace, type Trace } from "../benches/trace-bench.ts";

async function refreshedOnce(): Promise<Trace> {
  const trace = startTrace();
  trace.keeper();
  trace.expire();
  await trace.until(
    "the first refresh",
    () => trace.at()?.refresh === trace.world.server.live("login") && trace.sent().length === 1,
  );
  await trace.run(5_000);
  return trace;
}

it("a lost answer is resolved although an older copy stands in the file by then (seed 53)", async () => {
  const trace = await refreshedOnce();
  const second = trace.at()?.refresh ?? "";
  trace.world.server.mode = "lostRequest";
  trace.expire();
  await trace.until("the answer is lost", () => trace.world.server.sendings.at(-1)?.told === "unknown");
  trace.world.server.mode = "well";
  await trace.run(5_000);
  // A backup comes back: its token is spent, and the end of its chain is the one whose outcome is unknown.
  trace.write({ anthropic: oauth({ ...trace.first, expires: 0 }) });
  await trace.run(20_000);
  expect(trace.at()?.refresh).toBe(trace.first.refresh);
  await trace.run(10 * MINUTE);
  expect(trace.sent()).toEqual([trace.first.refresh, second, second]);
  expect(trace.at()?.refresh).toBe(trace.world.server.live("login"));
  expect((await trace.login()).state).toBe("healthy");
  expect(trace.world.checks.failures).toEqual([]);
});

it("an answer without rotation is written also after refreshes with rotation (seed 151)", async () => {
  const trace = await refreshedOnce();
  const before = trace.at();
  trace.world.server.mode = "noRotation";
  trace.expire();
  await trace.run(HOUR);
  expect(trace.at()?.refresh).toBe(before?.refresh);
  expect(trace.at()?.access).not.toBe(before?.access);
  expect((await trace.login()).state).toBe("healthy");
  expect(trace.sent()).toHaveLength(2);
  expect(trace.world.checks.failures).toEqual([]);
});

it("the folders of our notes survive a power loss, so no refresh forgets the one before (seed 1)", async () => {
  const trace = await refreshedOnce();
  const second = trace.at()?.refresh ?? "";
  for (const actor of trace.world.living.values()) actor.alive = false;
  trace.world.disk.powerLoss(() => 0);
  trace.keeper();
  await trace.run(MINUTE);
  expect(trace.at()?.refresh).toBe(second);
  expect(trace.note(trace.first.refresh)).toMatchObject({ next: expect.any(String) });
  trace.write({ anthropic: oauth({ ...trace.first, expires: 0 }) });
  await trace.run(5 * MINUTE);
  expect(trace.at()?.refresh).toBe(second);
  expect(trace.sent()).toEqual([trace.first.refresh]);
  expect(trace.world.checks.failures).toEqual([]);
});

it("a refused token is not sent again while its displaced copy stands at another id (seed 26301)", async () => {
  const trace = startTrace();
  const other = trace.world.server.signIn("other");
  trace.write({ anthropic: oauth(trace.first), second: oauth(other) });
  trace.keeper();
  await trace.run(5_000);
  // The login of one id is also put at the other, and a backup undoes that: what stands there now is an old copy.
  trace.write({ anthropic: oauth(trace.first), second: oauth(trace.first) });
  await trace.run(10_000);
  trace.write({ anthropic: oauth(trace.first), second: oauth(other) });
  await trace.run(10_000);
  trace.world.server.redeem(trace.first.refresh);
  trace.expire();
  await trace.run(HOUR);
  expect(trace.sent()).toEqual([trace.first.refresh]);
  expect((await trace.login()).state).toBe("signIn");
  expect((await trace.login("second")).state).toBe("oldCopy");
  expect(trace.world.checks.failures).toEqual([]);
});

it("an ended login is not asked again by itself after a try whose answer was lost (seed 21977)", async () => {
  const trace = await refreshedOnce();
  const second = trace.at()?.refresh ?? "";
  trace.world.server.redeem(second);
  trace.expire();
  await trace.until("it has ended", () => trace.note(second)["ended"] !== undefined);
  await trace.run(2 * MINUTE);
  trace.world.server.mode = "lostRequest";
  await trace.refresh();
  trace.world.server.mode = "well";
  const tried = trace.sent().length;
  // A backup comes back: the end of its chain is the one that has ended.
  trace.write({ anthropic: oauth({ ...trace.first, expires: 0 }) });
  await trace.run(2 * HOUR);
  expect(trace.sent()).toHaveLength(tried);
  expect((await trace.login()).state).toBe("signIn");
  expect(trace.world.checks.failures).toEqual([]);
});
