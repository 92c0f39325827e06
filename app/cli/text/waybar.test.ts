import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LOGIN_STATE_NAMES } from "../../shared/login/states.ts";
import { anyText, loginOf, NOON, snapshotOf } from "../../shared/testing/snapshots.ts";
import { waybarLine, waybarTrouble } from "./waybar.ts";

interface Bar {
  readonly text: string;
  readonly tooltip: string;
  readonly class: string;
}
const barOf = (line: string) => JSON.parse(line) as Bar;

const WELL = loginOf("anthropic/a", { label: "work", provider: "anthropic" });
const ENDED = loginOf("anthropic/b", { label: "private", state: "signIn", accessExpiresAt: NOON - 3_600_000 });

describe("a line for a bar", () => {
  it("says how all are, each with its times, and the class of the worst", () => {
    const { text, tooltip, class: weight } = barOf(waybarLine(snapshotOf([WELL, ENDED])));
    expect(text).toBe("1 of 2 logins needs you");
    expect(weight).toBe("needsYou");
    expect(tooltip.split("\n")).toEqual([
      "anthropic · private: sign in again",
      "anthropic · work: until 20:00",
      "No keeper is running. Start one with &quot;pilot-light run&quot;.",
    ]);
  });

  it.each([
    [snapshotOf([WELL]), "1 login, well", "well"],
    [snapshotOf([]), "no logins", "well"],
    [snapshotOf([], { format: null }), "waiting for a first sign-in", "well"],
    [snapshotOf([], { format: null, problem: "it is <not> JSON" }), "the credential file cannot be used", "unreadable"],
    [snapshotOf([loginOf("a", { state: "retrying" })]), "1 login will be tried again", "waiting"],
    [snapshotOf([loginOf("a", { state: "paused" })]), "1 login, all well, pings paused", "paused"],
  ])("fits the file as well: %#", (snapshot, text, weight) => {
    expect(barOf(waybarLine(snapshot))).toMatchObject({ text, class: weight });
  });

  it("has a tooltip where there is no status at all", () => {
    expect(barOf(waybarTrouble("A & B"))).toMatchObject({ tooltip: "A &amp; B", class: "unreadable" });
  });

  it("is one line without a control character or markup of others, whatever stands in the file", () => {
    const login = fc
      .record({ id: anyText(60), label: anyText(60), state: fc.constantFrom(...LOGIN_STATE_NAMES) })
      .map(({ id, ...change }) => loginOf(id, change));
    fc.assert(
      fc.property(fc.array(login, { maxLength: 5 }), (logins) => {
        const line = waybarLine(snapshotOf(logins));
        expect(line).toMatch(/^[^\n]+\n$/);
        const { text, tooltip } = barOf(line);
        for (const part of [text, ...tooltip.split("\n")]) {
          // A joiner stands only inside of a picture (`visible`).
          expect(part.replaceAll("\u200d", "")).not.toMatch(/[\p{C}\p{Zl}\p{Zp}<>"']/u);
          expect(part.replaceAll(/&(amp|lt|gt|quot|#39);/g, "")).not.toContain("&");
        }
      }),
    );
  });
});
