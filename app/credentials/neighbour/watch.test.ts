import { describe, expect, it } from "vitest";
import {
  bench,
  type Content,
  flat,
  generations,
  heal,
  noneSpent,
  nothing,
  PATH,
  plan,
  spent,
} from "../../../sim/benches/credential-bench.ts";
import { refreshed, START, watched } from "../../../sim/benches/credential-scene.ts";
import { SimError } from "../../../sim/world/files.ts";
import { type ChangePlan } from "../../ports/credential-file.ts";

describe("the watch", () => {
  it("returns at once when nothing was written", async () => {
    const { file, clock } = bench(flat(START));
    const session = file.openSession();
    await session.prepare();
    await session.commit(nothing);
    await session.watch(3_000, nothing, noneSpent);
    expect(clock.monotonic()).toBe(0);
  });

  it("ends so long after the last write, and writes nothing when nothing happens", async () => {
    const scene = await refreshed();
    const { ino } = scene.files.statNow(PATH);
    expect(await watched(scene)).toEqual({ a: "a2", b: "b1" });
    expect(scene.files.statNow(PATH).ino).toBe(ino);
    expect(scene.clock.monotonic()).toBeGreaterThanOrEqual(3_000);
    expect(scene.clock.monotonic()).toBeLessThan(3_100);
  });

  it("gives the plan its say at each change, and puts the end of the chain back over a spent token", async () => {
    const scene = await refreshed();
    scene.clock.at(500, () => scene.files.writeInPlace(PATH, flat(START)));
    expect(await watched(scene, heal("a", ["a1", "a2"]))).toEqual({ a: "a2", b: "b1" });
    expect(scene.clock.monotonic()).toBeGreaterThanOrEqual(3_500);
  });

  it("asks the plan about nothing that stands for one look only", async () => {
    const scene = await refreshed();
    const asked: string[] = [];
    // One look is every 20 ms, so exactly one falls in between.
    scene.clock.at(1_000, () => scene.files.writeInPlace(PATH, flat({ a: "a2", b: "b7" })));
    scene.clock.at(1_020, () => scene.files.writeInPlace(PATH, flat({ a: "a2", b: "b8" })));
    const listen: ChangePlan = ({ text }) => {
      asked.push(generations(text)["b"] ?? "");
      return [];
    };
    expect(await watched(scene, listen)).toEqual({ a: "a2", b: "b8" });
    expect(asked).toEqual(["b1", "b8"]);
  });

  it("looks closely right after a write of ours", async () => {
    const scene = await refreshed();
    let looks = 0;
    scene.files.setGate((op) => {
      if (op === "open" && scene.clock.monotonic() < 100) looks += 1;
    });
    await watched(scene);
    expect(looks).toBeGreaterThan(20);
  });

  it("never writes a spent token, even if the plan asks for it", async () => {
    const scene = await refreshed();
    scene.clock.at(500, () => scene.files.writeInPlace(PATH, flat({ a: "a9", b: "b1" })));
    expect(await watched(scene, plan("a", "a9", "a1"))).toEqual({ a: "a9", b: "b1" });
  });
});

