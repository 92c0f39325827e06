import { describe, expect, it } from "vitest";
import { scriptFor } from "./script.ts";

describe("what runs in the terminal", () => {
  it("on Windows is a batch file that calls the command and says what came of it", () => {
    const script = scriptFor("opencode auth login", "win32");
    expect(script?.fileName).toBe("sign-in.cmd");
    const lines = script?.text.split("\r\n") ?? [];
    expect(lines).toContain("call opencode auth login");
    expect(lines).toContain("where opencode >nul 2>nul");
    expect(lines.filter((line) => line.includes("not found"))[0]).toMatch(/^echo \^"opencode\^" was not found/);
    expect(lines.slice(-3)).toEqual([":end", "echo You can close this window.", ""]);
  });

  it.each(["linux", "darwin"] as const)("on %s is a shell script that may be opened like a program", (platform) => {
    const script = scriptFor("opencode auth login", platform);
    expect(script?.fileName).toBe("sign-in.command");
    expect(script?.text).toMatch(/^#!\/bin\/sh\n/);
    expect(script?.text).toContain("\n  opencode auth login\n");
  });
});
