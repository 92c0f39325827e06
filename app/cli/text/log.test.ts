import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText, NOON } from "../../shared/testing/snapshots.ts";
import { logJson, logText } from "./log.ts";

const line = (fields: object) =>
  JSON.stringify({
    time: new Date(NOON).toISOString(),
    level: "info",
    service: "auth.keepalive",
    msg: "done",
    ...fields,
  });

describe("a line of the log", () => {
  it("is told with its time, its level, who spoke and what belongs to it", () => {
    expect(logText(line({ recordId: "anthropic", ms: 12, ok: true, why: "two words", none: null }))).toBe(
      '2026-11-23 12:00:00  info   auth.keepalive  done  recordId=anthropic  ms=12  ok=true  why="two words"  none=null\n',
    );
  });

  it("is shown as it stands where it is none of ours", () => {
    expect(logText("half a li\u001b[31m")).toBe("half a li?[31m\n");
    expect(logText("{}")).toMatch(/^\?{4}-/);
    expect(logJson("half a li")).toBe("");
  });

  it("is one line that no terminal obeys, whatever stands in it", () => {
    fc.assert(
      fc.property(fc.dictionary(anyText(8), anyText()), anyText(), (fields, odd) => {
        for (const given of [line(fields), line({ msg: odd }), odd]) {
          expect(logText(given).replaceAll("\u200d", "")).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]*\n$/u);
          expect(logJson(given)).toMatch(/^(\P{Cc}+\n)?$/u);
        }
      }),
    );
  });
});
