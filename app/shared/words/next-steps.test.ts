import { describe, expect, it } from "vitest";
import { howToSignIn, nextStepForFile } from "./next-steps.ts";

describe("the next step for a credential file that cannot be used", () => {
  it.each<readonly [string, RegExp | null]>([
    ["it is cut off or not JSON (line 1, column 3)", /^Mend it, or put it aside and sign in again\.$/],
    ["it is empty", /^Mend it/],
    ["the key “anthropic” stands in it twice", /^Mend it/],
    ["two records in it have the id “a”", /^Mend it/],
    ["the key “it is a folder” stands in it twice", /^Mend it/],
    ["it cannot be read: permission denied", /readable for you/],
    ["it cannot be read: not permitted", /readable for you/],
    ["it is a folder", /^Move that folder away/],
    ["it cannot be read: it is a folder", /^Move that folder away/],
    ["it is no ordinary file", /^Move it away/],
    ["it cannot be read: a file stands where a folder should be", /^Move that file away/],
    ["it cannot be read: its links go in a circle", /link/],
    ["it cannot be read: the disk reported an error", /read again/],
    ["it is being written without a pause", /^Wait/],
    ["it has more than one hard link, so it cannot be replaced safely", /plain file in a folder of its own/],
    ["it cannot be told whether it can be replaced safely: the disk reported an error", /plain file/],
    ["Our own notes in /s are damaged, so nothing is refreshed. Move that file away", null],
  ])("fits: %s", (problem, step) => {
    const said = nextStepForFile(problem);
    if (step === null) expect(said).toBeNull();
    else expect(said).toMatch(step);
  });
});

describe("how to sign in", () => {
  it("names opencode's command for opencode's own file only", () => {
    expect(howToSignIn("default")).toBe("Sign in with: opencode auth login");
    for (const from of ["flag", "env", "settings"] as const)
      expect(howToSignIn(from)).toBe("Sign in so that your tool writes this file");
  });
});