describe("a write at the path during the watch", () => {
  it.each<[string, Content, Record<string, string>]>([
    ["of another login stands", { a: "a2", b: "b2" }, { a: "a2", b: "b2" }],
    ["of a new login stands", { a: "a2", b: "b1", c: "c1" }, { a: "a2", b: "b1", c: "c1" }],
    ["less one login is a sign-out and stands", { b: "b1" }, { b: "b1" }],
    ["of a new login over ours stands", { a: "a9", b: "b1" }, { a: "a9", b: "b1" }],
    ["by a stale writer keeps its login and gives ours back", { a: "a1", b: "b2" }, { a: "a2", b: "b2" }],
    ["by a stale writer who signed out gives ours back", { a: "a1" }, { a: "a2" }],
    ["by a person who changed everything stands", { x: "x1", y: "y1" }, { x: "x1", y: "y1" }],
  ])("%s", async (_, content, result) => {
    for (const how of ["writeInPlace", "replace"] as const) {
      const scene = await refreshed();
      scene.clock.at(1_000, () => scene.files[how](PATH, flat(content)));
      expect(await watched(scene)).toEqual(result);
    }
  });

  it("is seen also when it happened between the commit and the watch", async () => {
    const scene = await refreshed();
    scene.files.writeInPlace(PATH, flat({ a: "a1", b: "b2" }));
    expect(await watched(scene)).toEqual({ a: "a2", b: "b2" });
  });

  it("is not judged while it is half written", async () => {
    const scene = await refreshed({ ...START, k: { type: "api", key: "a-key-that-is-long-enough-to-leave-a-tail" } });
    const next = flat(START);
    scene.clock.at(1_000, () => {
      const writer = scene.files.openInode(PATH);
      writer.overwrite(next);
      scene.clock.at(700, () => writer.truncate(next.length));
    });
    expect(await watched(scene)).toEqual({ a: "a2", b: "b1" });
  });

  it("is waited for when it is half written at the end, and left alone when it stays so", async () => {
    const patient = await refreshed();
    patient.clock.at(2_990, () => patient.files.writeInPlace(PATH, flat({ a: "a1", b: "b2" }).slice(0, 50)));
    patient.clock.at(4_000, () => patient.files.writeInPlace(PATH, flat({ a: "a1", b: "b2" })));
    expect(await watched(patient)).toEqual({ a: "a2", b: "b2" });

    const broken = await refreshed();
    broken.clock.at(2_990, () => broken.files.writeInPlace(PATH, "{"));
    await broken.session.watch(3_000, nothing, noneSpent);
    await broken.session.close();
    expect(broken.files.readText(PATH)).toBe("{");
    expect(broken.clock.monotonic()).toBeLessThan(6_000);
  });

  it("that is the last thing to happen is still undone where it was stale", async () => {
    const scene = await refreshed();
    scene.clock.at(2_995, () => scene.files.writeInPlace(PATH, flat({ a: "a1", b: "b2" })));
    expect(await watched(scene)).toEqual({ a: "a2", b: "b2" });
  });

  it("between two commits of one session costs neither of them", async () => {
    const scene = await refreshed({ a: "a1", b: "b1", c: "c1" });
    scene.files.writeInPlace(PATH, flat({ a: "a1", b: "b1", c: "c2" }));
    expect((await scene.session.commit(plan("b", "b1", "b2"))).kind).toBe("written");
    expect(await watched(scene, nothing, spent("a1", "b1"))).toEqual({ a: "a2", b: "b2", c: "c2" });
  });

  it("that removes the file is no sign-out: nothing is written, and it may come back", async () => {
    const gone = await refreshed();
    gone.clock.at(500, () => gone.files.removeNow(PATH));
    await gone.session.watch(3_000, heal("a", ["a1", "a2"]), noneSpent);
    expect(gone.files.readText(PATH)).toBeNull();

    const back = await refreshed();
    back.clock.at(500, () => back.files.removeNow(PATH));
    back.clock.at(900, () => back.files.writeInPlace(PATH, flat({ a: "a1", b: "b2" })));
    expect(await watched(back)).toEqual({ a: "a2", b: "b2" });
  });

  it("is put right in the end although our first tries to write fail", async () => {
    const scene = await refreshed();
    let tries = 0;
    scene.clock.at(500, () => {
      scene.files.writeInPlace(PATH, flat({ a: "a1", b: "b2" }));
      scene.files.setGate((op) => {
        if (op !== "write") return;
        tries += 1;
        throw new SimError("ENOSPC", op);
      });
    });
    scene.clock.at(2_500, () => scene.files.setGate(null));
    expect(await watched(scene)).toEqual({ a: "a2", b: "b2" });
    expect(tries).toBeGreaterThan(4);
    expect(tries).toBeLessThan(10);
  });

  it("by a stale writer that another one follows before we look again costs nothing", async () => {
    const scene = await refreshed();
    scene.clock.at(1_005, () => {
      scene.files.writeInPlace(PATH, flat({ a: "a1", b: "b2" }));
      scene.files.writeInPlace(PATH, flat({ a: "a1", b: "b2", c: "c1" }));
    });
    expect(await watched(scene)).toEqual({ a: "a2", b: "b2", c: "c1" });
  });

  it("by a stale writer is put right also while others write without a pause", async () => {
    const scene = await refreshed();
    scene.clock.at(100, () => scene.files.writeInPlace(PATH, flat({ a: "a1", b: "b2" })));
    for (let at = 110; at < 20_000; at += 10) {
      scene.clock.at(at, () => {
        const content = JSON.parse(scene.files.readText(PATH) ?? "{}") as Record<string, unknown>;
        scene.files.writeInPlace(PATH, JSON.stringify({ ...content, k: { type: "api", key: `k${at}` } }));
      });
    }
    expect(await watched(scene)).toMatchObject({ a: "a2", b: "b2" });
  });

  it("again and again does not hold us for more than 30 s", { timeout: 30_000 }, async () => {
    const scene = await refreshed();
    for (let at = 0; at < 120_000; at += 100) {
      scene.clock.at(at, () => scene.files.writeInPlace(PATH, flat({ a: "a1", b: `b${at}` })));
    }
    let most = 0;
    scene.files.setGate(() => {
      most = Math.max(most, scene.files.openHandles());
    });
    await scene.session.watch(3_000, nothing, spent("a1"));
    await scene.session.close();
    expect(scene.clock.monotonic()).toBeLessThan(31_000);
    expect(most).toBeGreaterThan(90);
    expect(most).toBeLessThan(110);
    expect(scene.files.openHandles()).toBe(0);
  });
});
