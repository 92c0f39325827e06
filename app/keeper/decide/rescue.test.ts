import { describe, expect, it } from "vitest";
import {
  copyOf,
  DAY,
  FILE,
  intentOn,
  journalOf,
  ledgerOf,
  managedIn,
  NOW,
  oauth,
  pairOf,
  readingOf,
  type SceneOptions,
  scene,
  successorTo,
} from "../testing/facts-bench.ts";
import { rebuiltLedger } from "./rebuild.ts";
import { rescuables, rescueChanges } from "./rescue.ts";

const at = (id: string) => ({ [id]: { current: "fp-r1" } });
/** A login that was signed out yesterday; its copy is kept. */
const removed: SceneOptions = {
  entries: [],
  ledger: ledgerOf({ r1: { removedAt: NOW - DAY } }, { anthropic: { current: "fp-r1", removedAt: NOW - DAY } }),
};
const found = (options: SceneOptions) => rescuables(scene(options));
const changes = (options: SceneOptions, fp = "fp-r1") => rescueChanges(scene(options), { id: "anthropic", fp });

describe("what can be put back", () => {
  it("is nothing while the login lives", () => {
    expect(found({})).toEqual([]);
  });

  it("is a removed login, as a new entry", () => {
    expect(found(removed)).toMatchObject([
      { id: "anthropic", why: "removed", since: NOW - DAY, fingerprint: "fp-r1", obstacle: null },
    ]);
    expect(changes(removed)).toEqual([{ id: "anthropic", from: null, pair: pairOf("r1") }]);
  });

  it("is not what stands there alive under another id", () => {
    expect(found({ entries: [oauth("moved", "r1")], ledger: ledgerOf({ r1: {} }, at("anthropic")) })).toEqual([]);
  });

  it("is an emptied one, in place of nothing", () => {
    const wiped = { entries: [oauth("anthropic", "")], ledger: ledgerOf({ r1: {} }, at("anthropic")) };
    expect(found(wiped)).toMatchObject([{ why: "emptied", fingerprint: "fp-r1" }]);
    expect(changes(wiped)).toEqual([{ id: "anthropic", from: "", pair: pairOf("r1") }]);
  });

  it.each([
    ["replaced", {}],
    ["ended", { ended: { at: NOW, why: "over" } }],
    ["oldCopy", { removedAt: NOW }],
  ] as const)("is a displaced one: %s", (why, note) => {
    const options = {
      entries: [oauth("anthropic", "r2")],
      ledger: ledgerOf({ r1: { displacedAt: NOW - 5, next: "fp-r2" }, r2: note }, { anthropic: { current: "fp-r2" } }),
    };
    // What was removed took all before it along.
    expect(found(options)).toMatchObject([{ why, fingerprint: "fp-r1" }]);
    // Of an old copy none is kept; of what lives or ended here there is one.
    const copies = why === "oldCopy" ? [copyOf("r1")] : [copyOf("r1"), copyOf("r2")];
    const kept = { ...options, journal: journalOf([], copies) };
    expect(changes(kept)).toEqual([{ id: "anthropic", from: "r2", pair: pairOf("r1") }]);
  });

  it("takes the place of nothing that came meanwhile and of which no copy is kept", () => {
    const options = {
      entries: [oauth("anthropic", "r2")],
      ledger: ledgerOf({ r1: { displacedAt: NOW - 5, next: "fp-r2" }, r2: {} }, { anthropic: { current: "fp-r2" } }),
    };
    expect(found(options)).toMatchObject([{ why: "replaced", fingerprint: "fp-r1" }]);
    expect(changes(options)).toEqual([]);
  });

  it.each([
    ["spent", { ...removed, ledger: ledgerOf({ r1: { removedAt: NOW, spentAt: NOW } }, {}) }],
    ["ended", { ...removed, ledger: ledgerOf({ r1: { removedAt: NOW, ended: { at: NOW, why: "over" } } }, {}) }],
    ["forgotten", { ...removed, ledger: ledgerOf({ r1: { removedAt: NOW, forgottenAt: NOW } }, {}) }],
    ["under way", { ...removed, journal: journalOf([intentOn("r1")], [copyOf("r1")]) }],
    ["of another file", { ...removed, journal: journalOf([], [{ ...copyOf("r1"), file: "other" }]) }],
  ] as const)("is never a pair that is %s", (_why, options) => {
    expect(found(options)).toEqual([]);
    expect(changes(options)).toEqual([]);
  });

  it("is the younger of two", () => {
    const journal = journalOf(
      [intentOn("r0", { successor: successorTo("r2", { at: NOW - 1 }) })],
      [copyOf("r1"), copyOf("r0")],
    );
    const ledger = ledgerOf({
      r0: { spentAt: NOW, next: "fp-r2" },
      r1: { seenAt: NOW - DAY },
      r2: { seenAt: NOW - 1 },
    });
    expect(found({ entries: [], ledger, journal })).toMatchObject([{ fingerprint: "fp-r2" }]);
  });
});

describe("a ledger made anew", () => {
  const rebuilt = (entries: Parameters<typeof readingOf>[0], journal: ReturnType<typeof journalOf>) =>
    rebuiltLedger(journal, FILE, managedIn(readingOf(entries)), NOW);

  it("knows spent tokens and their successors", () => {
    const journal = journalOf([intentOn("r1", { successor: successorTo("r2", { at: NOW - 5 }) })], []);
    expect(rebuilt([oauth("anthropic", "r1")], journal).tokens).toMatchObject({
      "fp-r1": { spentAt: NOW - 5, next: "fp-r2" },
      "fp-r2": { seenAt: NOW - 5 },
    });
  });

  it("takes a copy that another pair displaced for displaced, and one that nothing did for the login's own", () => {
    const journal = journalOf([], [copyOf("r1")]);
    expect(rebuilt([oauth("anthropic", "r2")], journal).tokens).toMatchObject({
      "fp-r1": { displacedAt: NOW, next: "fp-r2" },
    });
    expect(rebuilt([], journal).logins).toMatchObject({ anthropic: { current: "fp-r1", provider: "anthropic" } });
  });

  it("knows nothing of other files", () => {
    const journal = journalOf([], [{ ...copyOf("r1"), file: "other" }]);
    expect(rebuilt([], journal)).toMatchObject({ tokens: {}, logins: {} });
  });
});
