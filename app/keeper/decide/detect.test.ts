import { describe, expect, it } from "vitest";
import { simProviders } from "../../../sim/world/process.ts";
import { type Entry } from "../../ports/credential-file.ts";
import { lookUp } from "../../shared/data/by-id.ts";
import { EMPTY_LEDGER, type Ledger } from "../notes/ledger.ts";
import { DAY, HOUR, ledgerOf, managedIn, NOW, oauth, readable, readingOf } from "../testing/facts-bench.ts";
import { detect, type Observation } from "./detect.ts";
import { managedEntries } from "./entries.ts";

interface Look {
  readonly confirmed?: boolean;
  readonly allowed?: string;
  readonly now?: number;
}

function seen(ledger: Ledger, entries: readonly Entry[], look: Look = {}): Observation {
  const reading = readingOf(entries);
  return detect({
    ledger,
    reading,
    managed: managedIn(reading),
    confirmed: look.confirmed ?? false,
    now: look.now ?? NOW,
    allowed: (id) => id === look.allowed,
  });
}
const whats = ({ events }: Observation) => events.map(({ id, by, what }) => `${id}: ${what.kind} (${by})`);
const known = ledgerOf({ r1: {} }, { anthropic: { current: "fp-r1" } }, { r1: { lifetimeMs: HOUR } });

describe("which entries are ours", () => {
  it("those of known providers, and any entry that holds one of their refresh tokens", () => {
    const entries = [
      oauth("anthropic", "r1"),
      oauth("copy", "r1", {}, "unheard-of"),
      oauth("other", "r2", {}, "unheard-of"),
      oauth("empty", "", {}, "unheard-of"),
      { kind: "other", id: "key", provider: "key", label: "key" } as const,
    ];
    const managed = managedEntries(readingOf(entries), simProviders, readable);
    expect(managed.map(({ entry, fp }) => [entry.id, fp])).toEqual([
      ["anthropic", "fp-r1"],
      ["copy", "fp-r1"],
    ]);
  });

  it("an empty refresh token has no fingerprint, and two empty ones are no grant", () => {
    const entries = [oauth("anthropic", ""), oauth("copy", "", {}, "unheard-of")];
    expect(managedIn(readingOf(entries)).map(({ entry, fp }) => [entry.id, fp])).toEqual([["anthropic", null]]);
  });
});

