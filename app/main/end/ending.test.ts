import { describe, expect, it } from "vitest";
import { createEnding } from "./ending.ts";

describe("quitting", () => {
  it("stops, cleans up and ends once, however often it is asked for, and never before it is safe", async () => {
    const done: string[] = [];
    let release = (): void => undefined;
    const safe = new Promise<void>((resolve) => {
      release = resolve;
    });
    let beforeQuit = (_event: { preventDefault(): void }): void => undefined;
    const ended = new Promise<void>((resolve) => {
      const app = {
        on: (_name: string, listener: typeof beforeQuit) => {
          beforeQuit = listener;
          return app;
        },
        exit: () => {
          done.push("exit");
          resolve();
        },
      };
      const ending = createEnding({
        app: app as never,
        onBegin: () => done.push("begin"),
        stop: async () => {
          await safe;
          done.push("stopped");
        },
        cleanUp: async () => void done.push("clean"),
      });
      beforeQuit({ preventDefault: () => done.push("held") });
      ending.begin();
    });
    expect(done).toEqual(["held", "begin"]);
    release();
    await ended;
    expect(done).toEqual(["held", "begin", "stopped", "clean", "exit"]);
  });

  it("ends even when cleaning up fails", async () => {
    await new Promise<void>((resolve) => {
      const app = { on: () => app, exit: () => resolve() };
      createEnding({
        app: app as never,
        onBegin: () => undefined,
        stop: () => Promise.reject(new Error("no")),
        cleanUp: () => Promise.reject(new Error("no")),
      }).begin();
    });
  });
});
