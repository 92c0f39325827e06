import { describe, expect, it } from "vitest";
import type { Sample } from "../support/clock/clock.ts";
import { accountsFile } from "../support/lanes/accounts-file.ts";
import { MINUTE } from "./days.ts";
import { judge } from "./judge.ts";

const content = accountsFile([{ access: "a", refresh: "r", expires: 0 }]);
const times = (minutes: number) => ({ true: minutes * MINUTE, wall: minutes * MINUTE, monotonic: minutes * MINUTE });
const file = (minutes: number): Sample => ({ ...times(minutes), content });
const event = (minutes: number, name: "sleep" | "sample" | "step", asleep = 0): Sample => ({
  ...times(minutes),
  event: name,
  asleepMs: asleep * MINUTE,
  memory: 0,
});
const judged = (samples: readonly Sample[], expiry: number | null, granted: readonly number[] = []) =>
  judge({
    samples,
    granted: new Map([["x", granted.map((minutes) => minutes * MINUTE)]]),
    expiryOf: () => (expiry === null ? null : expiry * MINUTE),
  });

describe("the judge of days", () => {
  it("counts an expired token from its end on", () => {
    expect(judged([file(0), event(30, "sample")], 20).expiredMs).toBe(10 * MINUTE);
    expect(judged([file(0), event(30, "sample")], 40).wrong).toEqual([]);
  });

  it("counts neither the time asleep nor a minute after it", () => {
    const night = [file(0), event(600, "sleep", 590), event(601, "sample")];
    expect(judged(night, 20)).toMatchObject({ expiredMs: 0, settledMs: MINUTE, wrong: [] });
    expect(judged([...night, event(603, "sample")], 20).expiredMs).toBe(2 * MINUTE);
  });

  it("counts requests within a minute, unless the clock was put between them", () => {
    expect(judged([file(0), event(9, "sample")], 99, [1, 1.5, 3]).tooSoon).toBe(1);
    expect(judged([file(0), event(1.2, "step")], 99, [1, 1.5, 3]).tooSoon).toBe(0);
  });

  it("tells of a file that holds what nobody granted, or that nobody can read", () => {
    expect(judged([file(0), event(9, "sample")], null).wrong).toHaveLength(1);
    expect(judged([file(0), { ...times(1), content: "{" }], 99).wrong).toHaveLength(1);
  });
});