describe("what the file tells", () => {
  it("is nothing when it holds what we know", () => {
    const observation = seen(known, [oauth("anthropic", "r1")]);
    expect(observation).toEqual({ ledger: known, events: [], lacking: [] });
  });

  it("is a login that we see for the first time: it opens a lineage of its own", () => {
    const observation = seen(EMPTY_LEDGER, [oauth("anthropic", "r1")]);
    expect(observation.ledger).toEqual({
      version: 1,
      tokens: { "fp-r1": { seenAt: NOW, lineage: "fp-r1" } },
      logins: { anthropic: { current: "fp-r1", provider: "anthropic", label: "anthropic" } },
      lineages: { "fp-r1": { startedAt: NOW } },
    });
    expect(whats(observation)).toEqual(["anthropic: firstSeen (another writer)"]);
  });

  it("is another pair: adopted into a lineage that knows nothing, and the old one is displaced", () => {
    const observation = seen(known, [oauth("anthropic", "r2")]);
    expect(observation.ledger.tokens).toEqual({
      "fp-r1": { seenAt: NOW - DAY, lineage: "fp-r1", displacedAt: NOW, next: "fp-r2" },
      "fp-r2": { seenAt: NOW, lineage: "fp-r2" },
    });
    expect(lookUp(observation.ledger.lineages, "fp-r2")).toEqual({ startedAt: NOW });
    expect(lookUp(observation.ledger.logins, "anthropic")).toMatchObject({
      current: "fp-r2",
      lastRefresh: { at: NOW, outcome: "adopted" },
    });
    expect(whats(observation)).toEqual(["anthropic: adopted (another writer)"]);
  });

  it("changes nothing when it is told a second time", () => {
    for (const entries of [
      [oauth("anthropic", "r2")],
      [oauth("anthropic", "")],
      [oauth("anthropic", "r1"), oauth("x", "r9")],
    ]) {
      const once = seen(known, entries).ledger;
      expect(seen(once, entries)).toMatchObject({ ledger: once, events: [] });
    }
  });

  it("is no news when a spent token came back: that is healed, not adopted", () => {
    const ledger = ledgerOf({ r1: { spentAt: NOW, next: "fp-r2" }, r2: {} }, { anthropic: { current: "fp-r2" } });
    expect(seen(ledger, [oauth("anthropic", "r1")])).toEqual({ ledger, events: [], lacking: [] });
  });

  it("is no news when a displaced pair came back: it is not used unasked", () => {
    const ledger = ledgerOf(
      { r1: { displacedAt: NOW - 9, next: "fp-r2" }, r2: {} },
      { anthropic: { current: "fp-r2" } },
    );
    expect(seen(ledger, [oauth("anthropic", "r1")])).toEqual({ ledger, events: [], lacking: [] });
  });

  it("is the end of a chain when the adopted pair's predecessor was refreshed by us meanwhile", () => {
    const ledger = ledgerOf({ r1: { spentAt: NOW, next: "fp-r2" }, r2: {} }, { anthropic: { current: "fp-r2" } });
    const observation = seen(ledger, [oauth("anthropic", "r3")]);
    expect(lookUp(observation.ledger.tokens, "fp-r2")).toMatchObject({ displacedAt: NOW, next: "fp-r3" });
    expect(lookUp(observation.ledger.tokens, "fp-r1")).toMatchObject({ spentAt: NOW, next: "fp-r2" });
  });

  it("takes a new label over", () => {
    const entry = { ...oauth("anthropic", "r1"), label: "work" };
    expect(lookUp(seen(known, [entry]).ledger.logins, "anthropic")?.label).toBe("work");
  });

  it("cuts a refresh that lies in the future, after the clock stepped back", () => {
    const ledger = ledgerOf({ r1: {} }, { anthropic: { current: "fp-r1" } }, { r1: { lastRefreshAt: NOW + DAY } });
    expect(lookUp(seen(ledger, [oauth("anthropic", "r1")]).ledger.lineages, "fp-r1")?.lastRefreshAt).toBe(NOW);
  });
});

describe("a token under another id", () => {
  it("has moved: nothing was removed, nothing displaced", () => {
    const observation = seen(known, [oauth("second", "r1", {}, "second")], { confirmed: true });
    expect(observation.lacking).toEqual([]);
    expect(lookUp(observation.ledger.tokens, "fp-r1")).not.toHaveProperty("removedAt");
    expect(lookUp(observation.ledger.tokens, "fp-r1")).not.toHaveProperty("displacedAt");
    expect(lookUp(observation.ledger.logins, "second")?.current).toBe("fp-r1");
  });

  it("stands twice: the pair that it displaced there is kept as displaced", () => {
    const ledger = ledgerOf({ r1: {}, s1: {} }, { anthropic: { current: "fp-r1" }, second: { current: "fp-s1" } });
    const observation = seen(ledger, [oauth("anthropic", "r1"), oauth("second", "r1", {}, "second")]);
    expect(lookUp(observation.ledger.tokens, "fp-s1")).toMatchObject({ displacedAt: NOW, next: "fp-r1" });
    expect(lookUp(observation.ledger.tokens, "fp-r1")).not.toHaveProperty("displacedAt");
  });

  it("is new at one of two ids of a grant, while the other still waits for the answer of both", () => {
    // r1 stood at both and was redeemed for r2, which no commit has put into the file yet; then someone signed in at `two`.
    const ledger = ledgerOf(
      { r1: { spentAt: NOW - 1, next: "fp-r2" }, r2: {} },
      { one: { current: "fp-r2" }, two: { current: "fp-r2" } },
    );
    for (const ids of [
      ["one", "two"],
      ["two", "one"],
    ]) {
      const entries = ids.map((id) => oauth(id, id === "one" ? "r1" : "x1"));
      const observation = seen(ledger, entries);
      expect(lookUp(observation.ledger.tokens, "fp-r2")).not.toHaveProperty("displacedAt");
      expect(lookUp(observation.ledger.logins, "two")).toMatchObject({ current: "fp-x1" });
    }
  });

  it("swapped places with another: neither is displaced", () => {
    const ledger = ledgerOf({ r1: {}, s1: {} }, { anthropic: { current: "fp-r1" }, second: { current: "fp-s1" } });
    const observation = seen(ledger, [oauth("anthropic", "s1"), oauth("second", "r1", {}, "second")], {
      confirmed: true,
    });
    for (const fp of ["fp-r1", "fp-s1"])
      expect(lookUp(observation.ledger.tokens, fp)).not.toHaveProperty("displacedAt");
    expect(observation.ledger.logins).toMatchObject({ anthropic: { current: "fp-s1" }, second: { current: "fp-r1" } });
  });

  it("is an older generation of the login: it is not removed", () => {
    const ledger = ledgerOf({ r1: { spentAt: NOW, next: "fp-r2" }, r2: {} }, { anthropic: { current: "fp-r2" } });
    const observation = seen(ledger, [oauth("second", "r1", {}, "second")], { confirmed: true });
    expect(lookUp(observation.ledger.logins, "anthropic")).not.toHaveProperty("removedAt");
  });
});

