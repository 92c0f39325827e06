import { describe, expect, it } from "vitest";
import { type Assessment, assess, type Force } from "./assess.ts";
import type { Facts } from "./facts.ts";
import {
  attempts,
  DAY,
  intentOn,
  journalOf,
  ledgerOf,
  MINUTE,
  NOW,
  oauth,
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
