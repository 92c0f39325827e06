import { EventEmitter } from "node:events";
import type { PowerMonitor } from "electron";
import { describe, expect, it } from "vitest";
import { createDeparture } from "../../platform/process/departure.ts";
import { listenToPower, powerSource } from "./power.ts";

function scene() {
  const done: string[] = [];
  const slept: string[] = [];
  const events = new EventEmitter();
  const powerMonitor = events as unknown as Pick<PowerMonitor, "on">;
  const departure = createDeparture({ monotonic: () => 0 });
  listenToPower({
    powerMonitor,
    departure,
    wake: () => done.push("wake"),
    slept: () => slept.push("slept"),
    end: () => done.push("end"),
  });
  const tell = (name: string) => events.emit(name, { preventDefault: () => done.push("held") });
  return { done, slept, departure, tell };
}

describe("the system's power events", () => {
  it.each(["resume", "unlock-screen"])("wake the keeper: %s", (name) => {
    const { done, tell } = scene();
    tell(name);
    expect(done).toEqual(["wake"]);
  });

  it.each([
    ["resume", 1],
    ["unlock-screen", 0],
  ])("tell a sleep from a user who was away: %s", (name, times) => {
    const { slept, tell } = scene();
    tell(name);
    expect(slept).toHaveLength(times);
  });

  it("let nothing begin between falling asleep and waking up, from the first moment on", () => {
    const { done, departure, tell } = scene();
    tell("suspend");
    expect(departure.leaving()).toBe(true);
    expect(done).toEqual([]);
    tell("unlock-screen");
    expect(departure.leaving()).toBe(true);
    tell("resume");
    expect(departure.leaving()).toBe(false);
  });

  it("end the app at a shutdown, which is asked to wait, and let nothing begin", () => {
    const { done, departure, tell } = scene();
    tell("shutdown");
    expect(done).toEqual(["held", "end"]);
    expect(departure.leaving()).toBe(true);
  });
});

describe("Electron's way to hold off sleep", () => {
  it("is begun and ended by its own number, and keeps no screen awake", () => {
    const seen: unknown[] = [];
    const blocker = {
      start: (kind: string) => seen.push(kind) + 40,
      stop: (id: number) => seen.push(id) > 0,
    };
    const { leaving, block } = powerSource({ leaving: () => true }, blocker);
    expect(leaving()).toBe(true);
    block?.()();
    expect(seen).toEqual(["prevent-app-suspension", 41]);
  });
});