describe("a removal", () => {
  it("needs a second look", () => {
    const observation = seen(known, []);
    expect(observation).toEqual({ ledger: known, events: [], lacking: ["anthropic"] });
  });

  it("is recorded once it is confirmed, for the login and its token", () => {
    const observation = seen(known, [], { confirmed: true });
    expect(lookUp(observation.ledger.logins, "anthropic")).toMatchObject({ removedAt: NOW });
    expect(lookUp(observation.ledger.tokens, "fp-r1")).toMatchObject({ removedAt: NOW });
    expect(whats(observation)).toEqual(["anthropic: signedOut (another writer)"]);
    expect(observation.lacking).toEqual([]);
  });

  it("is told once", () => {
    const removed = seen(known, [], { confirmed: true }).ledger;
    expect(seen(removed, [], { confirmed: true, now: NOW + HOUR })).toEqual({
      ledger: removed,
      events: [],
      lacking: [],
    });
  });

  it("is none while the entry is there, unreadable or emptied", () => {
    const unreadable: Entry = {
      kind: "unreadable",
      id: "anthropic",
      provider: "anthropic",
      label: "anthropic",
      why: { kind: "noType" },
    };
    for (const entry of [unreadable, oauth("anthropic", "")]) {
      expect(seen(known, [entry], { confirmed: true }).ledger.logins["anthropic"]).not.toHaveProperty("removedAt");
    }
  });

  it("is one when an API key took the place of the login", () => {
    const key: Entry = { kind: "other", id: "anthropic", provider: "anthropic", label: "anthropic" };
    expect(seen(known, [key]).lacking).toEqual(["anthropic"]);
  });

  it("stays when the old copy comes back", () => {
    const removed = seen(known, [], { confirmed: true }).ledger;
    expect(seen(removed, [oauth("anthropic", "r1")])).toEqual({ ledger: removed, events: [], lacking: [] });
  });

  it("stays when an older generation comes back", () => {
    const ledger = ledgerOf({ r1: { spentAt: NOW, next: "fp-r2" }, r2: {} }, { anthropic: { current: "fp-r2" } });
    const removed = seen(ledger, [], { confirmed: true }).ledger;
    expect(lookUp(removed.tokens, "fp-r2")).toMatchObject({ removedAt: NOW });
    expect(seen(removed, [oauth("anthropic", "r1")])).toEqual({ ledger: removed, events: [], lacking: [] });
  });

  it("is over with a sign-in, and the removed token stays removed", () => {
    const removed = seen(known, [], { confirmed: true }).ledger;
    const { ledger } = seen(removed, [oauth("anthropic", "r2")], { now: NOW + HOUR });
    expect(lookUp(ledger.logins, "anthropic")).toMatchObject({ current: "fp-r2" });
    expect(lookUp(ledger.logins, "anthropic")).not.toHaveProperty("removedAt");
    expect(lookUp(ledger.tokens, "fp-r1")).toMatchObject({ removedAt: NOW });
    expect(lookUp(ledger.tokens, "fp-r2")).toEqual({ seenAt: NOW + HOUR, lineage: "fp-r2" });
  });
});

