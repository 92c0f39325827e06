import { describe, expect, it } from "vitest";
import { standingClock } from "../testing/support.ts";
import { createDeparture } from "./departure.ts";

describe("a system that is about to leave", () => {
  it("is so from its word until its return", () => {
    const departure = createDeparture(standingClock());
    expect(departure.leaving()).toBe(false);
    departure.begin();
    expect(departure.leaving()).toBe(true);
    departure.end();
    expect(departure.leaving()).toBe(false);
  });

  it("is so for a minute at most when no word of its return comes", () => {
    const clock = standingClock();
    const departure = createDeparture(clock);
    departure.begin();
    clock.advance(59_999);
    expect(departure.leaving()).toBe(true);
    clock.advance(1);
    expect(departure.leaving()).toBe(false);
    departure.begin();
    expect(departure.leaving()).toBe(true);
  });
});
