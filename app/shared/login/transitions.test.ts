import { describe, expect, it } from "vitest";
import { loginOf, NOON, snapshotOf } from "../testing/snapshots.ts";
import type { Login, Snapshot } from "./snapshot.ts";
import { LOGIN_STATE_NAMES } from "./states.ts";
import { baseline, transitions } from "./transitions.ts";

const HOUR = 3_600_000;
const one = (change: Partial<Login> = {}) => snapshotOf([loginOf("a", change)]);
const told = (before: Snapshot | null, after: Snapshot) =>
  transitions(before, after).map((each) => ("login" in each ? `${each.login.id} ${each.kind}` : each.kind));
const from = (before: Partial<Login>, after: Partial<Login>) => told(one(before), one(after));
const refreshed = (outcome: NonNullable<Login["lastRefresh"]>["outcome"]) =>
  ({ lastRefresh: { at: NOON, outcome } }) satisfies Partial<Login>;

describe("what is new of a login", () => {
  it("is at first that it is there", () => {
    expect(told(null, one())).toEqual(["a appeared"]);
    expect(told(snapshotOf([]), one())).toEqual(["a appeared"]);
  });

  it("is nothing where nothing changed, in any state", () => {
    for (const state of LOGIN_STATE_NAMES) expect(from({ state }, { state }), state).toEqual([]);
  });

  it("is nothing while it comes due and is refreshed", () => {
    expect(from({}, { state: "due" })).toEqual([]);
    expect(from({ state: "due" }, { state: "refreshing" })).toEqual([]);
  });

  it.each<readonly [Partial<Login>, Partial<Login>, readonly string[]]>([
    [{}, refreshed("refreshed"), ["refreshed"]],
    [{}, refreshed("adopted"), ["adopted"]],
    [{}, { ...refreshed("transient"), state: "retrying" }, ["refreshFailed", "retrying"]],
    [{}, { ...refreshed("rejected"), state: "signIn" }, ["refreshFailed", "signInNeeded"]],
    [{ state: "retrying" }, refreshed("refreshed"), ["refreshed", "recovered"]],
    [{}, { state: "shared" }, ["needsYou"]],
    [{}, { state: "oldCopy" }, ["needsYou"]],
    [{}, { state: "wipedElsewhere" }, ["needsYou"]],
    [{}, { state: "outcomeUnknown" }, ["retrying"]],
    [{}, { state: "unreadable" }, ["unreadable"]],
    [{ state: "unreadable" }, {}, ["recovered"]],
    [{ state: "signIn" }, { state: "due" }, ["recovered"]],
    [{}, { state: "paused" }, ["paused"]],
    [{ state: "paused" }, {}, ["resumed"]],
    [{}, { state: "unmanaged" }, ["remarked"]],
    [{}, { reasonKind: "accountChanged" }, ["remarked"]],
    [{ reasonKind: "accountChanged" }, {}, []],
    [{ state: "signIn", reasonKind: "deadline" }, { state: "signIn", reasonKind: "refused" }, ["signInNeeded"]],
    [{ state: "retrying", reasonKind: "network" }, { state: "retrying", reasonKind: "provider" }, ["retrying"]],
    [{ state: "shared", sharedWith: "A" }, { state: "shared", sharedWith: "B" }, ["needsYou"]],
    [{ state: "paused", pausedUntil: null }, { state: "paused", pausedUntil: NOON + 1 }, ["paused"]],
  ])("from %j to %j is %j", (before, after, kinds) => {
    expect(from(before, after)).toEqual(kinds.map((kind) => `a ${kind}`));
  });

  it("is the next time of one that waits, but not that the time has come", () => {
    for (const state of ["rateLimited", "outcomeUnknown"] as const) {
      const at = (nextRefreshAt: number) => ({ state, nextRefreshAt });
      expect(from(at(NOON + 1), at(NOON + 2))).toEqual(["a retrying"]);
      expect(from(at(NOON + 1), at(NOON))).toEqual([]);
    }
  });

  it("does not hang on the words of a sentence", () => {
    expect(from({ state: "retrying", reason: "So." }, { state: "retrying", reason: "Or so." })).toEqual([]);
  });

  it("is a ping that was sent, whatever came of it", () => {
    const pinged = (outcome: NonNullable<Login["lastPing"]>["outcome"]) =>
      ({ lastPing: { at: NOON, outcome, mode: "message" } }) satisfies Partial<Login>;
    expect(from({}, pinged("ok"))).toEqual(["a pinged"]);
    expect(from({}, pinged("refused"))).toEqual(["a pinged"]);
    expect(from({}, pinged("skipped"))).toEqual([]);
  });

  it("is that it is gone, as it was; not while the file cannot be read", () => {
    expect(transitions(one(), snapshotOf([]))).toEqual([{ kind: "gone", login: loginOf("a") }]);
    expect(told(one(), snapshotOf([], { format: null, problem: "so" }))).toEqual(["fileUnusable"]);
  });

  it("is told once it is done: a refresh that is under way counts as it was before", () => {
    const before = one({ state: "due" });
    const between = baseline(before, one({ ...refreshed("refreshed"), state: "refreshing" }));
    expect(told(before, between)).toEqual([]);
    expect(told(between, baseline(between, one({ ...refreshed("refreshed"), nextRefreshAt: NOON + HOUR })))).toEqual([
      "a refreshed",
    ]);
  });
});

describe("what is new of the file", () => {
  const good = snapshotOf([]);
  const missing = snapshotOf([], { format: null });
  const bad = (problemKind?: "empty" | "notJson") => snapshotOf([], { format: null, problem: "so", problemKind });

  it.each<readonly [string, Snapshot | null, Snapshot, readonly string[]]>([
    ["a good one at first", null, good, []],
    ["none at first", null, missing, ["fileMissing"]],
    ["a bad one at first", null, bad("empty"), ["fileUnusable"]],
    ["one that comes", missing, good, ["fileUsable"]],
    ["one that breaks", good, bad("empty"), ["fileUnusable"]],
    ["one that is repaired", bad("empty"), good, ["fileUsable"]],
    ["another problem", bad("empty"), bad("notJson"), ["fileUnusable"]],
    ["the same problem", bad("empty"), bad("empty"), []],
    ["a problem of which an older keeper tells no kind", bad(), bad(), []],
    ["one that goes", good, missing, ["fileMissing"]],
  ])("is told of %s", (_what, before, after, kinds) => {
    expect(told(before, after)).toEqual(kinds);
  });
});