describe("the user's permission for an old copy", () => {
  it("takes a removal back", () => {
    const removed = seen(known, [], { confirmed: true }).ledger;
    const { ledger } = seen(removed, [oauth("anthropic", "r1")], { allowed: "anthropic" });
    expect(lookUp(ledger.tokens, "fp-r1")).toEqual({ seenAt: NOW - DAY, lineage: "fp-r1" });
    expect(lookUp(ledger.logins, "anthropic")).not.toHaveProperty("removedAt");
  });

  it("makes a displaced pair the current one again, and displaces the other", () => {
    const before = ledgerOf(
      { r1: { displacedAt: NOW - 9, next: "fp-r2" }, r2: {} },
      { anthropic: { current: "fp-r2" } },
    );
    const { ledger } = seen(before, [oauth("anthropic", "r1")], { allowed: "anthropic" });
    expect(lookUp(ledger.tokens, "fp-r1")).toEqual({ seenAt: NOW - DAY, lineage: "fp-r1" });
    expect(lookUp(ledger.tokens, "fp-r2")).toMatchObject({ displacedAt: NOW, next: "fp-r1" });
    expect(lookUp(ledger.logins, "anthropic")?.current).toBe("fp-r1");
  });

  it("gives a spent one the end of its chain, and calls nothing displaced", () => {
    const before = ledgerOf(
      { r1: { spentAt: NOW - 9, next: "fp-r2" }, r2: { removedAt: NOW - 5 } },
      { anthropic: { current: "fp-r2", removedAt: NOW - 5 } },
    );
    const { ledger } = seen(before, [oauth("anthropic", "r1")], { allowed: "anthropic" });
    expect(lookUp(ledger.tokens, "fp-r1")).toMatchObject({ spentAt: NOW - 9, next: "fp-r2" });
    expect(lookUp(ledger.tokens, "fp-r2")).toEqual({ seenAt: NOW - DAY, lineage: "fp-r2" });
    expect(lookUp(ledger.logins, "anthropic")?.current).toBe("fp-r2");
  });

  it("holds for that login alone", () => {
    const before = ledgerOf({ r1: { removedAt: NOW - 9 } }, { anthropic: { current: "fp-r1", removedAt: NOW - 9 } });
    expect(seen(before, [oauth("anthropic", "r1")], { allowed: "second" }).ledger).toEqual(before);
  });
});

describe("an emptied entry", () => {
  it("is no removal: the time is noted once", () => {
    const once = seen(known, [oauth("anthropic", "")]);
    expect(lookUp(once.ledger.logins, "anthropic")).toMatchObject({ current: "fp-r1", wipedAt: NOW });
    expect(whats(once)).toEqual(["anthropic: emptied (another writer)"]);
    const later = seen(once.ledger, [oauth("anthropic", "")], { now: NOW + HOUR, confirmed: true });
    expect(later).toEqual({ ledger: once.ledger, events: [], lacking: [] });
  });

  it("is over when the same token stands there again", () => {
    const wiped = seen(known, [oauth("anthropic", "")]).ledger;
    const { ledger } = seen(wiped, [oauth("anthropic", "r1")]);
    expect(lookUp(ledger.logins, "anthropic")).not.toHaveProperty("wipedAt");
    expect(lookUp(ledger.lineages, "fp-r1")?.lifetimeMs).toBe(HOUR);
  });

  it("is over with a sign-in", () => {
    const wiped = seen(known, [oauth("anthropic", "")]).ledger;
    const { ledger } = seen(wiped, [oauth("anthropic", "r2")]);
    expect(lookUp(ledger.logins, "anthropic")).toMatchObject({ current: "fp-r2" });
    expect(lookUp(ledger.logins, "anthropic")).not.toHaveProperty("wipedAt");
  });

  it("of a login that we never saw is no news", () => {
    expect(seen(EMPTY_LEDGER, [oauth("anthropic", "")])).toEqual({ ledger: EMPTY_LEDGER, events: [], lacking: [] });
  });
});
