import { describe, expect, it } from "vitest";
import type { WriteProblem } from "../login/file-problem.ts";
import type { PassOutcome, RedeemOutcome, RefreshReport } from "../login/outcome.ts";
import type { PingStop } from "../login/ping.ts";
import { LOGIN_STATE_NAMES } from "../login/states.ts";
import { loginOf, NOON } from "../testing/snapshots.ts";
import {
  allowSentence,
  allowSharedSentence,
  didYouMean,
  nothingToAllow,
  pauseSentence,
  pingSentence,
  refreshSentence,
  severalFit,
  unknownId,
} from "./commands.ts";
import { UNKEPT } from "./state.ts";

const HOUR = 3_600_000;
const FULL = { kind: "failed", code: "ENOSPC" } as const;
const HEALTHY = loginOf("anthropic");
const done = (kind: RedeemOutcome | null, commitFailed: WriteProblem | null = null): PassOutcome => ({
  kind: "done",
  redeemed: new Map(kind === null ? [] : [["anthropic", { kind }]]),
  commitFailed,
  notesFailed: null,
  lost: false,
});
const answer = (more: Partial<RefreshReport>) =>
  refreshSentence(loginOf("anthropic", { state: "due" }), {
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
    ["was never reached", {}, "Nothing was sent. Try again."],
    [
      "comes too soon after a lost answer",
      { after: loginOf("anthropic", { state: "outcomeUnknown", reason: "It is tried again at 15:54." }) },
      "Nothing was sent this time. It is tried again at 15:54.",
    ],
    ["was not sent", { result: done("notSent") }, "Nothing was sent. Try again."],
    ["is gone", { after: undefined }, "It is no longer in the file."],
    [
      "met a lock",
      { result: { kind: "busy", owner: "process 7" } },
      "Nothing was sent: another process (process 7) is working on the file. Try again later.",
    ],
    [
      "cannot be written",
      { result: { kind: "cannot", problem: { kind: "folder", code: "ENOSPC" } } },
      "Nothing was sent: the folder of the file cannot be written (the disk is full).",
    ],
    [
      "could not be committed",
      { result: done("success", FULL) },
      "The answer is safe in our journal, but the file could not be written: the disk is full.",
    ],
    [
      "waits",
      {
        result: done("waits"),
        after: loginOf("anthropic", { state: "retrying", reason: "Could not refresh, will try again: x." }),
      },
      "Could not refresh, will try again: x.",
    ],
    [
      "is paused and newer",
      {
        newer: true,
        after: loginOf("anthropic", { state: "paused", reason: "Pings are paused. Refreshing continues." }),
      },
      "A newer token is already in the file.",
    ],
  ])("of a login that %s", (_name, outcome, sentence) => {
    expect(answer(outcome).sentence).toBe(sentence);
  });
});

describe("the answer to allow", () => {
  it("names no state as we name it among ourselves", () => {
    const before = loginOf("anthropic", { state: "oldCopy" });
    const well = { kind: "done", redeemed: new Map(), commitFailed: null, notesFailed: null, lost: false } as const;
    expect(allowSentence(before, before, { ...well, commitFailed: FULL }).sentence).toContain("Our copy is kept");
    for (const state of LOGIN_STATE_NAMES) {
      const { sentence } = allowSentence(before, loginOf("anthropic", { state, reason: null }), well);
      expect(sentence).toBe(
        state === "oldCopy" ? "Nothing could be put back. Sign in again." : "The old copy is in use again.",
      );
    }
    expect(
      allowSentence(
        before,
        loginOf("anthropic", { state: "retrying", reason: "Could not refresh, will try again: x." }),
        well,
      ),
    ).toEqual({
      sentence: "The old copy is in use again. Could not refresh, will try again: x.",
      tells: { state: "retrying", reasonKind: null },
    });
    expect(allowSentence(before, undefined, well).sentence).toBe("It is no longer in the file.");
  });
});

