import { describe, expect, it } from "vitest";
import { type Assessment, assess, type Force, rescuePair } from "./assess.ts";
import type { Facts } from "./facts.ts";
import {
  attempts,
  copyOf,
  DAY,
  HOUR,
  intentOn,
  journalOf,
  ledgerOf,
  MINUTE,
  NOW,
  oauth,
  pairOf,
  type SceneOptions,
  scene,
  successorTo,
  waitOf,
} from "./testing/facts-bench.ts";
import { NO_WAITS, type Wait } from "./waits.ts";

function assessed(facts: Facts, force: Force = "none", id = "anthropic"): Assessment {
  const managed = facts.managed.find(({ entry }) => entry.id === id);
  if (managed === undefined) throw new Error(`${id} is not managed`);
  return assess(facts, managed, force);
}
const of = (options: SceneOptions, force: Force = "none"): Assessment => assessed(scene(options), force);
const onToken = (wait: Wait) => ({ ...NO_WAITS, tokens: { "fp-r1": wait } });
const onProvider = (wait: Wait) => ({ ...NO_WAITS, providers: { anthropic: wait } });

const DUE = [oauth("anthropic", "r1", { expires: NOW + 5 * MINUTE })];
const LATER = NOW + 10 * MINUTE;
const ONCE = { fp: "fp-r1", attempt: 1 };
const login = { anthropic: { current: "fp-r1" } };

