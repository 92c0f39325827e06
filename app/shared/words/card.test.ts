import { describe, expect, it } from "vitest";
import { loginOf, NOON } from "../testing/snapshots.ts";
import { accessText, glanceOf, loginText, pingText, refreshText, wordingOf } from "./card.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("a login at a glance", () => {
  const pinged = loginOf("a", {
    accessExpiresAt: NOON + 5 * HOUR + 59 * MINUTE,
    lastPing: { at: NOON - 4 * MINUTE, outcome: "ok", mode: "message" },
    lastRefresh: { at: NOON - 3 * HOUR, outcome: "refreshed" },
  });
  const said = (change: Parameters<typeof loginOf>[1], mode: "message" | "off" | null = "message") => {
    const { access, news, soon } = glanceOf({ ...pinged, ...change }, mode, NOON);
    return `${access} | ${news}${soon ? " !" : ""}`;
  };

  it("tells until when its access is valid, and when it was pinged", () => {
    expect(said({})).toBe("until 17:59 (5 h 59 m) | pinged 4 min ago");
    expect(said({ lastPing: { at: NOON - MINUTE, outcome: "unreachable", mode: "message" } })).toContain(
      "| ping failed 1 min ago",
    );
  });

  it("tells of the last refresh where there was no ping, or pings are off", () => {
    expect(said({ lastPing: null })).toContain("| refreshed 3 h ago");
    expect(said({}, "off")).toContain("| refreshed 3 h ago");
    expect(said({ lastPing: null, lastRefresh: null })).toContain("| not pinged yet");
    expect(said({ lastRefresh: null }, "off")).toContain("| pings off");
  });

  it("tells for some minutes that it was signed in again, unless it fares badly by now", () => {
    expect(said({ signedInAt: NOON - 8_000 })).toContain("| Signed in again, 8 s ago");
    expect(said({ signedInAt: NOON, state: "paused" })).toContain("| Signed in again, just now");
    expect(said({ signedInAt: NOON - 9 * MINUTE })).toContain("| Signed in again, 9 min ago");
    expect(said({ signedInAt: NOON - 11 * MINUTE })).toContain("| pinged 4 min ago");
    // The clock stepped back since.
    expect(said({ signedInAt: NOON + HOUR })).toContain("| pinged 4 min ago");
    expect(said({ signedInAt: NOON - 8_000, state: "signIn" })).toBe("sign in | ");
    expect(said({ signedInAt: NOON - 8_000, state: "retrying", nextRefreshAt: NOON + MINUTE })).toContain(
      "| tries again",
    );
  });

  it("tells first what comes next where a login waits, and is about to end", () => {
    expect(said({ state: "retrying", nextRefreshAt: NOON + 4 * MINUTE })).toContain("| tries again in 4 min");
    expect(said({ state: "outcomeUnknown", nextRefreshAt: null })).toContain("| answer lost");
    expect(said({ state: "refreshing", nextRefreshAt: null })).toContain("| refreshing now");
    expect(said({ state: "due", nextRefreshAt: NOON, accessExpiresAt: NOON - HOUR })).toBe(
      "expired 1 h ago | refreshes now",
    );
    expect(said({ state: "due", nextRefreshAt: null, accessExpiresAt: NOON - HOUR, reasonKind: "unkept" })).toBe(
      "expired 1 h ago | ",
    );
    expect(said({ loginEndsAt: NOON + 2 * DAY + 3 * HOUR })).toContain("| login ends in 2 d !");
    expect(said({ loginEndsAt: NOON - HOUR })).toContain("| login ended 1 h ago !");
    expect(said({ state: "paused" })).toContain("| pings paused");
  });

  it("tells the state where someone is needed, or nothing is done", () => {
    expect(said({ state: "signIn" })).toBe("sign in | ");
    expect(said({ state: "unreadable" })).toBe("unreadable | ");
    expect(said({ state: "unmanaged" })).toBe("unmanaged | ");
    expect(said({ accessExpiresAt: null })).toBe("access not known | pinged 4 min ago");
  });
});