describe("the answer to allow of a login that is not on hold", () => {
  const allowed = loginOf("anthropic", { sharedWith: "Claude Code" });

  it("of a shared one says what that may cost", () => {
    expect(allowSharedSentence("Claude Code", allowed).sentence).toMatch(/may sign you out in Claude Code\.$/);
  });

  it.each([
    ["due", "unkept", UNKEPT],
    ["retrying", null, "Could not refresh, will try again: x."],
    ["signIn", null, "It ended. Sign in again."],
  ] as const)("says why one that is %s is not well", (state, reasonKind, reason) => {
    const after = { ...allowed, state, reasonKind, reason };
    expect(allowSharedSentence("Claude Code", after)).toMatchObject({ tells: { state, reasonKind } });
    expect(allowSharedSentence("Claude Code", after).sentence).toMatch(/^From now on it is refreshed here/);
    expect(allowSharedSentence("Claude Code", after).sentence).toContain(reason);
    expect(nothingToAllow(after).sentence).toContain(reason);
  });

  it("leaves out remarks on one that is well", () => {
    const after = { ...allowed, reasonKind: "sharingUnseen", reason: "A remark." };
    expect(allowSharedSentence("Claude Code", after).sentence).not.toContain("A remark.");
    expect(nothingToAllow(after).sentence).not.toContain("A remark.");
  });
});

describe("an ID that nobody has", () => {
  it.each<readonly [string, readonly string[], string]>([
    ["antropic", ["anthropic", "openai"], 'There is no login "antropic". Did you mean "anthropic"?'],
    ["zzz", ["anthropic", "openai"], 'There is no login "zzz". Known logins: anthropic, openai.'],
    ["zzz", [], 'There is no login "zzz": there are no logins.'],
  ])("%s among %j is told with what helps", (id, known, sentence) => {
    const logins = known.map((each) => ({ id: each, label: each }));
    expect(unknownId(id, logins)).toBe(sentence);
  });

  it("is told with the labels, which people know", () => {
    const logins = [
      { id: "anthropic/a", label: "work" },
      { id: "anthropic/b", label: "anthropic · b" },
    ];
    expect(unknownId("zzz", logins)).toBe('There is no login "zzz". Known logins: anthropic/a (work), anthropic/b.');
    expect(unknownId("wrok", logins)).toBe('There is no login "wrok". Did you mean "work"?');
    expect(severalFit("anth", logins)).toBe(
      '"anth" fits several logins. Which one: anthropic/a (work) or anthropic/b?',
    );
  });
});

describe("the answer to other commands", () => {
  it("says until when pings pause", () => {
    expect(pauseSentence(null, NOON)).toBe("Pings are paused. Refreshing continues.");
    expect(pauseSentence(NOON + HOUR, NOON)).toBe("Pings are paused until 13:00. Refreshing continues.");
    expect(pauseSentence(undefined, NOON)).toBe("Pings are on again.");
  });

  it("says what came of a ping, and of the login where that matters", () => {
    expect(pingSentence("ok", { kind: "ok" })).toBe("Ping: ok. The provider answered.");
    expect(pingSentence("refused", { kind: "refused" })).toContain("The login itself is not affected.");
    expect(pingSentence("skipped", { kind: "off" })).toBe("Ping: skipped. Pings are off.");
    const stopped = (stop: PingStop) => pingSentence("refused", { kind: "messagesStopped", stop });
    expect(stopped({ kind: "notOffered", target: "m" })).toBe(
      "Ping: refused. Message pings stopped: the provider no longer offers m; choose another model in the settings.",
    );
    expect(stopped({ kind: "paidSeparately" })).toMatch(/ stopped: the provider charges for them separately;/);
    expect(stopped({ kind: "againstPolicy" })).toMatch(
      / stopped: the provider's policy does not allow them with this login;/,
    );
  });

  it("tells which state it gave the reason of, so that a card need not say it twice", () => {
    const ended = loginOf("anthropic", { state: "signIn", reason: "It ended.", reasonKind: "refused" });
    expect(answer({ result: done("ended"), after: ended })).toEqual({
      sentence: "It ended.",
      tells: { state: "signIn", reasonKind: "refused" },
    });
    expect(answer({ result: done("success") }).tells).toBeUndefined();
  });
});

describe("a word that is near", () => {
  it("is asked for in one sentence", () => {
    expect(didYouMean("anthropc", ["openai", "anthropic"], '"')).toBe(' Did you mean "anthropic"?');
    expect(didYouMean("zzz", ["openai"])).toBe("");
  });
});
