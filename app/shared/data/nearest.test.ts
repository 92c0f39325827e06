import { describe, expect, it } from "vitest";
import { nearestWord } from "./nearest.ts";

/** The commands of the command line. */
const COMMANDS = ["run", "status", "accounts", "refresh", "ping", "pause", "resume", "allow", "disallow", "history"];
const FLAGS = ["--auth-file", "--state-dir", "--token-url", "--api-url", "--ping", "--log-level", "--json", "--all"];

describe("the nearest word", () => {
  it.each([
    ["--tokne-url", "--token-url"],
    ["--tokenurl", "--token-url"],
    ["--token_url", "--token-url"],
    ["--Token-URL", "--token-url"],
    ["--auth", "--auth-file"],
    ["--authfile", "--auth-file"],
    ["--level", "--log-level"],
    ["--jsno", "--json"],
    ["--al", "--all"],
    ["--lal", "--all"],
  ])("to the flag %s is %s", (typed, meant) => {
    expect(nearestWord(typed, FLAGS)).toBe(meant);
  });

  it.each([
    ["statsu", "status"],
    ["stat", "status"],
    ["Status", "status"],
    ["refesh", "refresh"],
    ["acounts", "accounts"],
    ["pasue", "pause"],
    ["pong", "ping"],
    ["histroy", "history"],
  ])("to the command %s is %s", (typed, meant) => {
    expect(nearestWord(typed, COMMANDS)).toBe(meant);
  });

  it.each(["", "-", "--", "xyzzy", "install", "x".repeat(10_000)])("to %j is none", (typed) => {
    expect(nearestWord(typed, COMMANDS)).toBe(null);
  });

  it.each([
    ["--foo", "--for"],
    ["--fit", "--for"],
    ["--foot", "--for"],
  ])("to %s is not %s: a short word with another letter is another word", (typed, word) => {
    expect(nearestWord(typed, [word])).toBe(null);
  });
});
