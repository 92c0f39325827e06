import { describe, expect, it } from "vitest";
import type { ChangePlan, WriteSession } from "../keeper/ports.ts";
import {
  accountGenerations,
  accounts,
  type Bench,
  bench,
  type Content,
  flat,
  generations,
  heal,
  noneSpent,
  nothing,
  PATH,
  pair,
  plan,
  spent,
} from "../keeper/testing/credential-bench.ts";
import { SimError, type SimWriter } from "../keeper/testing/sim-files.ts";

const START = { a: "a1", b: "b1" };

interface Scene extends Bench {
  readonly session: WriteSession;
  /** Holds the inode that stood at the path before our commit. */
  readonly orphan: SimWriter;
}

/** We refreshed `a` from a1 to a2 while another program held the old inode open. */
async function refreshed(content: Content = START): Promise<Scene> {
  const b = bench(flat(content));
  const orphan = b.files.openInode(PATH);
  const session = b.file.openSession();
  await session.prepare();
  expect((await session.commit(plan("a", "a1", "a2"))).kind).toBe("written");
  return { ...b, session, orphan };
}

/** Watches for 3 s, closes, and gives what stands in the file then. */
async function watched(
  scene: Scene,
  more: ChangePlan = nothing,
  isSpent = spent("a1"),
): Promise<Record<string, string>> {
  await scene.session.watch(3_000, more, isSpent);
  await scene.session.close();
  expect([scene.leftovers(), scene.files.openHandles()]).toEqual([[], 0]);
  return generations(scene.files.readText(PATH));
}

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
    scene.clock.at(500, () => {
      scene.files.writeInPlace(PATH, flat({ a: "a1", b: "b2" }));
      scene.files.setGate((op) => {
        if (op === "rename") throw new SimError("EBUSY", op);
      });
    });
    scene.clock.at(2_500, () => scene.files.setGate(null));
    expect(await watched(scene)).toEqual({ a: "a2", b: "b2" });
  });

  it("again and again does not hold us for more than 30 s", async () => {
    const scene = await refreshed();
    for (let at = 0; at < 120_000; at += 100) {
      scene.clock.at(at, () => scene.files.writeInPlace(PATH, flat({ a: "a1", b: `b${at}` })));
    }
    await scene.session.watch(3_000, nothing, spent("a1"));
    await scene.session.close();
    expect(scene.clock.monotonic()).toBeLessThan(31_000);
    expect(scene.files.openHandles()).toBe(0);
  });
});

