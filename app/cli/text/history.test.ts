import { describe, expect, it } from "vitest";
import { NOON } from "../../shared/testing/snapshots.ts";
import { historyText } from "./history.ts";

const id = `anthropic/${"x".repeat(40)}`;
const EVENT = {
  at: NOON,
  id,
  by: "the provider",
  what: { kind: "told", sentence: "refused the refresh token, so the login has ended" },
  fingerprint: "0123456789abcdef0123456789abcdef",
} as const;

describe("the history of logins", () => {
  it("fits the terminal, with what did not fit in a line indented below it", () => {
    expect(historyText([EVENT], { width: 80 })).toBe(
      `2026-11-23 12:00:00  ${id}\n    the provider: refused the refresh token, so the login has ended  [01234567]\n`,
    );
    expect(historyText([EVENT], { width: 60, indent: "  " })).toBe(
      `  2026-11-23 12:00:00\n      ${id}\n` +
        "      the provider: refused the refresh token, so the login\n      has ended  [01234567]\n",
    );
  });

  it("is one line for each event where there is no width to keep to", () => {
    const line = `2026-11-23 12:00:00  ${id}  the provider: refused the refresh token, so the login has ended  [01234567]\n`;
    expect(historyText([EVENT, EVENT], { width: Number.POSITIVE_INFINITY })).toBe(line.repeat(2));
  });
});