describe("the access token's clock", () => {
  it("tells until when it is valid, and when it is refreshed", () => {
    const login = loginOf("a", { accessExpiresAt: NOON + 9 * HOUR, nextRefreshAt: NOON + 5 * HOUR + 12 * MINUTE });
    expect(accessText(login, NOON)).toBe("until 21:00, refreshes in 5 h 12 m");
    expect(accessText(login, NOON + 5 * HOUR + 11 * MINUTE + 18_000)).toBe("until 21:00, refreshes in 42 s");
    expect(accessText(login, NOON + 6 * HOUR)).toBe("until 21:00, refreshes now");
  });

  it("says that it has expired, and what comes", () => {
    const login = loginOf("a", { accessExpiresAt: NOON - 5 * MINUTE, nextRefreshAt: NOON });
    expect(accessText(login, NOON)).toBe("expired 5 min ago, refreshes now");
  });

  it("promises no refresh where none is planned", () => {
    const login = loginOf("a", { state: "signIn", accessExpiresAt: NOON + 3 * HOUR, nextRefreshAt: null });
    expect(accessText(login, NOON)).toBe("until 15:00 (3 h)");
    expect(accessText({ ...login, accessExpiresAt: NOON - HOUR }, NOON)).toBe("expired 1 h ago");
  });

  it("calls what follows a failure a try", () => {
    const login = loginOf("a", { accessExpiresAt: NOON + HOUR, nextRefreshAt: NOON + 4 * MINUTE });
    for (const state of ["retrying", "rateLimited", "outcomeUnknown"] as const)
      expect(accessText({ ...login, state }, NOON)).toBe("until 13:00, tries again in 4 min");
  });

  it("says that it is being refreshed now", () => {
    const login = loginOf("a", { state: "refreshing", accessExpiresAt: NOON + HOUR, nextRefreshAt: null });
    expect(accessText(login, NOON)).toBe("until 13:00, refreshing now");
  });

  it("admits that it does not know", () => {
    expect(accessText(loginOf("a", { accessExpiresAt: null, nextRefreshAt: null }), NOON)).toBe("not known");
    expect(accessText(loginOf("a", { accessExpiresAt: null }), NOON)).toBe("refreshes in 6 h");
  });

  it("survives times that no calendar holds", () => {
    expect(accessText(loginOf("a", { accessExpiresAt: 1e300, nextRefreshAt: null }), NOON)).toBe(
      "until ? (many years)",
    );
  });
});

describe("the login's own clock", () => {
  it.each([
    [null, "no known deadline", false],
    [NOON + 19 * DAY + HOUR, "until 12 Dec (19 days)", false],
    [NOON + 7 * DAY + HOUR, "until 30 Nov (7 days)", false],
    [NOON + 5 * DAY, "until Sat 12:00 (5 days); sign in again before that", true],
    [NOON + 2 * DAY + 4 * HOUR, "until Wed 16:00 (2 d 4 h); sign in again before that", true],
    [NOON + 20 * MINUTE, "until 12:20 (20 min); sign in again before that", true],
    [NOON - 9 * HOUR, "ended 03:00, 9 h ago", true],
  ])("of a login that ends at %s says: %s", (loginEndsAt, text, soon) => {
    expect(loginText(loginOf("a", { loginEndsAt }), NOON)).toEqual({ text, soon });
  });

  it("tells no end that is still to come once the login has ended", () => {
    const ended = loginOf("a", { state: "signIn", loginEndsAt: NOON + 29 * DAY });
    expect(loginText(ended, NOON)).toEqual({ text: "needs a sign-in", soon: true });
    expect(loginText({ ...ended, loginEndsAt: NOON - DAY }, NOON).text).toMatch(/^ended /);
  });
});

describe("pings and refreshes", () => {
  it("tell when, what came of it, and what it cost", () => {
    const login = loginOf("a", {
      lastPing: { at: NOON - 2 * MINUTE, outcome: "ok", mode: "message" },
      lastRefresh: { at: NOON - 3 * HOUR, outcome: "adopted" },
    });
    expect(pingText(login, 96, "message", NOON)).toBe("2 min ago, ok · ~96 tokens today");
    expect(pingText(login, 1, "message", NOON)).toBe("2 min ago, ok · ~1 token today");
    expect(pingText(login, 0, null, NOON)).toBe("2 min ago, ok");
    expect(refreshText(login, NOON)).toBe("3 h ago, done by another program");
  });

  it("say that pings are off, and of the last one while they were on", () => {
    expect(pingText(loginOf("a"), 0, "off", NOON)).toBe("off");
    const last = { at: NOON - 2 * MINUTE, outcome: "ok", mode: "message" } as const;
    expect(pingText(loginOf("a", { lastPing: last }), 96, "off", NOON)).toBe("off; the last one 2 min ago, ok");
  });

  it("say that there was none yet", () => {
    expect(pingText(loginOf("a"), 0, "profile", NOON)).toBe("none yet");
    expect(refreshText(loginOf("a"), NOON)).toBeNull();
  });
});

describe("what is asked before", () => {
  it("names the program that a refresh may sign out", () => {
    const { text, yes } = wordingOf("allow", loginOf("a", { state: "shared", sharedWith: "Claude Code" }));
    expect(text).toContain("Claude Code uses the same login and may be signed out");
    expect(yes).toBe("Refresh it anyway");
  });

  it("does not pretend to know the program where it does not", () => {
    expect(wordingOf("allow", loginOf("a", { state: "shared" })).text).toContain("Another program uses the same login");
  });

  it("says of one more try that it is recorded, and promises nothing", () => {
    const { text } = wordingOf("tryOnce", loginOf("a", { state: "signIn" }));
    expect(text).toContain("the attempt is recorded");
    expect(text).toContain("may refuse again");
  });

  it("says of a pause that refreshing goes on", () => {
    expect(wordingOf("pause", loginOf("a")).text).toContain("It is still refreshed");
  });

  it("has an own word for each state in which something can be allowed", () => {
    const buttons = (["shared", "oldCopy", "wipedElsewhere"] as const).map(
      (state) => wordingOf("allow", loginOf("a", { state })).button,
    );
    expect(buttons).toEqual(["Refresh it anyway", "Use it anyway", "Put the safe copy back"]);
  });
});
