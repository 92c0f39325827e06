import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createClock } from "../clock.ts";
import { createFiles } from "../files/files.ts";
import { createProcesses } from "../process/processes.ts";
import { createRandom } from "../random.ts";
import { bundleChild, type Child, startChild, temporaryFolder } from "../testing/support.ts";
import { createLock } from "./lock.ts";

const CHILD = new URL("../testing/lock-child.ts", import.meta.url);

function realLock() {
  return createLock({
    files: createFiles(),
    clock: createClock(),
    random: createRandom(),
    processes: createProcesses(),
    log: { warn: () => undefined },
  });
}

async function holder(path: string, script: string, beatMs: number): Promise<Child> {
  const child = startChild(script, ["hold", path, String(beatMs)]);
  expect(await child.line()).toBe("held");
  return child;
}

describe("the lock between real processes", () => {
  it("keeps eight processes apart that take it twenty times each", { timeout: 120_000 }, async () => {
    const folder = temporaryFolder();
    const script = await bundleChild(CHILD, folder);
    const path = join(folder, ".lock");
    const children = Array.from({ length: 8 }, () => startChild(script, ["contend", path, "20"]));
    const said = await Promise.all(children.map((child) => child.line()));
    expect(said).toEqual(children.map(() => "done"));
    expect(await Promise.all(children.map((child) => child.ended))).toEqual(children.map(() => 0));
    expect([existsSync(path), existsSync(`${path}.inside`)]).toEqual([false, false]);
  });

  it("passes at once from a killed owner to one of many that wait", { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    const script = await bundleChild(CHILD, folder);
    const path = join(folder, ".lock");
    const owner = await holder(path, script, 1_000);
    const heirs = Array.from({ length: 4 }, () => startChild(script, ["contend", path, "5"]));
    const killedAt = performance.now();
    owner.process.kill("SIGKILL");
    expect(await Promise.all(heirs.map((heir) => heir.line()))).toEqual(heirs.map(() => "done"));
    expect(performance.now() - killedAt).toBeLessThan(30_000);
    expect(existsSync(path)).toBe(false);
  });

  it("passes from a stopped owner after its silence, and the owner sees that when it goes on", {
    timeout: 60_000,
  }, async () => {
    const folder = temporaryFolder();
    const script = await bundleChild(CHILD, folder);
    const path = join(folder, ".lock");
    const owner = await holder(path, script, 200);
    const lock = realLock();
    const patient = { beatMs: 200, silenceMs: 2_000, judgeProcess: true };
    // It shows life: no silence, however long one waits.
    expect(await lock.acquire(path, { ...patient, waitMs: 3_000 })).toEqual({
      kind: "busy",
      owner: `process ${owner.process.pid}`,
    });
    owner.process.kill("SIGSTOP");
    const mine = await lock.acquire(path, { ...patient, waitMs: 30_000 });
    if (mine.kind === "busy") throw new Error(mine.owner);
    owner.process.kill("SIGCONT");
    owner.process.kill("SIGUSR2");
    expect(await owner.line()).toBe("ours: false");
    owner.process.kill("SIGTERM");
    expect(await owner.ended).toBe(0);
    expect(await mine.stillOurs()).toBe(true);
    await mine.release();
    expect(existsSync(path)).toBe(false);
  });
});
