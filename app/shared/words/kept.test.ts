import { describe, expect, it } from "vitest";
import { NOON } from "../testing/snapshots.ts";
import { forgetRefused, keptCopySentences, rescuableSentences, rescueRefused, unknownCopy } from "./kept.ts";

const HOUR = 3_600_000;

describe("an ID of which nothing is kept", () => {
  it.each<readonly [string, readonly string[], string]>([
    ["gon", ["gone", "old"], 'There is no removed login "gon". Did you mean "gone"?'],
    ["zzz", ["gone", "old"], 'There is no removed login "zzz". Safe copies are kept of: gone, old.'],
    ["zzz", [], 'There is no removed login "zzz". No safe copy of a removed login is kept.'],
  ])("%s among the safe copies %j is told with what helps", (id, kept, sentence) => {
    expect(unknownCopy(id, kept)).toBe(sentence);
  });
});

describe("a safe copy of a removed login", () => {
  it("is told with when it goes and how it goes at once", () => {
    expect(keptCopySentences({ id: "gone", erasedAt: NOON + 48 * HOUR }, NOON)).toEqual([
      "A safe copy of gone, which was signed out, is kept until Wed 12:00.",
      '"pilot-light forget gone" erases it at once.',
    ]);
    expect(keptCopySentences({ id: "gone", erasedAt: NOON }, NOON)[0]).toContain("until the next pass.");
  });
});

describe("a lost login", () => {
  const lost = { id: "a", why: "replaced", since: NOON, fingerprint: "0123456789", seenAt: NOON - HOUR } as const;

  it("is told with what is kept of it, and the command that puts it back", () => {
    expect(rescuableSentences({ ...lost, obstacle: null }, NOON)).toEqual([
      "a was replaced by another sign-in (12:00). The newest pair we keep of it is [01234567], first seen 11:00. It is kept until the one in its place is refreshed.",
      '"pilot-light rescue a" puts it back.',
    ]);
    expect(rescuableSentences({ ...lost, obstacle: "accountsFormat" }, NOON)[1]).toBe(
      rescueRefused("a", "accountsFormat"),
    );
  });
});

describe("what is not forgotten", () => {
  it("is told with why, and what to do first", () => {
    expect(forgetRefused("a", { kind: "inFile" })).toContain("Sign out of it there first.");
    expect(forgetRefused("a", { kind: "olderCopyInFile", at: "a" })).toMatch(/^An older copy of it is in the file/);
    expect(forgetRefused("a", { kind: "olderCopyInFile", at: "b" })).toMatch(/^An older copy of it \(b\) is/);
    expect(forgetRefused("a", { kind: "failed", code: "EROFS" })).toContain("(the file system is read-only)");
    expect(forgetRefused("a", { kind: "unknown", kept: [] })).toBe(unknownCopy("a", []));
  });
});
