/** What one refresh asks of the disk, and that it is the same with many logins. */
import { describe, expect, it } from "vitest";
import { MINUTE, type Pair, startTrace } from "../benches/trace-bench.ts";
import { AUTH } from "../world/process.ts";

/** A multi-account file, as the programs that know it write it. */
function accounts(pairs: readonly Pair[]): string {
  const records = pairs.map((pair, at) => ({
    id: `record-${at}`,
    ...pair,
    createdAt: 1,
    updatedAt: 1,
    health: { successCount: 0, failureCount: 0 },
  }));
  const anthropic = { type: "oauth", active: {}, order: {}, records };
  return JSON.stringify({ version: 2, providers: { anthropic } }, null, 2);
}

/** A keeper has refreshed so many logins, and refreshes one of them again. @returns how often it asked for each operation. */
async function costOf(logins: number): Promise<ReadonlyMap<string, number>> {
  const trace = startTrace();
  const { disk, server } = trace.world;
  const pairs = Array.from({ length: logins }, (_none, at) => ({ ...server.signIn(`login-${at}`), expires: 1 }));
  disk.writeInPlace(AUTH, accounts(pairs));
  trace.keeper();
  await trace.until("all are refreshed", () => trace.sent().length === logins);
  await trace.run(2 * MINUTE);
  const counts = new Map<string, number>();
  // The watch looks at the file itself all the time.
  disk.setGate((op, path) => void (path === AUTH || counts.set(op, (counts.get(op) ?? 0) + 1)));
  disk.writeInPlace(AUTH, trace.text().replace(/"expires": \d+/, '"expires": 1'));
  await trace.until("it is refreshed again", () => trace.sent().length === logins + 1);
  await trace.run(10_000);
  disk.setGate(null);
  return counts;
}

const sum = (counts: ReadonlyMap<string, number>, ...ops: readonly string[]) =>
  ops.reduce((all, op) => all + (counts.get(op) ?? 0), 0);

describe("one refresh", () => {
  it("asks the disk as often with forty logins as with one", async () => {
    const [one, forty] = [await costOf(1), await costOf(40)];
    for (const ops of [["open", "createNew", "update"], ["sync", "syncFolder"], ["list"]])
      expect({ ops, count: sum(forty, ...ops) }).toEqual({ ops, count: sum(one, ...ops) });
    // Once a minute each answer is looked at, but not opened.
    expect(sum(forty, "stat")).toBeLessThanOrEqual(sum(one, "stat") + 39);
  });

  it("opens our own notes some fifty times, and syncs some twenty", async () => {
    const counts = await costOf(3);
    expect(sum(counts, "open", "createNew", "update")).toBeLessThan(90);
    expect(sum(counts, "sync", "syncFolder")).toBeLessThan(25);
  });
});
