import { describe, expect, it } from "vitest";
import type { HistoryWhat } from "../login/history.ts";
import { historyWords, publicEvent } from "./history.ts";

describe("what happened", () => {
  it.each<readonly [HistoryWhat, string]>([
    [{ kind: "refreshed" }, "refreshed"],
    [{ kind: "notRefreshed", setback: { kind: "status", status: 404 } }, "not refreshed: the provider answered 404"],
    [{ kind: "clientRefused", provider: "Anthropic" }, "Anthropic does not currently accept this client"],
    [{ kind: "answerLost", setback: { kind: "timedOut" } }, "the answer was lost: the connection timed out"],
    [{ kind: "ended", reason: "deadline" }, "the login has ended: the login reached its deadline"],
    [{ kind: "signedOut" }, "the login was removed from the file"],
    [{ kind: "copyErased", because: "asked" }, "our safe copy was erased, as asked"],
    [{ kind: "setAside", name: "a.json" }, "a.json was damaged; it was set aside and rebuilt from the journal"],
    [{ kind: "pinged", outcome: "unreachable", mode: "profile" }, "pinged (profile): no answer"],
    [{ kind: "told", sentence: "as an older version said it" }, "as an older version said it"],
  ])("is said in words: %j", (what, words) => {
    expect(historyWords(what)).toBe(words);
  });

  it("is published as a sentence, with its kind where that is known", () => {
    const base = { at: 1, id: "a", by: "us", fingerprint: null } as const;
    expect(publicEvent({ ...base, what: { kind: "answerLost", setback: { kind: "timedOut" } } })).toEqual({
      ...base,
      what: "the answer was lost: the connection timed out",
      kind: "answerLost",
      why: "the connection timed out",
      setback: { kind: "timedOut" },
    });
    expect(publicEvent({ ...base, what: { kind: "told", sentence: "so" } })).toEqual({ ...base, what: "so" });
  });
});
