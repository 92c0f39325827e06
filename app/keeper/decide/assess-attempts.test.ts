import { describe, expect, it } from "vitest";
import {
  assessed,
  assessedIn,
  attempts,
  copyOf,
  DAY,
  intentOn,
  journalOf,
  LOGIN,
  ledgerOf,
  MINUTE,
  NOW,
  oauth,
  onToken,
  pairOf,
  scene,
  successorTo,
  waitOf,
} from "../testing/facts-bench.ts";
import { rescuePair } from "./put-backs.ts";

describe("a deliberate attempt", () => {
  it("takes a free number above all that stand on disk, also of attempts that were taken back", () => {
    const intents = [intentOn("r1", { attempt: 1 }), intentOn("r1", { attempt: 4, at: NOW - 50 * MINUTE })];
    const waits = onToken(waitOf("unknown", NOW, { count: 2 }));
    expect(assessedIn({ journal: journalOf(intents), waits }).redeem).toEqual({ fp: "fp-r1", attempt: 5 });
  });

  it("comes although the waits were lost: the intents alone tell when", () => {
    for (const count of [1, 2, 3, 4, 5]) {
      expect(assessedIn({ journal: journalOf(attempts("r1", count, DAY)) }), `${count} open`).toMatchObject({
        redeem: { fp: "fp-r1", attempt: count + 1 },
      });
    }
  });

  it("comes after a transient one, which took the place of the written wait", () => {
    const transient = waitOf("transient", NOW - 1, { count: 3 });
    expect(assessedIn({ journal: journalOf(attempts("r1", 3, DAY)), waits: onToken(transient) }).redeem).toEqual({
      fp: "fp-r1",
      attempt: 4,
    });
  });

  it("does not follow at once on one whose process died before it wrote the next time down", () => {
    const intents = [...attempts("r1", 1, 70_000), intentOn("r1", { attempt: 2, at: NOW - 5_000 })];
    const waits = onToken(waitOf("unknown", NOW - 10_000, { since: NOW - 70_000 }));
    const found = assessedIn({ journal: journalOf(intents), waits });
    expect(found.redeem).toBeNull();
    expect(found.nextAt).toBeGreaterThanOrEqual(NOW - 70_000 + 2 * MINUTE);
  });
});

describe("a rescue of an emptied entry", () => {
  const entries = [oauth("anthropic", "")];
  it.each([
    ["puts back the safe copy", ledgerOf({ r1: {} }, LOGIN), journalOf([], [copyOf("r1")]), pairOf("r1")],
    [
      "puts back the newest generation",
      ledgerOf({ r1: { spentAt: NOW, next: "fp-r2" }, r2: {} }, LOGIN),
      journalOf([intentOn("r1", { successor: successorTo("r2") })], [copyOf("r1")]),
      pairOf("r2"),
    ],
    ["has nothing without a copy", ledgerOf({ r1: {} }, LOGIN), journalOf(), null],
    ["never puts back a spent one", ledgerOf({ r1: { spentAt: NOW } }, LOGIN), journalOf([], [copyOf("r1")]), null],
    ["waits for an open intent", ledgerOf({ r1: {} }, LOGIN), journalOf(attempts("r1", 1), [copyOf("r1")]), null],
    [
      "brings back no removed login",
      ledgerOf({ r1: {} }, { anthropic: { current: "fp-r1", removedAt: NOW } }),
      journalOf([], [copyOf("r1")]),
      null,
    ],
    ["knows nothing of a login that it never saw", ledgerOf({}), journalOf([], [copyOf("r1")]), null],
  ])("%s", (_name, ledger, journal, pair) => {
    const facts = scene({ entries, ledger, journal });
    expect(rescuePair(facts, "anthropic")).toEqual(pair);
    expect(assessed(facts).state).toMatchObject({ name: "wipedElsewhere", kept: pair !== null });
  });
});
