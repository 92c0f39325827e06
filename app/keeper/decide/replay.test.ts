import { describe, expect, it } from "vitest";
import { lookUp } from "../../shared/data/by-id.ts";
import { type Intent } from "../notes/journal-text.ts";
import { chainOf, EMPTY_LEDGER, type Ledger } from "../notes/ledger.ts";
import {
  DAY,
  FILE,
  HOUR,
  intentOn,
  journalOf,
  ledgerOf,
  managedIn,
  NOW,
  oauth,
  readingOf,
  successorTo,
} from "../testing/facts-bench.ts";
import { detect } from "./detect.ts";
import { replayJournal } from "./replay.ts";

const known = ledgerOf({ r1: {} }, { anthropic: { current: "fp-r1" } }, { r1: {} });
const fold = (ledger: Ledger, ...intents: readonly Intent[]): Ledger => replayJournal(ledger, journalOf(intents), FILE);
const answered = (from: string, to: string, at = NOW): Intent => intentOn(from, { successor: successorTo(to, { at }) });

describe("what the journal proves", () => {
  it("is nothing without an answer: the ledger stays the same object", () => {
    expect(fold(known, intentOn("r1"))).toBe(known);
    expect(fold(EMPTY_LEDGER)).toBe(EMPTY_LEDGER);
  });

  it("is that the token of an answered intent is spent, and the successor current, in the same lineage", () => {
    const ledger = fold(known, answered("r1", "r2"));
    expect(ledger.tokens).toEqual({
      "fp-r1": { seenAt: NOW - DAY, lineage: "fp-r1", spentAt: NOW, next: "fp-r2" },
      "fp-r2": { seenAt: NOW, lineage: "fp-r1" },
    });
    expect(lookUp(ledger.logins, "anthropic")).toMatchObject({
      current: "fp-r2",
      lastRefresh: { at: NOW, outcome: "refreshed" },
    });
    expect(lookUp(ledger.lineages, "fp-r1")).toMatchObject({ lastRefreshAt: NOW, lifetimeMs: 8 * HOUR });
  });

  it("does not change by being folded twice", () => {
    const intents = [answered("r1", "r2", NOW - 9), answered("r2", "r3"), answered("x1", "x1")];
    const once = fold(known, ...intents);
    expect(fold(once, ...intents)).toEqual(once);
    expect(fold(once, answered("r1", "r2", NOW - 9))).toBe(once);
  });

  it("is the same in whatever order it is read", () => {
    const intents = [answered("r1", "r2", NOW - 9), answered("r2", "r3", NOW - 5), answered("r3", "r4", NOW)];
    expect(fold(known, ...intents.toReversed())).toEqual(fold(known, ...intents));
    expect(chainOf(fold(known, ...intents), "fp-r1")).toEqual(["fp-r1", "fp-r2", "fp-r3", "fp-r4"]);
  });

  it("holds also after the tokens of the answer were erased", () => {
    const scrubbed = intentOn("r1", { successor: successorTo("r2", { at: NOW, pair: null }) });
    expect(fold(known, scrubbed)).toEqual(fold(known, answered("r1", "r2")));
  });

  it("moves every login that holds the token", () => {
    const two = ledgerOf({ r1: {} }, { anthropic: { current: "fp-r1" }, second: { current: "fp-r1" } });
    expect(fold(two, answered("r1", "r2")).logins).toMatchObject({
      anthropic: { current: "fp-r2" },
      second: { current: "fp-r2" },
    });
  });

  it("counts for other files only where their token is known here", () => {
    const elsewhere = intentOn("r1", { file: "another", successor: successorTo("r2") });
    expect(fold(EMPTY_LEDGER, elsewhere)).toBe(EMPTY_LEDGER);
    expect(fold(known, elsewhere).tokens["fp-r1"]).toHaveProperty("spentAt");
  });

  it("knows a token that the ledger lost: the ledger was not written before the crash", () => {
    expect(fold(EMPTY_LEDGER, answered("r1", "r2")).tokens).toMatchObject({
      "fp-r1": { spentAt: NOW, next: "fp-r2" },
      "fp-r2": { lineage: "fp-r1" },
    });
  });

  it("marks the generation that a refused ping forced", () => {
    const by401 = intentOn("r1", { successor: successorTo("r2", { by401: true }) });
    expect(fold(known, by401).tokens["fp-r2"]).toHaveProperty("by401", true);
  });

  it("keeps a verdict with the token that it was about", () => {
    const ended = ledgerOf({ r1: { ended: { at: NOW, why: "x" } } }, { anthropic: { current: "fp-r1" } });
    expect(fold(ended, answered("r1", "r2")).tokens["fp-r2"]).not.toHaveProperty("ended");
  });
});

