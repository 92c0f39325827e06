import { describe, expect, it } from "vitest";
import type { EndReason } from "../../shared/login/states.ts";
import {
  assessedIn,
  attempts,
  DAY,
  DUE,
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
  successorTo,
  waitOf,
} from "../testing/facts-bench.ts";
import type { Assessment } from "./assess.ts";

const FULL = { kind: "notes", code: "ENOSPC" } as const;
const NO_ROUTE = { kind: "noNetworkPath", host: "a.invalid" } as const;
const IN_WORDS = { kind: "other", text: "so", obstacle: "network" } as const;

describe("the state of a login, and what is done about it", () => {
  it.each<readonly [string, SceneOptions, string, Assessment["redeem"], number | null]>([
    ["is healthy long before it is due", {}, "healthy", null, NOW + 8 * HOUR - 10 * MINUTE],
    ["is due inside the lead", { entries: DUE }, "due", ONCE, NOW],
    ["is due with expires 0", { entries: [oauth("anthropic", "r1", { expires: 0 })] }, "due", ONCE, NOW],
    ["is due without an access token", { entries: [oauth("anthropic", "r1", { access: "" })] }, "due", ONCE, NOW],
    ["is due when it was never seen before", { entries: DUE, ledger: ledgerOf({}) }, "due", ONCE, NOW],
    ["waits for a back-off", { entries: DUE, waits: onToken(waitOf("transient", LATER)) }, "retrying", null, LATER],
    [
      "is not well again just because its back-off is over",
      { entries: DUE, waits: onToken(waitOf("transient", NOW)) },
      "retrying",
      ONCE,
      NOW,
    ],
    ["waits as long as a rate limit", { waits: onToken(waitOf("rateLimited", LATER)) }, "rateLimited", null, LATER],
    [
      "waits with its provider",
      { entries: DUE, waits: onProvider(waitOf("transient", LATER)) },
      "retrying",
      null,
      LATER,
    ],
    [
      "waits where nothing can be written",
      { entries: DUE, trouble: { since: NOW, next: LATER, problem: FULL } },
      "retrying",
      null,
      LATER,
    ],
    [
      "is healthy while nothing can be written and nothing is due",
      { trouble: { since: NOW, next: LATER, problem: FULL } },
      "healthy",
      null,
      NOW + 8 * HOUR - 10 * MINUTE,
    ],
    [
      "waits where its successor cannot be written",
      {
        ledger: ledgerOf({ r1: { spentAt: NOW, next: "fp-r2" }, r2: {} }, LOGIN),
        journal: journalOf([intentOn("r1", { successor: successorTo("r2") })]),
        trouble: { since: NOW, next: LATER, problem: FULL },
      },
      "retrying",
      null,
      NOW,
    ],
    [
      "waits where the file cannot be replaced",
      { entries: DUE, cannotReplace: { kind: "hardLinks" } },
      "retrying",
      null,
      NOW + MINUTE,
    ],
    [
      "is an old copy when it was displaced",
      { entries: DUE, ledger: ledgerOf({ r1: { displacedAt: NOW - 5, next: "fp-r2" }, r2: {} }, LOGIN) },
      "oldCopy",
      null,
      null,
    ],
    [
      "is an old copy when it was removed",
      { entries: DUE, ledger: ledgerOf({ r1: { removedAt: NOW - 5 } }, LOGIN) },
      "oldCopy",
      null,
      null,
    ],
    [
      "is an old copy when what came of it was removed",
      {
        entries: DUE,
        ledger: ledgerOf({ r1: { spentAt: NOW - 9, next: "fp-r2" }, r2: { removedAt: NOW - 5 } }, LOGIN),
      },
      "oldCopy",
      null,
      null,
    ],
    [
      "needs a sign-in once it has ended",
      { entries: DUE, ledger: ledgerOf({ r1: { ended: { at: NOW - 5, why: "It ended." } } }, LOGIN) },
      "signIn",
      null,
      null,
    ],
    ["was emptied elsewhere", { entries: [oauth("anthropic", "")] }, "wipedElsewhere", null, null],
    [
      "has a refresh of a living process under way",
      {
        entries: DUE,
        journal: journalOf([intentOn("r1", { at: NOW - 10_000 })]),
        senders: new Map([["fp-r1", "alive"]]),
      },
      "refreshing",
      null,
      null,
    ],
    [
      "is about to get its successor",
      {
        ledger: ledgerOf({ r1: { spentAt: NOW - 5, next: "fp-r2" }, r2: {} }, LOGIN),
        journal: journalOf([intentOn("r1", { successor: successorTo("r2") })]),
      },
      "refreshing",
      null,
      NOW,
    ],
    [
      "is about to get its new access token",
      {
        entries: DUE,
        journal: journalOf([
          intentOn("r1", {
            successor: successorTo("r1", { pair: { access: "new", refresh: "r1", expires: NOW + 360_000_000 } }),
          }),
        ]),
      },
      "refreshing",
      null,
      NOW,
    ],
    [
      "needs a sign-in when it is spent and what came of it is gone",
      {
        entries: DUE,
        ledger: ledgerOf({ r1: { spentAt: NOW - 5, next: "fp-r2" }, r2: {} }, LOGIN),
      },
      "signIn",
      null,
      null,
    ],
    [
      "is not known for a minute after a lost answer",
      {
        entries: DUE,
        journal: journalOf(attempts("r1", 1, 20_000)),
      },
      "outcomeUnknown",
      null,
      NOW + 40_000,
    ],
    [
      "is tried again with care a minute after a lost answer",
      {
        entries: DUE,
        journal: journalOf(attempts("r1", 1)),
      },
      "outcomeUnknown",
      { fp: "fp-r1", attempt: 2 },
      NOW,
    ],
    [
      "waits an hour after five deliberate attempts",
      {
        entries: DUE,
        journal: journalOf([...attempts("r1", 5, DAY), intentOn("r1", { attempt: 6, at: NOW - 59 * MINUTE })]),
      },
      "outcomeUnknown",
      null,
      NOW + MINUTE,
    ],
    [
      "is tried once an hour after five deliberate attempts",
      {
        entries: DUE,
        journal: journalOf([...attempts("r1", 5, DAY), intentOn("r1", { attempt: 6, at: NOW - 60 * MINUTE })]),
      },
      "outcomeUnknown",
      { fp: "fp-r1", attempt: 7 },
      NOW,
    ],
    [
      "has its fifth deliberate attempt left",
      {
        entries: DUE,
        journal: journalOf(attempts("r1", 5)),
        waits: onToken(waitOf("unknown", NOW, { count: 5 })),
      },
      "outcomeUnknown",
      { fp: "fp-r1", attempt: 6 },
      NOW,
    ],
    [
      "is only tried by the user while the process of the open intent lives",
      {
        entries: DUE,
        journal: journalOf(attempts("r1", 1)),
        senders: new Map([["fp-r1", "alive"]]),
      },
      "outcomeUnknown",
      null,
      null,
    ],
  ])("%s", (_name, options, state, redeem, nextAt) => {
    const found = assessedIn(options);
    expect([found.state.name, found.redeem, found.nextAt]).toEqual([state, redeem, nextAt]);
  });
});

