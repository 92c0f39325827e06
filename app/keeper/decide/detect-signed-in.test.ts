import { describe, expect, it } from "vitest";
import { lookUp } from "../../shared/data/by-id.ts";
import { type Ledger } from "../notes/ledger.ts";
import { HOUR, ledgerOf, managedIn, NOW, oauth, readingOf } from "../testing/facts-bench.ts";
import { detect } from "./detect.ts";

function noted(ledger: Ledger, refresh: string, look: { readonly now?: number; readonly allowed?: string } = {}) {
  const reading = readingOf([oauth("anthropic", refresh)]);
  const { now = NOW, allowed } = look;
  const managed = managedIn(reading);
  return detect({ ledger, reading, managed, confirmed: false, now, allowed: (id) => id === allowed }).ledger;
}
const loginIn = (ledger: Ledger) => lookUp(ledger.logins, "anthropic");
const REMOVED = ledgerOf({ r1: { removedAt: NOW - 9 } }, { anthropic: { current: "fp-r1", removedAt: NOW - 9 } });

describe("another pair in the file", () => {
  it.each<[string, Ledger]>([
    ["had ended", ledgerOf({ r1: { ended: { at: NOW - 9, why: "over" } } }, { anthropic: { current: "fp-r1" } })],
    ["was emptied", ledgerOf({ r1: {} }, { anthropic: { current: "fp-r1", wipedAt: NOW - 9 } })],
    ["was removed", REMOVED],
  ])("is a sign-in where the login %s, and that stays known", (_why, ledger) => {
    const back = noted(ledger, "r2");
    expect(loginIn(back)).toMatchObject({ current: "fp-r2", signedInAt: NOW });
    expect(loginIn(noted(back, "r3", { now: NOW + HOUR }))).toMatchObject({ current: "fp-r3", signedInAt: NOW });
  });

  it("is none where the login was well, or an old pair was allowed", () => {
    const well = ledgerOf({ r1: {} }, { anthropic: { current: "fp-r1" } });
    expect(loginIn(noted(well, "r2"))).not.toHaveProperty("signedInAt");
    const allowed = loginIn(noted(REMOVED, "r1", { allowed: "anthropic" }));
    expect(allowed).toMatchObject({ current: "fp-r1" });
    expect(allowed).not.toHaveProperty("signedInAt");
  });
});
