import { EventEmitter } from "node:events";
import type { PowerMonitor } from "electron";
import { describe, expect, it } from "vitest";
import { listenToPower } from "./power.ts";

function scene() {
  const done: string[] = [];
  const events = new EventEmitter();
  const powerMonitor = events as unknown as Pick<PowerMonitor, "on">;
  listenToPower({ powerMonitor, wake: () => done.push("wake"), end: () => done.push("end") });
  const tell = (name: string) => events.emit(name, { preventDefault: () => done.push("held") });
  return { done, tell };
}

describe("the system's power events", () => {
  it.each(["resume", "unlock-screen"])("wake the keeper: %s", (name) => {
    const { done, tell } = scene();
    tell(name);
    expect(done).toEqual(["wake"]);
  });

  it("end the app at a shutdown, which is asked to wait", () => {
    const { done, tell } = scene();
    tell("shutdown");
    expect(done).toEqual(["held", "end"]);
  });

  it("need nothing when the machine falls asleep", () => {
    const { done, tell } = scene();
    tell("suspend");
    expect(done).toEqual([]);
  });
});
