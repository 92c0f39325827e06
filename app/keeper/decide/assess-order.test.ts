import { describe, expect, it } from "vitest";
import {
  assessed,
  assessedIn,
  attempts,
  DAY,
  DUE,
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
  scene,
  successorTo,
  waitOf,
} from "../testing/facts-bench.ts";

describe("where more than one thing holds for a login", () => {
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
        entries: DUE,
        journal: journalOf([
          ...attempts("r1", 2),
          intentOn("r1", {
            attempt: 3,
            successor: successorTo("r1", { pair: { access: "new", refresh: "r1", expires: NOW + 360_000_000 } }),
          }),
        ]),
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
          LOGIN,
        ),
      },
      "oldCopy",
    ],
    [
      "displaced stands above ended",
      {
        ledger: ledgerOf({ r1: { displacedAt: NOW, ended: { at: NOW, why: "x" } } }, LOGIN),
      },
      "oldCopy",
    ],
    [
      "ended stands above shared",
      {
        ledger: ledgerOf({ r1: { ended: { at: NOW, why: "x" } } }, LOGIN),
        shared: { tokens: new Map([["r1", "Claude Code"]]), all: null, unseen: null },
      },
      "signIn",
    ],
    [
      "shared stands above a wait",
      {
        entries: DUE,
        waits: onToken(waitOf("transient", LATER)),
        shared: { tokens: new Map([["r1", "Claude Code"]]), all: null, unseen: null },
      },
      "shared",
    ],
    [
      "everything is shared at once",
      {
        entries: DUE,
        shared: { tokens: new Map(), all: "OpenCode 2", unseen: null },
      },
      "shared",
    ],
    [
      "another token that is shared is no matter",
      {
        entries: DUE,
        shared: { tokens: new Map([["r9", "Claude Code"]]), all: null, unseen: null },
      },
      "due",
    ],
    [
      "shared and allowed is refreshed",
      {
        entries: DUE,
        shared: { tokens: new Map([["r1", "Claude Code"]]), all: null, unseen: null },
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
    expect(assessedIn(options).state.name).toBe(state);
  });

  it("paused is refreshed all the same when it is due", () => {
    expect(assessedIn({ entries: DUE, settings: { pauses: { anthropic: null } } })).toMatchObject({
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
    expect(assessedIn({ entries: DUE, waits }).redeem).toBeNull();
    expect(assessedIn({ entries: DUE, waits, networkBackAt: NOW - 1 }).redeem).toEqual(ONCE);
    expect(
      assessedIn({ entries: DUE, waits: onToken(waitOf("transient", LATER)), networkBackAt: NOW }).redeem,
    ).toBeNull();
  });
});
