import { describe, expect, it } from "vitest";
import { howToSignIn } from "./status.ts";

describe("how to sign in", () => {
  it("names opencode's command for opencode's own file only", () => {
    expect(howToSignIn("default")).toBe("sign in with: opencode auth login");
    for (const from of ["flag", "env", "settings"] as const)
      expect(howToSignIn(from)).toBe("sign in with the tool that writes this file");
  });
});
