import { describe, expect, it } from "vitest";
import { accountOf } from "../../shared/testing/snapshots.ts";
import { wordingOf } from "./questions.ts";

describe("what is asked before", () => {
  it("names the program that a refresh may sign out", () => {
    const { text, yes } = wordingOf("allow", accountOf("a", { state: "shared", sharedWith: "Claude Code" }));
    expect(text).toContain("Claude Code uses the same login, and may be signed out");
    expect(yes).toBe("Refresh it anyway");
  });

  it("does not pretend to know the program where it does not", () => {
    expect(wordingOf("allow", accountOf("a", { state: "shared" })).text).toContain(
      "Another program uses the same login",
    );
  });

  it("says of one more try that it is recorded, and promises nothing", () => {
    const { text } = wordingOf("tryOnce", accountOf("a", { state: "signIn" }));
    expect(text).toContain("the attempt is recorded");
    expect(text).toContain("may refuse again");
  });

  it("says of a pause that refreshing goes on", () => {
    expect(wordingOf("pause", accountOf("a")).text).toContain("It is still refreshed");
  });

  it("has an own word for each state in which something can be allowed", () => {
    const buttons = (["shared", "oldCopy", "wipedElsewhere"] as const).map(
      (state) => wordingOf("allow", accountOf("a", { state })).button,
    );
    expect(buttons).toEqual(["Refresh it anyway", "Use it anyway", "Put the safe copy back"]);
  });
});
