import { describe, expect, it } from "vitest";
import { fileProblemSentence, fileProblemText, howToSignIn } from "./status.ts";

describe("how to sign in", () => {
  it("names opencode's command for opencode's own file only", () => {
    expect(howToSignIn("default")).toBe("sign in with: opencode auth login");
    for (const from of ["flag", "env", "settings"] as const)
      expect(howToSignIn(from)).toBe("sign in with the tool that writes this file");
  });
});

describe("a file that cannot be used", () => {
  it("is named before what is wrong with it, but for a sentence on our own notes, which names its own", () => {
    const file = { path: "/auth.json", format: null, problem: "it is empty", problemKind: "empty" } as const;
    expect(fileProblemText(file)).toBe(
      "/auth.json: it is empty. Nothing was written. Fix it, or move it away and sign in again.",
    );
    const own = { ...file, problem: "/state is a link. Remove it.", problemKind: "ownNotes" } as const;
    expect(fileProblemSentence(own)).toBe("/state is a link. Remove it.");
    expect(fileProblemText(own)).toBe("/state is a link. Remove it. Nothing was written.");
  });
});
