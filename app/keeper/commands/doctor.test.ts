import { describe, expect, it } from "vitest";
import { LOCK, MINUTE, NOTES, oauth, startTrace, type Trace, underWay } from "../../../sim/benches/trace-bench.ts";
import type { DoctorFacts } from "./doctor-facts.ts";

const doctorOf = (trace: Trace): Promise<DoctorFacts> => trace.command((engine) => engine.doctor());

describe("what doctor looks at", () => {
  it("of a place where nothing ever ran finds the file, and makes nothing", async () => {
    const trace = startTrace();
    const found = await doctorOf(trace);
    expect(found).toMatchObject({
      file: { kind: "good", format: "flat", cannotReplace: null, logins: 1 },
      notesProblem: null,
      damaged: [],
      locks: { file: null, keeper: null },
      logins: [{ id: "anthropic", state: "healthy" }],
      openIntents: [],
      keptCopies: [],
      stateMode: null,
    });
    expect(() => trace.world.disk.listNow("/home/me/state")).toThrow("ENOENT");
  });

  it("names the keeper, and who holds the lock, while they live", async () => {
    const { trace, keeper } = await underWay();
    const found = await doctorOf(trace);
    expect(found.locks.file).toMatchObject({ pid: keeper.pid, alive: true });
    expect(found.locks.keeper).toMatchObject({ pid: keeper.pid });
    expect(found.openIntents).toMatchObject([{ ids: ["anthropic"], attempts: 1, sender: "alive" }]);
    expect(JSON.stringify(found)).not.toContain("SECRET");
  });

  it("tells what a killed keeper left behind", async () => {
    const { trace, keeper } = await underWay("lostRequest");
    trace.kill(keeper);
    await trace.run(2 * MINUTE);
    const found = await doctorOf(trace);
    expect(found.locks).toMatchObject({ file: { pid: keeper.pid, alive: false }, keeper: { alive: false } });
    expect(found.openIntents).toMatchObject([{ ids: ["anthropic"], attempts: 1, sender: "dead" }]);
    for (const name of trace.world.disk.listNow(LOCK)) trace.world.disk.removeNow(`${LOCK}/${name}`);
    expect((await doctorOf(trace)).locks.file).toEqual({ pid: null, since: null, alive: false });
  });

  it("tells of damaged notes, and goes on", async () => {
    const trace = startTrace();
    trace.keeper();
    await trace.run(MINUTE);
    trace.world.disk.writeInPlace(`${NOTES}/lineage.json`, "SECRET, and no JSON");
    const found = await doctorOf(trace);
    expect(found.notesProblem).toBeNull();
    expect(found.damaged).toEqual([{ kind: "notes", name: expect.stringContaining("lineage.json") }]);
    expect(found.file).toMatchObject({ kind: "good", logins: 1 });
    expect(JSON.stringify(found)).not.toContain("SECRET");
  });

  it("finds copies of removed logins, and the newest of the files", async () => {
    const trace = startTrace();
    trace.keeper();
    await trace.run(MINUTE);
    trace.write({ second: oauth(trace.world.server.signIn("second")) });
    await trace.run(MINUTE);
    const found = await doctorOf(trace);
    expect(found.keptCopies.map(({ id }) => id)).toEqual(["anthropic"]);
    expect(found.newestFile?.at).toBeLessThanOrEqual(trace.world.time.now());
    trace.world.time.offset -= 60 * MINUTE;
    const later = await doctorOf(trace);
    expect(later.newestFile?.at).toBeGreaterThan(later.now + 50 * MINUTE);
  });
});