describe("why a state is so", () => {
  const ended = (note: { why: string; reason?: EndReason }) =>
    ledgerOf({ r1: { ended: { at: NOW - 5, ...note } } }, LOGIN);
  const trouble = { since: NOW, next: LATER, problem: FULL };

  it.each<readonly [string, SceneOptions, Partial<Assessment["state"]>]>([
    ["how it ended", { ledger: ended({ why: "x", reason: "deadline" }) }, { name: "signIn", reason: "deadline" }],
    [
      "that it was refused, where an older version wrote no reason",
      { ledger: ended({ why: "x" }) },
      { name: "signIn", reason: "refused" },
    ],
    [
      "that only an older copy is left",
      { ledger: ledgerOf({ r1: { spentAt: NOW - 5, next: "fp-r2" }, r2: {} }, LOGIN) },
      { name: "signIn", reason: "olderCopy" },
    ],
    [
      "what a refresh met",
      { entries: DUE, waits: onToken(waitOf("transient", LATER, { setback: NO_ROUTE })) },
      { name: "retrying", why: NO_ROUTE },
    ],
    [
      "what an older version noted, in words only",
      { entries: DUE, waits: onToken(waitOf("transient", LATER, { setback: IN_WORDS })) },
      { name: "retrying", why: IN_WORDS },
    ],
    [
      "that nothing can be written",
      { entries: DUE, trouble },
      { name: "retrying", why: { kind: "nothingWritten", problem: { kind: "notes", code: "ENOSPC" } } },
    ],
    [
      "that the file cannot be replaced",
      { entries: DUE, cannotReplace: { kind: "mounted" } },
      { name: "retrying", why: { kind: "cannotReplace", problem: { kind: "mounted" } } },
    ],
  ])("says %s", (_name, options, state) => {
    expect(assessedIn(options).state).toMatchObject(state);
  });
});