describe("an answer without a new refresh token", () => {
  it("spends nothing: the lineage learns, the login is refreshed", () => {
    const ledger = fold(known, answered("r1", "r1"));
    expect(lookUp(ledger.tokens, "fp-r1")).toEqual({ seenAt: NOW - DAY, lineage: "fp-r1" });
    expect(lookUp(ledger.lineages, "fp-r1")).toMatchObject({ lastRefreshAt: NOW, lifetimeMs: 8 * HOUR });
    expect(lookUp(ledger.logins, "anthropic")).toMatchObject({
      current: "fp-r1",
      lastRefresh: { at: NOW, outcome: "refreshed" },
    });
    expect(fold(ledger, answered("r1", "r1"))).toBe(ledger);
  });
});

describe("a foreign pair that came while the answer was under way", () => {
  it("takes its place after the successor: the chain leads from the spent token over ours to the adopted one", () => {
    const reading = readingOf([oauth("anthropic", "f1")]);
    const look = { reading, managed: managedIn(reading), confirmed: false, now: NOW, allowed: () => false };
    const adopted = detect({ ...look, ledger: known }).ledger;
    const ledger = fold(adopted, answered("r1", "r2", NOW - 5));
    expect(chainOf(ledger, "fp-r1")).toEqual(["fp-r1", "fp-r2", "fp-f1"]);
    expect(lookUp(ledger.tokens, "fp-r2")).toMatchObject({ displacedAt: NOW, next: "fp-f1" });
    expect(lookUp(ledger.tokens, "fp-r1")).not.toHaveProperty("displacedAt");
    expect(lookUp(ledger.logins, "anthropic")?.current).toBe("fp-f1");
    expect(detect({ ...look, ledger })).toMatchObject({ ledger, events: [] });
  });

  it("makes the same chain when it is seen after the answer", () => {
    const reading = readingOf([oauth("anthropic", "f1")]);
    const { ledger } = detect({
      ledger: fold(known, answered("r1", "r2")),
      reading,
      managed: managedIn(reading),
      confirmed: false,
      now: NOW,
      allowed: () => false,
    });
    expect(chainOf(ledger, "fp-r1")).toEqual(["fp-r1", "fp-r2", "fp-f1"]);
    expect(lookUp(ledger.tokens, "fp-r2")).toMatchObject({ displacedAt: NOW, next: "fp-f1" });
  });

  it("does not take a removal away that came while the answer was under way", () => {
    const removed = ledgerOf(
      { r1: { removedAt: NOW - 1 } },
      { anthropic: { current: "fp-r1", removedAt: NOW - 1 } },
      { r1: {} },
    );
    const ledger = fold(removed, answered("r1", "r2"));
    expect(lookUp(ledger.logins, "anthropic")).toMatchObject({ removedAt: NOW - 1 });
    expect(lookUp(ledger.tokens, "fp-r1")).toMatchObject({ spentAt: NOW, removedAt: NOW - 1 });
  });
});

describe("the account of a lineage", () => {
  const first = successorTo("r2", { at: NOW, accountUuid: "u-1", loginLifetimeMs: 30 * DAY });
  const one = fold(known, intentOn("r1", { successor: first }));

  it("is learned with the deadline of the login", () => {
    expect(lookUp(one.lineages, "fp-r1")).toMatchObject({ accountUuid: "u-1", loginEndsAt: NOW + 30 * DAY });
    expect(lookUp(one.lineages, "fp-r1")).not.toHaveProperty("accountChangedAt");
  });

  it("is saved all the same when it changed, and the change is noted", () => {
    const later = successorTo("r3", { at: NOW + HOUR, accountUuid: "u-2" });
    const two = fold(one, intentOn("r2", { successor: later }));
    expect(lookUp(two.lineages, "fp-r1")).toMatchObject({ accountUuid: "u-2", accountChangedAt: NOW + HOUR });
    expect(lookUp(two.logins, "anthropic")?.current).toBe("fp-r3");
  });

  it("stays known when an answer says nothing about it, and so do lifetime and deadline", () => {
    const silent = successorTo("r3", { at: NOW + HOUR, accountUuid: null, lifetimeMs: null, loginLifetimeMs: null });
    const two = fold(one, intentOn("r2", { successor: silent }));
    expect(lookUp(two.lineages, "fp-r1")).toMatchObject({
      accountUuid: "u-1",
      lifetimeMs: 8 * HOUR,
      loginEndsAt: NOW + 30 * DAY,
      lastRefreshAt: NOW + HOUR,
    });
  });
});
