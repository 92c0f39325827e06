import { describe, expect, it } from "vitest";
import { accounts, noneSpent, spent } from "../../../sim/benches/credential-bench.ts";
import { doc, documentOf, isSettled, key, type Logins, NOW, outcome } from "../testing/pictures.ts";
import {
  editsToward,
  firstPicture,
  foreignWrite,
  type IsSpent,
  type Orphan,
  orphanOf,
  orphanWrite,
  ownWrite,
  type Picture,
  stateOf,
} from "./merge.ts";
import { differences } from "./origin.ts";

describe("a write into an inode that we replaced", () => {
  /** The inode held `held`; we then wrote `written` over the path. */
  function replaced(held: Logins, written: Logins, ...ids: string[]): { picture: Picture; orphan: Orphan } {
    const before = firstPicture(doc(held), NOW);
    return {
      picture: ownWrite(before, doc(written), ids, true, NOW),
      orphan: orphanOf(before, NOW),
    };
  }
  const after = (
    { picture, orphan }: { picture: Picture; orphan: Orphan },
    seen: Logins,
    isSpent: IsSpent = noneSpent,
  ) => orphanWrite(picture, orphan, doc(seen), isSpent);

  const cases: readonly {
    readonly name: string;
    readonly seen: Logins;
    readonly spent?: readonly string[];
    readonly result: Record<string, string>;
  }[] = [
    { name: "of another login is merged", seen: { a: "a1", b: "b2" }, result: { a: "a2", b: "b2" } },
    {
      name: "that adds a login is merged",
      seen: { a: "a1", b: "b1", k: key("k") },
      result: { a: "a2", b: "b1", k: "k" },
    },
    { name: "that signs another login out is merged", seen: { a: "a1" }, result: { a: "a2" } },
    { name: "that signs the refreshed login out is merged", seen: { b: "b1" }, result: { b: "b1" } },
    {
      name: "of a new login over the refreshed one is merged",
      seen: { a: "a9", b: "b1" },
      result: { a: "a9", b: "b1" },
    },
    {
      name: "of a spent token is not merged",
      seen: { a: { type: "oauth", access: "x", refresh: "refresh-a1", expires: 5 }, b: "b1" },
      spent: ["a1"],
      result: { a: "a2", b: "b1" },
    },
    {
      name: "that changes nothing is not merged",
      seen: { a: "a1", b: "b1" },
      spent: ["a1"],
      result: { a: "a2", b: "b1" },
    },
    { name: "of several logins is merged whole", seen: { a: "a1", x: "x1" }, result: { a: "a2", x: "x1" } },
  ];
  it.each(cases)("$name", ({ seen, spent: names = [], result }) => {
    const merged = after(replaced({ a: "a1", b: "b1" }, { a: "a2", b: "b1" }, "a"), seen, spent(...names));
    expect(outcome(merged.picture, spent(...names))).toEqual(result);
  });

  it("gives way where a third program wrote the login at the path meanwhile", () => {
    const start = replaced({ a: "a1", b: "b1" }, { a: "a2", b: "b1" }, "a");
    const picture = foreignWrite(start.picture, doc({ a: "a2", b: "b7" }), NOW);
    expect(outcome(after({ ...start, picture }, { a: "a1", b: "b2" }).picture)).toEqual({ a: "a2", b: "b7" });
  });

  it("does not bring back a login that was signed out at the path meanwhile", () => {
    const start = replaced({ a: "a1", b: "b1" }, { a: "a2", b: "b1" }, "a");
    const picture = foreignWrite(start.picture, doc({ a: "a2" }), NOW);
    expect(outcome(after({ ...start, picture }, { a: "a1", b: "b2" }).picture)).toEqual({ a: "a2" });
  });

  it("is merged once: the same login later is not, so what was signed out since stays so", () => {
    const start = replaced({ a: "a1", b: "b1" }, { a: "a2", b: "b1" }, "a");
    const once = after(start, { a: "a1", b: "b1", k: key("k") });
    const merged = ownWrite(once.picture, doc({ a: "a2", b: "b1", k: key("k") }), [], true, NOW);
    const signedOut = foreignWrite(merged, doc({ a: "a2", b: "b1" }), NOW);
    expect(outcome(signedOut)).toEqual({ a: "a2", b: "b1" });
    const twice = after({ picture: signedOut, orphan: once.orphan }, { a: "a1", b: "b1", k: key("k"), c: "c1" });
    expect(outcome(twice.picture)).toEqual({ a: "a2", b: "b1", c: "c1" });
  });

  it.each<[string, readonly Logins[], Record<string, string>]>([
    ["A, B and A again of one login ends as A", [{ b: "b2" }, { b: "b3" }, { b: "b2" }], { b: "b2" }],
    ["a login and back again ends as it was", [{ b: "b2" }, { b: "b1" }], { b: "b1" }],
    [
      "a new login, its sign-out and the same login ends signed in",
      [{ b: "b1", k: "k1" }, { b: "b1" }, { b: "b1", k: "k1" }],
      { b: "b1", k: "k1" },
    ],
    ["a sign-out, the login and a sign-out ends signed out", [{}, { b: "b1" }, {}], {}],
  ])("%s", (_name, writes, result) => {
    let { picture, orphan } = replaced({ a: "a1", b: "b1" }, { a: "a2", b: "b1" }, "a");
    for (const write of writes) ({ picture, orphan } = after({ picture, orphan }, { a: "a1", ...write }));
    expect(outcome(picture)).toEqual({ a: "a2", ...result });
  });

  it("of A, B and A again into three inodes one after the other ends as A", () => {
    let { picture, orphan } = replaced({ a: "a1", b: "b1" }, { a: "a2", b: "b1" }, "a");
    const orphans = [orphan];
    for (const name of ["a3", "a4"]) {
      orphans.push(orphanOf(picture, NOW));
      picture = ownWrite(picture, doc({ a: name, b: "b1" }), ["a"], true, NOW);
    }
    const writes: readonly Logins[] = [
      { a: "a1", b: "b2" },
      { a: "a2", b: "b3" },
      { a: "a3", b: "b2" },
    ];
    for (const [index, write] of writes.entries()) {
      orphan = orphans[index] ?? orphan;
      ({ picture } = after({ picture, orphan }, write));
    }
    expect(outcome(picture)).toEqual({ a: "a4", b: "b2" });
  });

  it("followed by another one into the same inode loses neither", () => {
    const start = replaced({ a: "a1", b: "b1" }, { a: "a2", b: "b1" }, "a");
    const first = after(start, { a: "a1", b: "b2" });
    const second = after(first, { a: "a1", b: "b1", k: key("k") });
    expect(outcome(second.picture)).toEqual({ a: "a2", b: "b2", k: "k" });
  });

  it("of a spent token is forgotten: a new login written there later is still merged", () => {
    const start = replaced({ a: "a1", b: "b1" }, { a: "a2", b: "b1" }, "a");
    const old = { type: "oauth", access: "x", refresh: "refresh-a1", expires: 5 };
    const spentOne = after(start, { a: old, b: "b1" }, spent("a1"));
    expect(isSettled(spentOne.picture)).toBe(true);
    expect(outcome(after(spentOne, { a: "a9", b: "b1" }, spent("a1")).picture)).toEqual({ a: "a9", b: "b1" });
  });

  it("replaces what an earlier orphan brought to the same login", () => {
    const start = replaced({ a: "a1", b: "b1" }, { a: "a2", b: "b1" }, "a");
    const first = after(start, { a: "a1", b: "b2" });
    const later = after({ picture: first.picture, orphan: start.orphan }, { a: "a1", b: "b3" });
    expect(outcome(later.picture)).toEqual({ a: "a2", b: "b3" });
  });

  it("made from an older state than the inode held counts only for its own login", () => {
    const oldest = firstPicture(doc({ a: "a1", b: "b1", c: "c1" }), NOW);
    const held = foreignWrite(oldest, doc({ a: "a1", b: "b5", c: "c1" }), NOW);
    const picture = ownWrite(held, doc({ a: "a2", b: "b5", c: "c1" }), ["a"], true, NOW);
    const merged = after({ picture, orphan: orphanOf(held, NOW) }, { a: "a1", b: "b1", c: "c2" });
    expect(outcome(merged.picture)).toEqual({ a: "a2", b: "b5", c: "c2" });
  });

  it("is ignored when the file has another format by now", () => {
    const start = replaced({ a: "a1" }, { a: "a2" }, "a");
    const picture = foreignWrite(start.picture, documentOf(accounts({ one: "x1" })), NOW);
    expect(after({ ...start, picture }, { a: "a9" }).picture).toBe(picture);
  });

  it("in the multi-account format merges pairs of records that both have, and nothing else", () => {
    const before = firstPicture(documentOf(accounts({ one: "x1", two: "y1", three: "z1" })), NOW);
    const now = documentOf(accounts({ one: "x2", two: "y1", three: "z1" }));
    const picture = ownWrite(before, now, ["anthropic/one"], true, NOW);
    const orphan = orphanOf(before, NOW);
    const seen = documentOf(accounts({ one: "x1", two: "y2", four: "w1" }));
    const merged = orphanWrite(picture, orphan, seen, noneSpent).picture;
    expect(editsToward(merged.wanted, now, noneSpent, 77)).toEqual([
      { kind: "pair", id: "anthropic/two", pair: expect.objectContaining({ refresh: "refresh-y2" }), updatedAt: 77 },
    ]);
    expect(editsToward(merged.wanted, now, spent("y2"), 77)).toEqual([]);
  });

  it("in the multi-account format is no change when only counters moved", () => {
    const text = accounts({ one: "x1" });
    const state = stateOf(documentOf(text));
    expect(differences(state, stateOf(documentOf(text.replace('"successCount": 1', '"successCount": 2'))))).toEqual([]);
  });
});