describe("the state of a login, and what is done about it", () => {
  it.each<readonly [string, SceneOptions, string, Assessment["redeem"], number | null]>([
    ["is healthy long before it is due", {}, "healthy", null, NOW + 8 * HOUR - 10 * MINUTE],
    ["is due inside the lead", { entries: DUE }, "due", ONCE, NOW],
    ["is due with expires 0", { entries: [oauth("anthropic", "r1", { expires: 0 })] }, "due", ONCE, NOW],
    ["is due without an access token", { entries: [oauth("anthropic", "r1", { access: "" })] }, "due", ONCE, NOW],
    ["is due when it was never seen before", { entries: DUE, ledger: ledgerOf({}) }, "due", ONCE, NOW],
    ["waits for a back-off", { entries: DUE, waits: onToken(waitOf("transient", LATER)) }, "retrying", null, LATER],
    ["is due after a back-off", { entries: DUE, waits: onToken(waitOf("transient", NOW)) }, "due", ONCE, NOW],
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
      { entries: DUE, trouble: { since: NOW, next: LATER, why: "the disk is full" } },
      "retrying",
      null,
      LATER,
    ],
    [
      "is healthy while nothing can be written and nothing is due",
      { trouble: { since: NOW, next: LATER, why: "the disk is full" } },
      "healthy",
      null,
      NOW + 8 * HOUR - 10 * MINUTE,
    ],
    [
      "waits where the file cannot be replaced",
      { entries: DUE, cannotReplace: "hard links" },
      "retrying",
      null,
      NOW + MINUTE,
    ],
    [
      "is an old copy when it was displaced",
      { entries: DUE, ledger: ledgerOf({ r1: { displacedAt: NOW - 5, next: "fp-r2" }, r2: {} }, login) },
      "oldCopy",
      null,
      null,
    ],
    [
      "is an old copy when it was removed",
      { entries: DUE, ledger: ledgerOf({ r1: { removedAt: NOW - 5 } }, login) },
      "oldCopy",
      null,
      null,
    ],
    [
      "is an old copy when what came of it was removed",
      {
        entries: DUE,
        ledger: ledgerOf({ r1: { spentAt: NOW - 9, next: "fp-r2" }, r2: { removedAt: NOW - 5 } }, login),
      },
      "oldCopy",
      null,
      null,
    ],
    [
      "needs a sign-in once it has ended",
      { entries: DUE, ledger: ledgerOf({ r1: { ended: { at: NOW - 5, why: "It ended." } } }, login) },
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
        ledger: ledgerOf({ r1: { spentAt: NOW - 5, next: "fp-r2" }, r2: {} }, login),
        journal: journalOf([intentOn("r1", { successor: successorTo("r2") })]),
      },
      "refreshing",
      null,
      NOW,
    ],
    [
      "is about to get its new access token",
      {
        journal: journalOf([intentOn("r1", { successor: successorTo("r1") })]),
      },
      "refreshing",
      null,
      NOW,
    ],
    [
      "needs a sign-in when it is spent and what came of it is gone",
      {
        entries: DUE,
        ledger: ledgerOf({ r1: { spentAt: NOW - 5, next: "fp-r2" }, r2: {} }, login),
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
      "needs a sign-in after five deliberate attempts",
      {
        entries: DUE,
        journal: journalOf(attempts("r1", 6)),
      },
      "signIn",
      null,
      null,
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
    const found = of(options);
    expect([found.state.name, found.redeem, found.nextAt]).toEqual([state, redeem, nextAt]);
  });

  it.each<readonly [string, SceneOptions, string]>([
    [
      "a rate limit stands above a lost answer",
      {
        journal: journalOf(attempts("r1", 1)),
        waits: onToken(waitOf("rateLimited", LATER)),
      },
      "rateLimited",
    ],
    [
      "an answer that came late ends the question",
      {
        journal: journalOf([...attempts("r1", 2), intentOn("r1", { attempt: 3, successor: successorTo("r1") })]),
      },
      "refreshing",
    ],
    [
      "removed stands above spent, displaced and ended",
      {
        ledger: ledgerOf(
          {
            r1: { spentAt: NOW, displacedAt: NOW, next: "fp-r2", ended: { at: NOW, why: "x" } },
            r2: { removedAt: NOW },
          },
          login,
        ),
      },
      "oldCopy",
    ],
    [
      "displaced stands above ended",
      {
        ledger: ledgerOf({ r1: { displacedAt: NOW, ended: { at: NOW, why: "x" } } }, login),
      },
      "oldCopy",
    ],
    [
      "ended stands above shared",
      {
        ledger: ledgerOf({ r1: { ended: { at: NOW, why: "x" } } }, login),
        shared: { tokens: new Map([["r1", "Claude Code"]]), all: null, warning: null },
      },
      "signIn",
    ],
    [
      "shared stands above a wait",
      {
        entries: DUE,
        waits: onToken(waitOf("transient", LATER)),
        shared: { tokens: new Map([["r1", "Claude Code"]]), all: null, warning: null },
      },
      "shared",
    ],
    [
      "everything is shared at once",
      {
        entries: DUE,
        shared: { tokens: new Map(), all: "OpenCode 2", warning: null },
      },
      "shared",
    ],
    [
      "another token that is shared is no matter",
      {
        entries: DUE,
        shared: { tokens: new Map([["r9", "Claude Code"]]), all: null, warning: null },
      },
      "due",
    ],
    [
      "shared and allowed is refreshed",
      {
        entries: DUE,
        shared: { tokens: new Map([["r1", "Claude Code"]]), all: null, warning: null },
        settings: { allow: { anthropic: { shared: true } } },
      },
      "due",
    ],
    ["paused hides healthy", { settings: { pauses: { "*": null } } }, "paused"],
    [
      "a pause does not hide a wait",
      {
        entries: DUE,
        waits: onToken(waitOf("transient", LATER)),
        settings: { pauses: { "*": null } },
      },
      "retrying",
    ],
    ["a pause that is over is none", { settings: { pauses: { anthropic: NOW } } }, "healthy"],
  ])("%s", (_name, options, state) => {
    expect(of(options).state.name).toBe(state);
  });

  it("paused is refreshed all the same when it is due", () => {
    expect(of({ entries: DUE, settings: { pauses: { anthropic: null } } })).toMatchObject({
      state: { name: "paused", until: null },
      redeem: ONCE,
    });
  });

  it("a fault of the provider's client holds none of the other providers' logins", () => {
    const facts = scene({
      entries: [...DUE, oauth("second", "s1", { expires: 0 }, "second")],
      waits: onProvider(waitOf("transient", LATER)),
    });
    expect(assessed(facts).redeem).toBeNull();
    expect(assessed(facts, "none", "second").redeem).toEqual({ fp: "fp-s1", attempt: 1 });
  });

  it("a spent token with an open intent at the end of its chain is resolved with the end itself", () => {
    const facts = scene({
      ledger: ledgerOf({ r1: { spentAt: NOW - DAY, next: "fp-r2" }, r2: {} }, { anthropic: { current: "fp-r2" } }),
      journal: journalOf([intentOn("r1", { successor: successorTo("r2") }), ...attempts("r2", 1)]),
    });
    expect(assessed(facts)).toMatchObject({
      fp: "fp-r1",
      state: { name: "outcomeUnknown" },
      redeem: { fp: "fp-r2", attempt: 2 },
    });
  });

  it("an unsent request is tried again as soon as the network is back", () => {
    const waits = onToken(waitOf("transient", LATER, { notSent: true, since: NOW - MINUTE }));
    expect(of({ entries: DUE, waits }).redeem).toBeNull();
    expect(of({ entries: DUE, waits, networkBackAt: NOW - 1 }).redeem).toEqual(ONCE);
    expect(of({ entries: DUE, waits: onToken(waitOf("transient", LATER)), networkBackAt: NOW }).redeem).toBeNull();
  });
});