describe("a write into an inode that we replaced", () => {
  it.each<[string, Content, Record<string, string>]>([
    ["of another login is merged", { a: "a1", b: "b2" }, { a: "a2", b: "b2" }],
    ["of an added login is merged", { ...START, c: "c1" }, { a: "a2", b: "b1", c: "c1" }],
    ["that signs another login out is merged", { a: "a1" }, { a: "a2" }],
    ["that signs the refreshed login out is merged", { b: "b1" }, { b: "b1" }],
    ["of a new login over the refreshed one is merged", { a: "a9", b: "b1" }, { a: "a9", b: "b1" }],
    ["of nothing new is not merged", START, { a: "a2", b: "b1" }],
  ])("%s", async (_, content, result) => {
    const scene = await refreshed();
    scene.clock.at(1_000, () => scene.orphan.write(flat(content)));
    expect(await watched(scene)).toEqual(result);
  });

  it("that came before the watch began is merged", async () => {
    const b = bench(flat(START));
    const orphan = b.files.openInode(PATH);
    b.before("syncFolder", () => orphan.write(flat({ a: "a1", b: "b2" })));
    const session = b.file.openSession();
    await session.commit(plan("a", "a1", "a2"));
    expect(await watched({ ...b, session, orphan })).toEqual({ a: "a2", b: "b2" });
  });

  it("between our last look and our rename is merged", async () => {
    const b = bench(flat(START));
    const orphan = b.files.openInode(PATH);
    b.before("rename", () => orphan.write(flat({ a: "a1", b: "b2" })));
    const session = b.file.openSession();
    await session.commit(plan("a", "a1", "a2"));
    expect(await watched({ ...b, session, orphan })).toEqual({ a: "a2", b: "b2" });
  });

  it("is not judged while it is half written", async () => {
    const scene = await refreshed();
    const next = flat({ a: "a1" });
    scene.clock.at(1_000, () => scene.orphan.overwrite(next));
    scene.clock.at(1_500, () => scene.orphan.truncate(next.length));
    expect(await watched(scene)).toEqual({ a: "a2" });
  });

  it("is merged once, and gives way to what is written at the path later", async () => {
    const scene = await refreshed();
    scene.clock.at(1_000, () => scene.orphan.write(flat({ a: "a1", b: "b2" })));
    scene.clock.at(2_000, () => scene.files.writeInPlace(PATH, flat({ a: "a2", b: "b3" })));
    expect(await watched(scene)).toEqual({ a: "a2", b: "b3" });
  });

  it("and a stale write at the path at the same time are both kept", async () => {
    const scene = await refreshed({ a: "a1", b: "b1", c: "c1" });
    scene.clock.at(1_000, () => {
      scene.orphan.write(flat({ a: "a1", b: "b2", c: "c1" }));
      scene.files.writeInPlace(PATH, flat({ a: "a1", b: "b1", c: "c2" }));
    });
    expect(await watched(scene)).toEqual({ a: "a2", b: "b2", c: "c2" });
  });

  it("into each inode of a whole chain of them is merged, and lengthens the watch", async () => {
    const scene = await refreshed({ a: "a1", b: "b1", c: "c1", d: "d1" });
    const second = scene.files.openInode(PATH);
    scene.clock.at(2_500, () => scene.orphan.write(flat({ a: "a1", b: "b2", c: "c1", d: "d1" })));
    scene.clock.at(5_000, () => second.write(flat({ a: "a2", b: "b1", c: "c2", d: "d1" })));
    scene.clock.at(7_500, () => scene.orphan.write(flat({ a: "a1", b: "b1", c: "c1", d: "d2" })));
    expect(await watched(scene)).toEqual({ a: "a2", b: "b2", c: "c2", d: "d2" });
  });

  it("never brings a spent token back", async () => {
    const scene = await refreshed();
    const stale = { type: "oauth", ...pair("a1"), access: "another" };
    scene.clock.at(1_000, () => scene.orphan.write(flat({ a: stale, b: "b1" })));
    expect(await watched(scene)).toEqual({ a: "a2", b: "b1" });
  });

  it("waits for the path to come back", async () => {
    const scene = await refreshed();
    scene.clock.at(500, () => {
      scene.files.removeNow(PATH);
      scene.orphan.write(flat({ a: "a1", b: "b2" }));
    });
    scene.clock.at(2_000, () => scene.files.writeInPlace(PATH, flat({ a: "a2", b: "b1" })));
    expect(await watched(scene)).toEqual({ a: "a2", b: "b2" });
  });

  it("that stays torn is left alone", async () => {
    const scene = await refreshed();
    scene.clock.at(1_000, () => scene.orphan.write('{ "a": '));
    expect(await watched(scene)).toEqual({ a: "a2", b: "b1" });
    expect(scene.clock.monotonic()).toBeLessThan(5_200);
  });
});

describe("the watch over a multi-account file", () => {
  async function scene() {
    const b = bench(accounts({ one: "x1", two: "y1", three: "z1" }));
    const orphan = b.files.openInode(PATH);
    const session = b.file.openSession();
    await session.prepare();
    await session.commit(plan("anthropic/one", "x1", "x2"));
    return { ...b, orphan, session };
  }

  it("merges a pair out of an orphan under the format's lock, and no record that one side lacks", async () => {
    const { session, orphan, files, clock, leftovers } = await scene();
    clock.at(1_000, () => orphan.write(accounts({ one: "x1", two: "y2", four: "w1" })));
    let locked = 0;
    files.setGate((op) => {
      if (op === "rename" && files.readText(`${PATH}.lock`) !== null) locked += 1;
    });
    await session.watch(3_000, nothing, spent("x1"));
    await session.close();
    expect(accountGenerations(files.readText(PATH))).toEqual({ one: "x2", two: "y2", three: "z1" });
    expect([locked, leftovers(), files.readText(`${PATH}.lock`)]).toEqual([1, [], null]);
  });

  it("leaves a write at the path as it is but for what the plan says", async () => {
    const { session, files, clock } = await scene();
    clock.at(1_000, () => files.replace(PATH, accounts({ one: "x1", two: "y2" })));
    await session.watch(3_000, heal("anthropic/one", ["x1", "x2"]), spent("x1"));
    await session.close();
    expect(accountGenerations(files.readText(PATH))).toEqual({ one: "x2", two: "y2" });
  });

  it("tries again when the format's lock is taken for a while", async () => {
    const { session, orphan, files, clock } = await scene();
    clock.at(1_000, () => {
      orphan.write(accounts({ one: "x1", two: "y2", three: "z1" }));
      files.writeInPlace(`${PATH}.lock`, "");
    });
    clock.at(2_500, () => files.removeNow(`${PATH}.lock`));
    await session.watch(3_000, nothing, spent("x1"));
    await session.close();
    expect(accountGenerations(files.readText(PATH))).toEqual({ one: "x2", two: "y2", three: "z1" });
  });
});
