import { describe, expect, it } from "vitest";
import { accounts, flat, generations, noneSpent, spent } from "../keeper/testing/credential-bench.ts";
import type { CredentialDocument } from "./document.ts";
import { applyEdits } from "./edit.ts";
import { editsToward, firstPicture, foreignWrite, type IsSpent, ownWrite, type Picture } from "./merge.ts";
import { parseDocument } from "./parse.ts";

function documentOf(text: string): CredentialDocument {
  const parsed = parseDocument(text);
  if (parsed.kind === "problem") throw new Error(parsed.problem);
  return parsed.document;
}

type Logins = Readonly<Record<string, string | Readonly<Record<string, unknown>>>>;
const doc = (logins: Logins): CredentialDocument => documentOf(flat(logins));

/** A picture of a path at which these states stood, one after the other, the later ones written by us. */
function pictureOf(first: Logins, ...ours: readonly (readonly [logins: Logins, ...ids: string[]])[]): Picture {
  return ours.reduce(
    (picture, [logins, ...ids]) => ownWrite(picture, doc(logins), ids, true),
    firstPicture(doc(first)),
  );
}

const isSettled = (picture: Picture): boolean =>
  editsToward(picture.wanted, documentOf(picture.text), noneSpent, 0).length === 0;

/** What would stand at the path in the end. */
function outcome(picture: Picture, isSpent: IsSpent = noneSpent): Record<string, string> {
  const document = documentOf(picture.text);
  const result = applyEdits(document, editsToward(picture.wanted, document, isSpent, 0));
  if (result.kind === "cannot") throw new Error(result.reason);
  return generations(result.text);
}

const key = (name: string) => ({ type: "api", key: name });

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
      name: "that changed nothing since an older state undoes nothing",
      picture: foreignWrite(pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]), doc({ a: "a2", b: "b2" })),
      seen: { a: "a2", b: "b1" },
      result: { a: "a2", b: "b2" },
    },
    {
      name: "that brings a login back as it was before a sign-out is stale",
      picture: foreignWrite(pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]), doc({ a: "a2" })),
      seen: { a: "a2", b: "b1" },
      result: { a: "a2" },
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
      ),
      seen: { a: "a1", b: "b1" },
      result: { a: "a2", b: "b1" },
    },
    {
      name: "that is as close to the present state as to an older one was made from the present one",
      picture: pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b2" }, "a", "b"]),
      seen: { a: "a2", b: "b1", x: "x1", y: "y1" },
      result: { a: "a2", b: "b1", x: "x1", y: "y1" },
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
    expect(outcome(foreignWrite(picture, doc(seen)))).toEqual(result);
  });

  it("of the same text changes nothing", () => {
    const picture = pictureOf({ a: "a1" });
    expect(foreignWrite(picture, documentOf(picture.text))).toBe(picture);
  });

  it("drops again what another program had removed before", () => {
    const start = pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]);
    const signedOut = foreignWrite(start, doc({ a: "a2" }));
    expect(outcome(foreignWrite(signedOut, doc({ a: "a1", b: "b1", k: key("k1") })))).toEqual({ a: "a2", k: "k1" });
  });

  it("made from a stale one keeps both changes, although what the first undid is not back yet", () => {
    const start = pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]);
    const stale = foreignWrite(start, doc({ a: "a1", b: "b2" }));
    expect(isSettled(stale)).toBe(false);
    const next = foreignWrite(stale, doc({ a: "a1", b: "b2", k: key("k1") }));
    expect(outcome(next)).toEqual({ a: "a2", b: "b2", k: "k1" });
  });

  it("that an edit followed still gets back what it had undone, where the edit left it alone", () => {
    const start = pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]);
    const stale = foreignWrite(start, doc({ a: "a1", b: "b2" }));
    expect(outcome(foreignWrite(stale, doc({ a: "a1", b: "b2", x: "x1", y: "y1" })))).toEqual({
      a: "a2",
      b: "b2",
      x: "x1",
      y: "y1",
    });
  });

  it("never gets a spent token put back over it", () => {
    const start = pictureOf({ a: "a1", b: "b1" }, [{ a: "a2", b: "b1" }, "a"]);
    const stale = foreignWrite(start, doc({ a: "a1", b: "b2" }));
    expect(outcome(stale, spent("a2"))).toEqual({ a: "a1", b: "b2" });
  });

  it("in the other format stands as it is", () => {
    const picture = foreignWrite(pictureOf({ a: "a1" }, [{ a: "a2" }, "a"]), documentOf(accounts({ one: "x1" })));
    expect(isSettled(picture)).toBe(true);
    expect(isSettled(foreignWrite(picture, doc({ a: "a1", k: key("k1") })))).toBe(true);
  });

  it("in the multi-account format stands as it is, however much it undid", () => {
    const first = firstPicture(documentOf(accounts({ one: "x1", two: "y1" })));
    const ours = ownWrite(first, documentOf(accounts({ one: "x2", two: "y1" })), ["anthropic/one"], true);
    const seen = foreignWrite(ours, documentOf(accounts({ one: "x1", two: "y2" })));
    expect(isSettled(seen)).toBe(true);
  });
});
