import { describe, expect, it } from "vitest";
import type { PassOutcome, RedeemOutcome, RefreshReport } from "../login/outcome.ts";
import { LOGIN_STATE_NAMES } from "../login/states.ts";
import { accountOf, NOON } from "../testing/snapshots.ts";
import { allowSentence, keptCopySentences, refreshSentence, unknownCopy, unknownId } from "./commands.ts";

const HOUR = 3_600_000;
const HEALTHY = accountOf("anthropic");
const done = (kind: RedeemOutcome | null, commitFailed: string | null = null): PassOutcome => ({
  kind: "done",
  redeemed: new Map(kind === null ? [] : [["anthropic", { kind }]]),
  commitFailed,
  notesFailed: null,
  lost: false,
});
const answer = (more: Partial<RefreshReport>) =>
  refreshSentence(accountOf("anthropic", { state: "due" }), {
    result: done(null),
    newer: false,
    after: HEALTHY,
    ...more,
  });

describe("the answer to Refresh now", () => {
  it.each<readonly [string, Partial<RefreshReport>, string]>([
    ["was refreshed", { result: done("success") }, "Refreshed."],
    ["was refreshed by another", { newer: true }, "A newer token is already in the file."],
    ["met another's pair", { result: done("adopted") }, "A newer token is already in the file."],
    ["was never reached", {}, "Nothing was sent; try again."],
    [
      "comes too soon after a lost answer",
      { after: accountOf("anthropic", { state: "outcomeUnknown", reason: "It is tried again at 15:54." }) },
      "Nothing was sent this time. It is tried again at 15:54.",
    ],
    ["was not sent", { result: done("notSent") }, "Nothing was sent; try again."],
    ["is gone", { after: undefined }, "It is no longer in the file."],
    [
      "met a lock",
      { result: { kind: "busy", owner: "process 7" } },
      "Nothing was sent: another process (process 7) works on the file; try again later.",
    ],
    [
      "cannot be written",
      { result: { kind: "cannot", reason: "the disk is full" } },
      "Nothing was sent: the disk is full.",
    ],
    [
      "could not be committed",
      { result: done("success", "the disk is full") },
      "The answer is safe in our journal, but the file could not be written: the disk is full.",
    ],
    [
      "waits",
      {
        result: done("waits"),
        after: accountOf("anthropic", { state: "retrying", reason: "Will be tried again: x." }),
      },
      "Will be tried again: x.",
    ],
    [
      "is paused and newer",
      {
        newer: true,
        after: accountOf("anthropic", { state: "paused", reason: "Pings are paused; refreshing goes on." }),
      },
      "A newer token is already in the file.",
    ],
  ])("of a login that %s", (_name, outcome, sentence) => {
    expect(answer(outcome)).toBe(sentence);
  });
});

describe("the answer to allow", () => {
  it("names no state as we name it among ourselves", () => {
    const before = accountOf("anthropic", { state: "oldCopy" });
    const well = { kind: "done", redeemed: new Map(), commitFailed: null, notesFailed: null, lost: false } as const;
    expect(allowSentence(before, before, { ...well, commitFailed: "no space left" })).toContain("our copy is kept");
    for (const state of LOGIN_STATE_NAMES) {
      const said = allowSentence(before, accountOf("anthropic", { state, reason: null }), well);
      expect(said).toBe(state === "oldCopy" ? "Nothing could be put back; sign in again." : "It is used again.");
    }
    expect(
      allowSentence(before, accountOf("anthropic", { state: "retrying", reason: "Will be tried again: x." }), well),
    ).toBe("It is used again. Will be tried again: x.");
    expect(allowSentence(before, undefined, well)).toBe("It is no longer in the file.");
  });
});

describe("an ID that nobody has", () => {
  it.each<readonly [string, readonly string[], string]>([
    ["antropic", ["anthropic", "openai"], 'There is no login "antropic". Did you mean "anthropic"?'],
    ["zzz", ["anthropic", "openai"], 'There is no login "zzz". There are: anthropic, openai.'],
    ["zzz", [], 'There is no login "zzz": there is none at all.'],
  ])("%s among %j is told with what helps", (id, known, sentence) => {
    expect(unknownId(id, known)).toBe(sentence);
  });

  it.each<readonly [string, readonly string[], string]>([
    ["gon", ["gone", "old"], 'There is no removed login "gon". Did you mean "gone"?'],
    ["zzz", ["gone", "old"], 'There is no removed login "zzz". Safe copies are kept of: gone, old.'],
    ["zzz", [], 'There is no removed login "zzz". No safe copy of a removed login is kept.'],
  ])("%s among the safe copies %j is told with what helps", (id, kept, sentence) => {
    expect(unknownCopy(id, kept)).toBe(sentence);
  });
});

describe("a safe copy of a removed login", () => {
  it("is told with when it goes and how it goes at once", () => {
    expect(keptCopySentences({ id: "gone", erasedAt: NOON + 48 * HOUR }, NOON)).toEqual([
      "A safe copy of gone, which was signed out, is kept until Wed 12:00.",
      '"pilot-light forget gone" erases it at once.',
    ]);
    expect(keptCopySentences({ id: "gone", erasedAt: NOON }, NOON)[0]).toContain("until the next pass.");
  });
});
