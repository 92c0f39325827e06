import { describe, expect, it } from "vitest";
import { doc, key, type Logins, NOW, outcome, pictureOf } from "../testing/pictures.ts";
import { firstPicture, foreignWrite, ownWrite, type Picture, stillStands } from "./merge.ts";

describe("a foreign write of what stood at the path before", () => {
  const cases: readonly {
    readonly name: string;
    readonly picture: Picture;
    readonly seen: Logins;
    readonly result: Record<string, string>;
  }[] = [
    {
      name: "that goes back to an earlier value stands: A, B, A",
      picture: foreignWrite(
        pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]),
        doc({ a: "a2", b: "b2" }),
        NOW,
      ),
      seen: { a: "a2", b: "b1" },
      result: { a: "a2", b: "b1" },
    },
    {
      name: "that goes back also where it was made before our refresh: both stand",
      picture: ownWrite(
        foreignWrite(firstPicture(doc({ a: "a1", b: "b1" }), NOW), doc({ a: "a1", b: "b2" }), NOW),
        doc({ a: "a2", b: "b2" }),
        ["a"],
        true,
        NOW,
      ),
      seen: { a: "a1", b: "b1" },
      result: { a: "a2", b: "b1" },
    },
    {
      name: "that signs in again as before a sign-out stands",
      picture: foreignWrite(pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]), doc({ a: "a2" }), NOW),
      seen: { a: "a2", b: "b1" },
      result: { a: "a2", b: "b1" },
    },
    {
      name: "that signs out again stands",
      picture: foreignWrite(pictureOf({ a: "a1" }, [{ a: "a2" }, "a"]), doc({ a: "a2", b: "b1" }), NOW),
      seen: { a: "a2" },
      result: { a: "a2" },
    },
    {
      name: "that goes back to one of two accounts which share a place stands, even if the pair was ours",
      picture: foreignWrite(pictureOf({ a: "a1" }, [{ a: "a2" }, "a"]), doc({ a: "z1" }), NOW),
      seen: { a: "a2" },
      result: { a: "a2" },
    },
    {
      name: "with the pair that we replaced is stale, even if it could be a change of the present state",
      picture: foreignWrite(
        foreignWrite(pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]), doc({ a: "a2", b: "b2" }), NOW),
        doc({ a: "a2", b: "b1" }),
        NOW,
      ),
      seen: { a: "a1", b: "b2" },
      result: { a: "a2", b: "b2" },
    },
    {
      name: "of an old copy, by a backup tool, stands but for the pair that we replaced",
      picture: [
        { a: "a2", b: "b2", c: "c1" },
        { a: "a2", b: "b2", c: "c2" },
      ].reduce(
        (picture, logins) => foreignWrite(picture, doc(logins), NOW),
        pictureOf({ a: "a1", b: "b1", c: "c1" }, [{ a: "a2", b: "b1", c: "c1" }, "a"]),
      ),
      seen: { a: "a1", b: "b1", c: "c1" },
      result: { a: "a2", b: "b1", c: "c1" },
    },
    {
      name: "of an old copy does not bring back a login that we refreshed and somebody removed since",
      picture: foreignWrite(pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]), doc({ b: "b1" }), NOW),
      seen: { a: "a1", b: "b1" },
      result: { b: "b1" },
    },
    {
      name: "that changes nothing but the layout of the present state undoes nothing and is no change",
      picture: foreignWrite(
        pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]),
        doc({ a: "a1", b: "b2" }),
        NOW,
      ),
      seen: { b: "b2", a: "a1" },
      result: { a: "a2", b: "b2" },
    },
  ];
  it.each(cases)("$name", ({ picture, seen, result }) => {
    expect(outcome(foreignWrite(picture, doc(seen), NOW))).toEqual(result);
  });

  it("that takes an API key back and sets another one, both unseen, stands beside a pair that we replaced", () => {
    const before = foreignWrite(firstPicture(doc({ a: "a1", k: key("k1") }), NOW), doc({ a: "a1", k: key("k2") }), NOW);
    const picture = ownWrite(before, doc({ a: "a2", k: key("k2") }), ["a"], true, NOW);
    const seen = doc({ a: "a1", k: key("k1"), m: key("m1") });
    expect(outcome(foreignWrite(picture, seen, NOW))).toEqual({ a: "a2", k: "k1", m: "m1" });
  });

  it("that takes the last change back and makes another one, both unseen, stands", () => {
    const ours = pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]);
    const picture = foreignWrite(ours, doc({ a: "a2", b: "b2" }), NOW);
    expect(outcome(foreignWrite(picture, doc({ a: "a2", b: "b1", k: key("k") }), NOW))).toEqual({
      a: "a2",
      b: "b1",
      k: "k",
    });
  });

  it.each([
    [100, "is late by it", { b: "b2", k: "k" }],
    [10_000, "cannot have set out before it", { b: "b1", k: "k" }],
  ])("%d ms after what we merged %s", (ms, _what, result) => {
    const merged = pictureOf({ b: "b1" }, [{ b: "b2" }]);
    const picture = stillStands(merged, NOW + ms);
    expect(outcome(foreignWrite(picture, doc({ b: "b1", k: key("k") }), NOW + ms + 4))).toEqual(result);
  });

  it("with a pair that we replaced is late however long ago that was", () => {
    const picture = stillStands(pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]), NOW + 20_000);
    expect(outcome(foreignWrite(picture, doc({ a: "a1", b: "b2" }), NOW + 20_004))).toEqual({ a: "a2", b: "b2" });
  });
});
