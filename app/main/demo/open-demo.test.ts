import { describe, expect, it } from "vitest";
import { demoOpener } from "./open-demo.ts";

describe("the demo as a second app", () => {
  it.each([
    [{ appFolder: "/work", unsandboxed: true }, ["--no-sandbox", "/work", "--demo"]],
    [{ appFolder: null, unsandboxed: false }, ["--demo"]],
  ])("is started from %j", async (how, args) => {
    const started: (readonly string[])[] = [];
    const start = async (file: string, words: readonly string[]) => {
      started.push([file, ...words]);
      return true;
    };
    await demoOpener({ start, now: () => 0, execPath: "/opt/pilot-light", ...how })();
    expect(started).toEqual([["/opt/pilot-light", ...args]]);
  });

  it("is opened once, however often it is asked for", async () => {
    let now = 0;
    let started = 0;
    const open = demoOpener({
      start: async () => {
        started += 1;
        return true;
      },
      now: () => now,
      execPath: "/x",
      appFolder: null,
      unsandboxed: false,
    });
    await open();
    await expect(open()).rejects.toThrow("give it a moment");
    expect(started).toBe(1);
    now = 10_000;
    await open();
    expect(started).toBe(2);
  });

  it("says another way when it cannot be started", async () => {
    const open = demoOpener({
      start: async () => false,
      now: () => 0,
      execPath: "/x",
      appFolder: null,
      unsandboxed: false,
    });
    await expect(open()).rejects.toThrow("pilot-light demo");
  });
});
