import { describe, expect, it } from "vitest";
import { NOON } from "../testing/snapshots.ts";
import { summarySentence } from "../words/history.ts";
import type { HistoryEvent, HistoryWhat } from "./history.ts";
import { summaryOf } from "./story.ts";

const HOUR = 3_600_000;
const event = (hours: number, what: HistoryWhat): HistoryEvent => ({
  at: NOON + hours * HOUR,
  id: "anthropic",
  by: "us",
  what,
  fingerprint: null,
});
const REFRESHED = { kind: "refreshed" } as const;
const ENDED = { kind: "ended", reason: "deadline" } as const;
const said = (...events: readonly HistoryEvent[]) => {
  const summary = summaryOf(events);
  return summary === null ? null : summarySentence(summary, NOON);
};

describe("what became of a login, in short", () => {
  it.each<[string | null, readonly HistoryEvent[]]>([
    [null, []],
    ["Known since 11:00, not refreshed yet.", [event(-1, { kind: "firstSeen" })]],
    ["Refreshed once, at 10:00.", [event(-3, { kind: "firstSeen" }), event(-2, REFRESHED)]],
    ["Refreshed 2 times since 3 Nov, last at 11:00.", [event(-20 * 24, REFRESHED), event(-1, REFRESHED)]],
    [
      "Ended at 06:00: the login reached its deadline. It was refreshed once since Sat 12:00.",
      [event(-48, { kind: "firstSeen" }), event(-30, REFRESHED), event(-6, ENDED), event(-1, ENDED)],
    ],
    ["Ended at 06:00: the login reached its deadline. It was never refreshed here.", [event(-6, ENDED)]],
    ["Removed from the file on Sun 12:00. It was never refreshed here.", [event(-24, { kind: "signedOut" })]],
    ["Emptied in the file at 11:00. It was never refreshed here.", [event(-1, { kind: "emptied" })]],
  ])("says: %s", (sentence, events) => {
    expect(said(...events)).toBe(sentence);
  });

  it("counts anew after a sign-in, and not after another program's refresh", () => {
    const before = [event(-50, REFRESHED), event(-40, { kind: "adopted" }), event(-30, REFRESHED)];
    expect(summaryOf(before)).toMatchObject({ refreshed: 2, since: NOON - 50 * HOUR });
    const after = [...before, event(-20, ENDED), event(-10, { kind: "adopted" }), event(-2, REFRESHED)];
    expect(summaryOf(after)).toMatchObject({ outcome: { kind: "alive" }, refreshed: 1, since: NOON - 10 * HOUR });
  });

  it("is alive again when trying once more worked, or it was rescued", () => {
    for (const what of [REFRESHED, { kind: "putBack" }] as const)
      expect(summaryOf([event(-6, ENDED), event(-1, what)])?.outcome.kind).toBe("alive");
  });
});
