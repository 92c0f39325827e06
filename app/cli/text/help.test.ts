import { describe, expect, it } from "vitest";
import { COMMANDS, parseArguments } from "../arguments.ts";
import { helpText } from "./help.ts";

describe("the help", () => {
  it.each([null, ...COMMANDS])("of %s fits 80 columns and ends with a line end", (command) => {
    const text = helpText(command);
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(text).toMatch(/[^\n]\n$/);
  });

  it("of demo lists no flag that does not go with it", () => {
    const listed = (command: "demo" | "accounts") =>
      [...helpText(command).matchAll(/^ {2}(?:-h, )?--([a-z-]+)/gm)].map(([, flag]) => flag);
    expect(listed("demo")).toEqual(["ping", "json", "log-level", "help", "version"]);
    expect(listed("accounts")).toEqual(["auth-file", "state-dir", "token-url", "api-url", ...listed("demo")]);
  });

  it.each(COMMANDS)("of %s ends with examples that the program takes", (command) => {
    const [, last = ""] = helpText(command).split("\nExamples:\n");
    const examples = last.trimEnd().split("\n");
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.length).toBeLessThan(3);
    for (const example of examples) {
      const [line = ""] = example.split(/ [|>] /);
      expect(line).toMatch(/^ {2}pilot-light /);
      expect(parseArguments(line.trim().split(" ").slice(1))).toMatchObject({ kind: "command", command });
    }
  });

  it("of all is short enough for a screen", () => {
    expect(helpText(null).split("\n").length).toBeLessThan(48);
  });

  it("names every command, every flag and every exit code", () => {
    const text = helpText(null);
    for (const command of COMMANDS) expect(text).toMatch(new RegExp(`^  ${command} `, "m"));
    for (const code of [0, 1, 2, 3, 4]) expect(text).toMatch(new RegExp(`\\b${code} \\w`));
    for (const flag of ["auth-file", "state-dir", "token-url", "api-url", "ping", "json", "log-level", "version"]) {
      expect(text).toContain(`--${flag}`);
    }
  });
});
