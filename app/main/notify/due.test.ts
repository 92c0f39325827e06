import { describe, expect, it } from "vitest";
import type { Login } from "../../shared/login/snapshot.ts";
import { loginOf, NOON } from "../../shared/testing/snapshots.ts";
import { viewOf } from "../../shared/testing/views.ts";
import type { View } from "../../shared/view/view.ts";
import { dueNow, type Memory, withTold } from "./due.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const GRACE = 10 * MINUTE;
const ENDED = loginOf("work", {
  state: "signIn",
  reasonKind: "refused",
  lastRefresh: { at: NOON - 320 * MINUTE, outcome: "rejected" },
});
const seen = (logins: readonly Login[], change: Partial<View> = {}): View => viewOf(logins, change);

/** Looks at each view at its minute after noon; what is due is told. @returns the titles with their minute. */
function told(
  story: readonly (readonly [minute: number, view: View])[],
  { awake = 0, before = {} }: { readonly awake?: number; readonly before?: Memory } = {},
): { readonly titles: readonly string[]; readonly memory: Memory } {
  const titles: string[] = [];
  let memory = before;
  for (const [minute, view] of story) {
    const moment = { now: NOON + minute * MINUTE, awakeSince: NOON + awake * MINUTE, graceMs: GRACE };
    const result = dueNow(view, memory, moment);
    memory = withTold(result.memory, result.due);
    titles.push(...result.due.map(({ text }) => `${minute} ${text().title}`));
  }
  return { titles, memory };
}

describe("a trouble", () => {
  const ended = seen([ENDED, loginOf("home")]);
  const well = seen([loginOf("work"), loginOf("home")]);

  it("is told once, after the grace", () => {
    const story = [0, 5, 9, 10, 11, 600].map((minute) => [minute, ended] as const);
    expect(told(story).titles).toEqual(["10 work needs a sign-in"]);
  });

  it("is not told again after a restart, nor forgotten by one", () => {
    const { memory } = told([
      [0, ended],
      [10, ended],
    ]);
    expect(told([[20, ended]], { awake: 15, before: memory }).titles).toEqual([]);
    const waiting = told([[0, ended]]).memory;
    expect(
      told(
        [
          [20, ended],
          [30, ended],
        ],
        { awake: 20, before: waiting },
      ).titles,
    ).toEqual(["30 work needs a sign-in"]);
  });

  it("that heals within the grace is not told; the next one has a grace of its own", () => {
    expect(
      told([
        [0, ended],
        [5, well],
        [6, ended],
        [12, ended],
        [16, ended],
      ]).titles,
    ).toEqual(["16 work needs a sign-in"]);
  });

  it("is one trouble while the file cannot be read, or while one more try is made", () => {
    const blind = viewOf([], {}, { format: null, problem: "it is not JSON", problemKind: "notJson" });
    const trying = seen([{ ...ENDED, state: "refreshing" }, loginOf("home")]);
    const story = [ended, ended, blind, ended, trying, ended, seen([], { snapshot: null }), ended];
    expect(
      told(story.map((view, at) => [at * 11, view] as const)).titles.filter((each) => each.includes("work")),
    ).toEqual(["11 work needs a sign-in"]);
  });

  it("that lasted through a sleep may heal for a grace after waking up", () => {
    expect(told([[0, ended]]).titles).toEqual([]);
    const asleep = told([[0, ended]]).memory;
    expect(
      told(
        [
          [500, ended],
          [509, ended],
          [510, ended],
        ],
        { awake: 500, before: asleep },
      ).titles,
    ).toEqual(["510 work needs a sign-in"]);
  });

  it("is told although the clock was set back", () => {
    const { memory } = told([[0, ended]]);
    expect(
      told(
        [
          [-3_000, ended],
          [-2_990, ended],
        ],
        { awake: -4_000, before: memory },
      ).titles,
    ).toEqual(["-2990 work needs a sign-in"]);
  });

  it("of a kind that is switched off waits until it is switched on", () => {
    const off = { ...ended, notifications: { ...ended.notifications, signIn: false } };
    expect(
      told([
        [0, off],
        [20, off],
        [30, ended],
      ]).titles,
    ).toEqual(["30 work needs a sign-in"]);
  });

  it("says when it is to be looked at again", () => {
    const moment = { now: NOON, awakeSince: NOON - HOUR, graceMs: GRACE };
    expect(dueNow(ended, {}, moment).nextAt).toBe(NOON + GRACE);
    expect(dueNow(well, {}, moment).nextAt).toBeNull();
  });
});

describe("what is told", () => {
  it.each<[string, Partial<Login>, Partial<View>, string | null]>([
    ["a copy that is old", { state: "oldCopy" }, {}, "10 a: an old copy is back"],
    ["an entry that was emptied", { state: "wipedElsewhere", reasonKind: "copyKept" }, {}, "10 a was emptied"],
    ["a login that is shared", { state: "shared", sharedWith: "Claude Code" }, {}, "10 a is shared"],
    ["access that expired just now", { state: "retrying", accessExpiresAt: NOON }, {}, null],
    ["refreshing that fails while access lasts", { state: "retrying", accessExpiresAt: NOON + DAY }, {}, null],
    [
      "access expired for two hours",
      { state: "retrying", accessExpiresAt: NOON - 2 * HOUR },
      {},
      "10 a cannot be refreshed",
    ],
    ["a deadline in 8 days", { loginEndsAt: NOON + 8 * DAY }, {}, null],
    ["a deadline in 6 days", { loginEndsAt: NOON + 6 * DAY }, {}, "0 a ends in 6 d"],
    ["a pause", { state: "paused" }, {}, null],
    ["pings that stopped", { pingStop: { kind: "paidSeparately" } }, {}, "0 a: message pings stopped"],
    [
      "pings that stopped while none are sent",
      { pingStop: { kind: "paidSeparately" } },
      { pings: { mode: "off", dailyTokens: 1, lockedBy: null } },
      null,
    ],
    ["an error that nobody expected", {}, { unexpectedAt: NOON }, "0 Something went wrong in Pilot Light"],
    ["a keeper that cannot work", {}, { problem: "No room." }, "10 Pilot Light cannot keep your logins alive"],
  ])("of %s", (_what, login, change, expected) => {
    const view = seen([loginOf("a", login)], change);
    const { titles } = told([
      [0, view],
      [9, view],
      [10, view],
      [11, view],
    ]);
    expect(titles).toEqual(expected === null ? [] : [expected]);
  });

  it("of a deadline comes at 7, 3 and 1 days, and each once", () => {
    const view = seen([loginOf("a", { loginEndsAt: NOON + 10 * DAY })]);
    const days = Array.from({ length: 20 }, (_, at) => at / 2);
    const { titles } = told(days.map((day) => [day * 1_440, view] as const));
    expect(titles).toEqual(["4320 a ends in 7 d", "10080 a ends in 3 d", "12960 a ends in 1 d"]);
  });

  it("of a file that cannot be used comes after the grace, and by its kind", () => {
    const file = viewOf([], {}, { format: null, problem: "it is not JSON", problemKind: "notJson" });
    const notes = viewOf([], {}, { format: null, problem: "the folder is gone", problemKind: "ownNotes" });
    expect(
      told([
        [0, file],
        [10, file],
        [11, notes],
        [21, notes],
      ]).titles,
    ).toEqual(["10 The credential file cannot be used", "21 Pilot Light cannot use its own files"]);
  });
});