describe("the time at which a login is due", () => {
  it.each<readonly [string, SceneOptions, number]>([
    [
      "a quarter of its lifetime before expiry",
      {
        ledger: ledgerOf({ r1: {} }, login, { r1: { lifetimeMs: 8 * HOUR } }),
      },
      NOW + 6 * HOUR,
    ],
    [
      "10 min before expiry by the classic rule",
      {
        ledger: ledgerOf({ r1: {} }, login, { r1: { lifetimeMs: 8 * HOUR } }),
        settings: { schedule: "classic" },
      },
      NOW + 8 * HOUR - 10 * MINUTE,
    ],
    [
      "at once where expires is beyond belief",
      {
        ledger: ledgerOf({ r1: {} }, login, { r1: { lifetimeMs: HOUR } }),
      },
      NOW,
    ],
    [
      "a minute after the last refresh of the lineage at the earliest",
      {
        entries: [oauth("anthropic", "r1", { expires: 0 })],
        ledger: ledgerOf({ r1: {} }, login, { r1: { lastRefreshAt: NOW - 20_000 } }),
      },
      NOW + 40_000,
    ],
    [
      "a minute from now where the last refresh lies in the future",
      {
        entries: [oauth("anthropic", "r1", { expires: 0 })],
        ledger: ledgerOf({ r1: {} }, login, { r1: { lastRefreshAt: NOW + DAY } }),
      },
      NOW + MINUTE,
    ],
    [
      "at once where a ping was refused",
      {
        pings: {
          version: 1,
          logins: {
            anthropic: {
              last: { at: NOW, outcome: "unauthorized", mode: "profile" },
              day: "",
              tokens: 0,
              refusedFp: "fp-r1",
            },
          },
        },
      },
      NOW,
    ],
    [
      "its own where the ping of an earlier generation was refused",
      {
        pings: {
          version: 1,
          logins: {
            anthropic: {
              last: { at: NOW, outcome: "unauthorized", mode: "profile" },
              day: "",
              tokens: 0,
              refusedFp: "fp-r0",
            },
          },
        },
      },
      NOW + 8 * HOUR - 10 * MINUTE,
    ],
    [
      "its own where a refused ping had made this generation",
      {
        ledger: ledgerOf({ r1: { by401: true } }, login, { r1: {} }),
        pings: {
          version: 1,
          logins: {
            anthropic: {
              last: { at: NOW, outcome: "unauthorized", mode: "profile" },
              day: "",
              tokens: 0,
              refusedFp: "fp-r1",
            },
          },
        },
      },
      NOW + 8 * HOUR - 10 * MINUTE,
    ],
  ])("is %s", (_name, options, at) => {
    expect(of(options).nextAt).toBe(at);
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
        ledger: ledgerOf({ r1: {} }, login, { r1: { lastRefreshAt: NOW } }),
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
        shared: { tokens: new Map([["r1", "Claude Code"]]), all: null, warning: null },
      },
      "shared",
      null,
    ],
    ["does not use an old copy", { ledger: ledgerOf({ r1: { removedAt: NOW } }, login) }, "oldCopy", null],
    ["does not write where the file cannot be replaced", { cannotReplace: "hard links" }, "retrying", null],
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
      "is a deliberate attempt even while the process of the intent lives",
      {
        journal: journalOf(attempts("r1", 1)),
        senders: new Map([["fp-r1", "alive"]]),
      },
      "outcomeUnknown",
      { fp: "fp-r1", attempt: 2 },
    ],
    [
      "tries once more what has ended",
      {
        ledger: ledgerOf({ r1: { ended: { at: NOW - DAY, why: "x" } } }, login),
      },
      "signIn",
      ONCE,
    ],
    [
      "tries what has ended only once a minute",
      {
        ledger: ledgerOf({ r1: { ended: { at: NOW - DAY, why: "x" }, triedAgainAt: NOW - 59_000 } }, login),
      },
      "signIn",
      null,
    ],
  ])("%s", (_name, options, state, redeem) => {
    const found = of(options, "user");
    expect([found.state.name, found.redeem]).toEqual([state, redeem]);
  });
});

