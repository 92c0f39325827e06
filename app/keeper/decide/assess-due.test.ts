import { describe, expect, it } from "vitest";
import type { Pings } from "../notes/ping-notes.ts";
import {
  assessedIn,
  attempts,
  DAY,
  HOUR,
  intentOn,
  journalOf,
  LATER,
  LOGIN,
  ledgerOf,
  MINUTE,
  NOW,
  ONCE,
  oauth,
  onProvider,
  onToken,
  type SceneOptions,
  waitOf,
} from "../testing/facts-bench.ts";
import type { Assessment } from "./assess.ts";

/** The last ping, refused for this generation. */
const refusedOf = (refusedFp: string): Pings => ({
  version: 1,
  logins: {
    anthropic: { last: { at: NOW, outcome: "unauthorized", mode: "profile" }, day: "", tokens: 0, refusedFp },
  },
});

describe("the time at which a login is due", () => {
  it.each<readonly [string, SceneOptions, number]>([
    [
      "a quarter of its lifetime before expiry",
      {
        ledger: ledgerOf({ r1: {} }, LOGIN, { r1: { lifetimeMs: 8 * HOUR } }),
      },
      NOW + 6 * HOUR,
    ],
    [
      "10 min before expiry by the classic rule",
      {
        ledger: ledgerOf({ r1: {} }, LOGIN, { r1: { lifetimeMs: 8 * HOUR } }),
        settings: { schedule: "classic" },
      },
      NOW + 8 * HOUR - 10 * MINUTE,
    ],
    [
      "at once where expires is beyond belief",
      {
        ledger: ledgerOf({ r1: {} }, LOGIN, { r1: { lifetimeMs: HOUR } }),
      },
      NOW,
    ],
    [
      "a minute after the last refresh of the lineage at the earliest",
      {
        entries: [oauth("anthropic", "r1", { expires: 0 })],
        ledger: ledgerOf({ r1: {} }, LOGIN, { r1: { lastRefreshAt: NOW - 20_000 } }),
      },
      NOW + 40_000,
    ],
    [
      "a minute from now where the last refresh lies in the future",
      {
        entries: [oauth("anthropic", "r1", { expires: 0 })],
        ledger: ledgerOf({ r1: {} }, LOGIN, { r1: { lastRefreshAt: NOW + DAY } }),
      },
      NOW + MINUTE,
    ],
    [
      "at once where a ping was refused",
      {
        pings: refusedOf("fp-r1"),
      },
      NOW,
    ],
    [
      "its own where the ping of an earlier generation was refused",
      {
        pings: refusedOf("fp-r0"),
      },
      NOW + 8 * HOUR - 10 * MINUTE,
    ],
    [
      "its own where a refused ping had made this generation",
      {
        ledger: ledgerOf({ r1: { by401: true } }, LOGIN, { r1: {} }),
        pings: refusedOf("fp-r1"),
      },
      NOW + 8 * HOUR - 10 * MINUTE,
    ],
  ])("is %s", (_name, options, at) => {
    expect(assessedIn(options).nextAt).toBe(at);
  });
});

describe("refresh now", () => {
  it.each<readonly [string, SceneOptions, string, Assessment["redeem"]]>([
    ["does not wait for the due time", {}, "due", ONCE],
    ["does not wait for a back-off", { waits: onToken(waitOf("transient", LATER)) }, "due", ONCE],
    ["does not wait with the provider", { waits: onProvider(waitOf("transient", LATER)) }, "due", ONCE],
    [
      "does not wait a minute after the last refresh",
      {
        ledger: ledgerOf({ r1: {} }, LOGIN, { r1: { lastRefreshAt: NOW } }),
      },
      "due",
      ONCE,
    ],
    ["does not override a rate limit", { waits: onToken(waitOf("rateLimited", LATER)) }, "rateLimited", null],
    [
      "does not override a rate limit on a lost answer",
      {
        journal: journalOf(attempts("r1", 1)),
        waits: onToken(waitOf("rateLimited", LATER)),
      },
      "rateLimited",
      null,
    ],
    [
      "does not override shared",
      {
        shared: { tokens: new Map([["r1", "Claude Code"]]), all: null, unseen: null },
      },
      "shared",
      null,
    ],
    ["does not use an old copy", { ledger: ledgerOf({ r1: { removedAt: NOW } }, LOGIN) }, "oldCopy", null],
    ["does not write where the file cannot be replaced", { cannotReplace: { kind: "hardLinks" } }, "retrying", null],
    [
      "does not disturb a refresh that is under way",
      {
        journal: journalOf([intentOn("r1", { at: NOW - 10_000 })]),
        senders: new Map([["fp-r1", "alive"]]),
      },
      "refreshing",
      null,
    ],
    [
      "is a deliberate attempt after a lost answer",
      {
        journal: journalOf(attempts("r1", 2)),
        waits: onToken(waitOf("unknown", LATER)),
      },
      "outcomeUnknown",
      { fp: "fp-r1", attempt: 3 },
    ],
    [
      "sends nothing while the process of the intent lives",
      {
        journal: journalOf(attempts("r1", 1)),
        senders: new Map([["fp-r1", "alive"]]),
      },
      "outcomeUnknown",
      null,
    ],
    [
      "tries once more what has ended",
      {
        ledger: ledgerOf({ r1: { ended: { at: NOW - DAY, why: "x" } } }, LOGIN),
      },
      "signIn",
      ONCE,
    ],
    [
      "tries what has ended only once a minute",
      {
        ledger: ledgerOf({ r1: { ended: { at: NOW - DAY, why: "x" }, triedAgainAt: NOW - 59_000 } }, LOGIN),
      },
      "signIn",
      null,
    ],
  ])("%s", (_name, options, state, redeem) => {
    const found = assessedIn(options, "user");
    expect([found.state.name, found.redeem]).toEqual([state, redeem]);
  });
});
