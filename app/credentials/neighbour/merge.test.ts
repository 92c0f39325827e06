import { describe, expect, it } from "vitest";
import { accounts, spent } from "../../../sim/benches/credential-bench.ts";
import { doc, documentOf, isSettled, key, type Logins, NOW, outcome, pictureOf } from "../testing/pictures.ts";
import { firstPicture, foreignWrite, ownWrite, type Picture } from "./merge.ts";

describe("a foreign write at the path", () => {
  const cases: readonly {
    readonly name: string;
    readonly picture: Picture;
    readonly seen: Logins;
    readonly result: Record<string, string>;
  }[] = [
    {
      name: "stands as it is when it differs from the present state in one login",
      picture: pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]),
      seen: { a: "a2", b: "b2" },
      result: { a: "a2", b: "b2" },
    },
    {
      name: "is a sign-out when it is the present state less one login",
      picture: pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]),
      seen: { a: "a2" },
      result: { a: "a2" },
    },
    {
      name: "is a sign-out also of the login that we refreshed",
      picture: pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]),
      seen: { b: "b1" },
      result: { b: "b1" },
    },
    {
      name: "wins with a new login where we had refreshed the old one",
      picture: pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]),
      seen: { a: "a9", b: "b1" },
      result: { a: "a9", b: "b1" },
    },
    {
      name: "is stale when it changes one login of an earlier state: what it undid goes back",
      picture: pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]),
      seen: { a: "a1", b: "b2" },
      result: { a: "a2", b: "b2" },
    },
    {
      name: "is stale when it adds a login to an earlier state",
      picture: pictureOf({ a: "a1" }, [{ a: "a2" }, "a"]),
      seen: { a: "a1", k: key("k1") },
      result: { a: "a2", k: "k1" },
    },
    {
      name: "is stale when it removes a login from an earlier state",
      picture: pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]),
      seen: { a: "a1" },
      result: { a: "a2" },
    },
    {
      name: "undoes two refreshes of one pass, and both go back",
      picture: pictureOf(
        { a: "a1", b: "b1", c: "c1" },
        [{ a: "a2", b: "b1", c: "c1" }, "a"],
        [{ a: "a2", b: "b2", c: "c1" }, "b"],
      ),
      seen: { a: "a1", b: "b1", c: "c2" },
      result: { a: "a2", b: "b2", c: "c2" },
    },
    {
      name: "from between two refreshes keeps its own login and gives back the second",
      picture: pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"], [{ a: "a2", b: "b2" }, "b"]),
      seen: { a: "a9", b: "b1" },
      result: { a: "a9", b: "b2" },
    },
    {
      name: "from before two refreshes keeps its new login over the later one and gives back the earlier",
      picture: pictureOf({ a: "a1", b: "b1" }, [{ a: "a1", b: "b2" }, "b"], [{ a: "a2", b: "b2" }, "a"]),
      seen: { a: "a9", b: "b1" },
      result: { a: "a9", b: "b2" },
    },
    {
      name: "from between two refreshes, but several writes later, gives back the second",
      picture: pictureOf(
        { a: "a1", b: "b1", c: "c1" },
        [{ a: "a2", b: "b1", c: "c1" }, "a"],
        [{ a: "a2", b: "b2", c: "c1" }, "b"],
      ),
      seen: { a: "a2", b: "b1", c: "c2", d: "d1", e: "e1" },
      result: { a: "a2", b: "b2", c: "c2", d: "d1", e: "e1" },
    },
    {
      name: "of which only the second of two was seen keeps both changes and gives ours back",
      picture: pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]),
      seen: { a: "a1", b: "b2", k: key("k") },
      result: { a: "a2", b: "b2", k: "k" },
    },
    {
      name: "that signs out of an older state signs only that one out",
      picture: foreignWrite(
        pictureOf({ a: "a1", b: "b1", c: "c1" }, [{ a: "a2", b: "b1", c: "c1" }, "a"]),
        doc({ a: "a2", b: "b1" }),
        NOW,
      ),
      seen: { a: "a1", b: "b1" },
      result: { a: "a2", b: "b1" },
    },
    {
      name: "that is as close to the present state as to an older one was made from the present one",
      picture: foreignWrite(
        pictureOf({ a: "a1", b: "b1", c: "c1" }, [{ a: "a2", b: "b1", c: "c1" }, "a"]),
        doc({ a: "a2", b: "b2", c: "c2" }),
        NOW,
      ),
      seen: { a: "a2", b: "b1", c: "c2", x: "x1" },
      result: { a: "a2", b: "b1", c: "c2", x: "x1" },
    },
    {
      name: "that changed several logins of the present state stands as it is",
      picture: pictureOf({ a: "a1", b: "b1", c: "c1" }, [{ a: "a2", b: "b1", c: "c1" }, "a"]),
      seen: { a: "a9", x: "x1", y: "y1" },
      result: { a: "a9", x: "x1", y: "y1" },
    },
    {
      name: "that changed several logins at once is somebody's edit and stands",
      picture: pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]),
      seen: { x: "x1", y: "y1" },
      result: { x: "x1", y: "y1" },
    },
    {
      name: "that lost an entry opencode does not understand is no change of that entry",
      picture: pictureOf({ a: "a1", b: "b1", odd: { type: "passkey" } }, [
        { a: "a2", b: "b1", odd: { type: "passkey" } },
        "a",
      ]),
      seen: { a: "a1", b: "b2" },
      result: { a: "a2", b: "b2" },
    },
    {
      name: "that lost an unknown key and changed another login is that one change",
      picture: pictureOf(
        { a: { type: "oauth", access: "A", refresh: "refresh-a1", expires: 1, note: "mine" }, b: "b1" },
        [{ a: { type: "oauth", access: "A", refresh: "refresh-a1", expires: 1, note: "mine" }, b: "b2" }, "b"],
      ),
      seen: { a: { type: "oauth", access: "A", refresh: "refresh-a1", expires: 1 }, b: "b1", k: key("k") },
      result: { a: "a1", b: "b2", k: "k" },
    },
  ];
  it.each(cases)("$name", ({ picture, seen, result }) => {
    expect(outcome(foreignWrite(picture, doc(seen), NOW))).toEqual(result);
  });

  it("of the same text changes nothing", () => {
    const picture = pictureOf({ a: "a1" });
    expect(foreignWrite(picture, documentOf(picture.text), NOW)).toEqual(picture);
  });

  it("drops again what another program had removed before", () => {
    const start = pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]);
    const signedOut = foreignWrite(start, doc({ a: "a2" }), NOW);
    expect(outcome(foreignWrite(signedOut, doc({ a: "a1", b: "b1", k: key("k1") }), NOW))).toEqual({
      a: "a2",
      k: "k1",
    });
  });

  it("made from a stale one keeps both changes, although what the first undid is not back yet", () => {
    const start = pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]);
    const stale = foreignWrite(start, doc({ a: "a1", b: "b2" }), NOW);
    expect(isSettled(stale)).toBe(false);
    const next = foreignWrite(stale, doc({ a: "a1", b: "b2", k: key("k1") }), NOW);
    expect(outcome(next)).toEqual({ a: "a2", b: "b2", k: "k1" });
  });

  it("that an edit followed still gets back what it had undone, where the edit left it alone", () => {
    const start = pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]);
    const stale = foreignWrite(start, doc({ a: "a1", b: "b2" }), NOW);
    expect(outcome(foreignWrite(stale, doc({ a: "a1", b: "b2", x: "x1", y: "y1" }), NOW))).toEqual({
      a: "a2",
      b: "b2",
      x: "x1",
      y: "y1",
    });
  });

  it("never gets a spent token put back over it", () => {
    const start = pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]);
    const stale = foreignWrite(start, doc({ a: "a1", b: "b2" }), NOW);
    expect(outcome(stale, spent("a2"))).toEqual({ a: "a1", b: "b2" });
  });

  it("in the other format stands as it is", () => {
    const picture = foreignWrite(pictureOf({ a: "a1" }, [{ a: "a2" }, "a"]), documentOf(accounts({ one: "x1" })), NOW);
    expect(isSettled(picture)).toBe(true);
    expect(isSettled(foreignWrite(picture, doc({ a: "a1", k: key("k1") }), NOW))).toBe(true);
  });

  it("in the multi-account format stands as it is, however much it undid", () => {
    const first = firstPicture(documentOf(accounts({ one: "x1", two: "y1" })), NOW);
    const ours = ownWrite(first, documentOf(accounts({ one: "x2", two: "y1" })), ["anthropic/one"], true, NOW);
    const seen = foreignWrite(ours, documentOf(accounts({ one: "x1", two: "y2" })), NOW);
    expect(isSettled(seen)).toBe(true);
  });
});
