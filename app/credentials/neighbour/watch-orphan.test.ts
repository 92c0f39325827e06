import { describe, expect, it } from "vitest";
import {
  accountGenerations,
  accounts,
  bench,
  type Content,
  flat,
  heal,
  nothing,
  PATH,
  pair,
  plan,
  spent,
} from "../../../sim/benches/credential-bench.ts";
import { refreshed, START, watched } from "../../../sim/benches/credential-scene.ts";

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

  it("during a slow write or plan of ours at the very end is not missed", async () => {
    const scene = await refreshed();
    scene.clock.at(2_900, () => scene.files.writeInPlace(PATH, flat({ a: "a2", b: "b1", c: "c1" })));
    scene.clock.at(2_990, () => scene.orphan.write(flat({ a: "a1", b: "b2" })));
    const slow = async () => {
      await scene.clock.sleep(100);
      return [];
    };
    expect(await watched(scene, slow)).toEqual({ a: "a2", b: "b2", c: "c1" });
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

  it("is not merged again with the next write into the same inode: what was signed out since stays so", async () => {
    const scene = await refreshed();
    scene.clock.at(1_000, () => scene.orphan.write(flat({ a: "a1", b: "b1", k: "k1" })));
    scene.clock.at(1_500, () => scene.files.writeInPlace(PATH, flat({ a: "a2", b: "b1" })));
    scene.clock.at(2_000, () => scene.orphan.write(flat({ a: "a1", b: "b1", k: "k1", c: "c1" })));
    expect(await watched(scene)).toEqual({ a: "a2", b: "b1", c: "c1" });
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

  it("of a login of which a spent token could not be put back is merged", async () => {
    const scene = await refreshed();
    scene.clock.at(500, () => scene.files.writeInPlace(PATH, flat({ a: "a2", b: "b0" })));
    scene.clock.at(1_000, () => scene.files.writeInPlace(PATH, flat({ a: "a1", b: "b1", k: "k1" })));
    scene.clock.at(1_500, () => scene.orphan.write(flat({ a: "a1", b: "b3" })));
    expect(await watched(scene, nothing, spent("a1", "b0"))).toEqual({ a: "a2", b: "b3", k: "k1" });
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
