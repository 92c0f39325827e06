import { describe, expect, it } from "vitest";
import { UserError } from "../../shared/data/errors.ts";
import { terminalOpener } from "./terminal.ts";

describe("the terminal of a sign-in", () => {
  it("is opened once for two clicks, and again after some seconds", async () => {
    let [time, broken] = [0, false];
    const opened: string[] = [];
    const open = terminalOpener({
      now: () => time,
      run: async (command) => {
        if (broken) throw new UserError("There is none.", 3);
        opened.push(command);
      },
    });
    await open("one");
    time = 2_900;
    await expect(open("two")).rejects.toThrow("was just opened");
    time = 3_000;
    await open("three");
    [time, broken] = [6_000, true];
    await expect(open("four")).rejects.toThrow("There is none.");
    // One that fails at once is no reason for a crowd of them.
    broken = false;
    await expect(open("four")).rejects.toThrow("was just opened");
    time = 9_000;
    await open("five");
    expect(opened).toEqual(["one", "three", "five"]);
  });
});
