import { describe, expect, it } from "vitest";
import type { Login, Snapshot } from "../../shared/login/snapshot.ts";
import { baseline } from "../../shared/login/transitions.ts";
import type { Source } from "../../shared/settings.ts";
import { loginOf, NOON, snapshotOf } from "../../shared/testing/snapshots.ts";
import { progress } from "./progress.ts";

const HOUR = 3_600_000;
const refreshed = (outcome: NonNullable<Login["lastRefresh"]>["outcome"]) =>
  ({ lastRefresh: { at: NOON, outcome } }) satisfies Partial<Login>;
const one = (change: Partial<Login> = {}) => snapshotOf([loginOf("anthropic", change)]);
const said = (before: Snapshot | null, after: Snapshot, others = false, authFileFrom: Source = "default") =>
  progress(before, after, { others, authFileFrom }).map(({ id, level, msg }) => `${level} ${id ?? "file"}: ${msg}`);

describe("while a keeper runs, a line", () => {
  it("tells each login at the start", () => {
    const sentence = "Pilot Light leaves this login alone.";
    const after = snapshotOf([
      loginOf("anthropic"),
      loginOf("openai", { state: "unmanaged", reason: sentence, nextRefreshAt: null }),
    ]);
    expect(said(null, after)).toEqual(["info anthropic: healthy, refreshes in 6 h", `info openai: ${sentence}`]);
  });

  it("is not written where nothing changed", () => {
    expect(said(one(), one())).toEqual([]);
    expect(said(one(), one({ state: "due", nextRefreshAt: NOON, accessExpiresAt: NOON }))).toEqual([]);
  });

  it("tells a refresh, and when the next one is", () => {
    const after = one({ ...refreshed("refreshed"), nextRefreshAt: NOON + 6 * HOUR });
    expect(said(one({ state: "due" }), after)).toEqual(["info anthropic: refreshed, next in 6 h"]);
  });

  it("tells a refresh once it is done, not while it is under way", () => {
    const before = one({ state: "due" });
    const between = baseline(before, one({ ...refreshed("refreshed"), state: "refreshing", nextRefreshAt: NOON }));
    expect(said(before, between)).toEqual([]);
    expect(said(between, baseline(between, one(refreshed("refreshed"))))).toEqual([
      "info anthropic: refreshed, next in 6 h",
    ]);
  });

  it("tells a login that came back as one thing", () => {
    const before = one({ state: "retrying", reason: "Could not refresh, will try again: it is offline." });
    expect(said(before, one(refreshed("refreshed")))).toEqual(["info anthropic: refreshed, next in 6 h"]);
  });

  it.each([
    ["transient", "retrying", "not refreshed this time"],
    ["rate-limited", "rateLimited", "not refreshed: the provider says to wait"],
    ["unknown", "outcomeUnknown", "the answer to a refresh was lost"],
    ["rejected", "signIn", "the provider says this login has ended"],
  ] as const)("warns of %s, and says what to do", (outcome, state, words) => {
    const after = one({ ...refreshed(outcome), state, reason: "Do this.", nextRefreshAt: null });
    expect(said(one(), after)).toEqual([`warn anthropic: ${words}`, "warn anthropic: Do this."]);
  });

  it("tells a pause and its end", () => {
    const paused = one({ state: "paused", reason: "Pings are paused. Refreshing continues." });
    expect(said(one(), paused)).toEqual(["info anthropic: Pings are paused. Refreshing continues."]);
    expect(said(paused, one())).toEqual(["info anthropic: healthy, refreshes in 6 h"]);
  });

  it("tells pings, but not those that were not sent", () => {
    const pinged = (outcome: NonNullable<Login["lastPing"]>["outcome"]) =>
      one({ lastPing: { at: NOON, outcome, mode: "message" } });
    expect(said(one(), pinged("ok"))).toEqual(["info anthropic: ping (message): ok"]);
    expect(said(one(), pinged("refused"))).toEqual(["warn anthropic: ping (message): refused"]);
    expect(said(one(), pinged("skipped"))).toEqual([]);
  });

  it("tells what became of the file", () => {
    const missing = snapshotOf([], { format: null });
    const broken = snapshotOf([], { format: null, problem: "it is cut off", problemKind: "notJson" });
    expect(said(null, missing)).toEqual(["info file: no auth.json yet; sign in with: opencode auth login"]);
    expect(said(missing, snapshotOf([]))).toEqual(["info file: auth.json can be read"]);
    expect(said(null, missing, false, "env")).toEqual([
      "info file: no credential file yet; sign in with the tool that writes this file",
    ]);
    expect(said(missing, snapshotOf([]), false, "env")).toEqual(["info file: the credential file can be read"]);
    expect(said(one(), broken)).toEqual([
      "warn file: /home/ann/.local/share/opencode/auth.json: it is cut off. Nothing is refreshed or written. Fix it, or move it away and sign in again.",
    ]);
    expect(said(broken, broken)).toEqual([]);
  });

  it("tells what others did only where no event does", () => {
    const adopted = one(refreshed("adopted"));
    expect(said(one(), adopted)).toEqual([]);
    expect(said(one(), adopted, true)).toEqual(["info anthropic: a newer login was found in the file, next in 6 h"]);
    expect(said(one(), snapshotOf([]))).toEqual([]);
    expect(said(one(), snapshotOf([]), true)).toEqual(["info anthropic: no longer in the file"]);
  });
});