describe("a deliberate attempt", () => {
  it("takes a free number above all that stand on disk, also of attempts that were taken back", () => {
    const intents = [intentOn("r1", { attempt: 1 }), intentOn("r1", { attempt: 4, at: NOW - 50 * MINUTE })];
    const waits = onToken(waitOf("unknown", NOW, { count: 2 }));
    expect(of({ journal: journalOf(intents), waits }).redeem).toEqual({ fp: "fp-r1", attempt: 5 });
  });

  it("comes although the waits were lost: the intents alone tell when", () => {
    for (const count of [1, 2, 3, 4, 5]) {
      expect(of({ journal: journalOf(attempts("r1", count, DAY)) }), `${count} open`).toMatchObject({
        redeem: { fp: "fp-r1", attempt: count + 1 },
      });
    }
  });

  it("comes after a transient one, which took the place of the written wait", () => {
    const transient = waitOf("transient", NOW - 1, { count: 3 });
    expect(of({ journal: journalOf(attempts("r1", 3, DAY)), waits: onToken(transient) }).redeem).toEqual({
      fp: "fp-r1",
      attempt: 4,
    });
  });

  it("does not follow at once on one whose process died before it wrote the next time down", () => {
    const intents = [...attempts("r1", 1, 70_000), intentOn("r1", { attempt: 2, at: NOW - 5_000 })];
    const waits = onToken(waitOf("unknown", NOW - 10_000, { since: NOW - 70_000 }));
    const found = of({ journal: journalOf(intents), waits });
    expect(found.redeem).toBeNull();
    expect(found.nextAt).toBeGreaterThanOrEqual(NOW - 70_000 + 2 * MINUTE);
  });
});

describe("a rescue of an emptied entry", () => {
  const entries = [oauth("anthropic", "")];
  it.each([
    ["puts back the safe copy", ledgerOf({ r1: {} }, login), journalOf([], [copyOf("r1")]), pairOf("r1")],
    [
      "puts back the newest generation",
      ledgerOf({ r1: { spentAt: NOW, next: "fp-r2" }, r2: {} }, login),
      journalOf([intentOn("r1", { successor: successorTo("r2") })], [copyOf("r1")]),
      pairOf("r2"),
    ],
    ["has nothing without a copy", ledgerOf({ r1: {} }, login), journalOf(), null],
    ["never puts back a spent one", ledgerOf({ r1: { spentAt: NOW } }, login), journalOf([], [copyOf("r1")]), null],
    ["waits for an open intent", ledgerOf({ r1: {} }, login), journalOf(attempts("r1", 1), [copyOf("r1")]), null],
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
