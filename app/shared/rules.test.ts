import { describe, expect, it } from "vitest";
import { allows, exitCodeOf, isManaged, mayDisallow, needsSignIn, RULES, sentenceOf, triesAgain } from "./rules.ts";
import type { Account, Snapshot } from "./snapshot.ts";
import { LOGIN_STATE_NAMES, type LoginState, type LoginStateName } from "./states.ts";

const HINT = "opencode auth login";

const EXAMPLES: Readonly<Record<LoginStateName, LoginState>> = {
  healthy: { name: "healthy" },
  due: { name: "due" },
  refreshing: { name: "refreshing" },
  retrying: { name: "retrying", since: 1, next: 2, why: "the provider answered 503" },
  rateLimited: { name: "rateLimited", until: 2 },
  outcomeUnknown: { name: "outcomeUnknown", since: 1, next: 2 },
  shared: { name: "shared", with: "Claude Code" },
  oldCopy: { name: "oldCopy", since: 1 },
  wipedElsewhere: { name: "wipedElsewhere", since: 1, kept: true },
  signIn: { name: "signIn", why: "The login reached its deadline.", since: 1 },
  paused: { name: "paused", until: null },
  unmanaged: { name: "unmanaged", why: "It is left alone." },
  unreadable: { name: "unreadable", why: "the refresh token is missing" },
};

function account(state: LoginStateName): Account {
  return {
    id: state,
    provider: "anthropic",
    label: state,
    state,
    reason: null,
    accessExpiresAt: null,
    loginEndsAt: null,
    nextRefreshAt: null,
    lastRefresh: null,
    lastPing: null,
    sharedWith: null,
  };
}

function snapshot(states: readonly LoginStateName[], problem: string | null = null): Snapshot {
  return {
    version: 1,
    generatedAt: 1,
    keeper: { running: false, pid: null, since: null },
    file: { path: "/a", format: problem === null ? "flat" : null, problem },
    accounts: states.map(account),
  };
}

describe("the rules of each state", () => {
  it.each([
    ["healthy", 0, "well", ["refresh", "ping", "pause"]],
    ["due", 0, "well", ["refresh", "ping", "pause"]],
    ["refreshing", 0, "well", ["ping", "pause"]],
    ["retrying", 3, "waiting", ["refresh", "ping", "pause"]],
    ["rateLimited", 3, "waiting", ["pause"]],
    ["outcomeUnknown", 3, "waiting", ["refresh", "pause"]],
    ["shared", 1, "needsYou", ["allow"]],
    ["oldCopy", 1, "needsYou", ["allow"]],
    ["wipedElsewhere", 1, "needsYou", ["allow"]],
    ["signIn", 1, "needsYou", ["tryOnce"]],
    ["paused", 0, "paused", ["refresh", "ping", "resume"]],
    ["unmanaged", 0, "well", []],
    ["unreadable", 4, "unreadable", []],
  ] as const)("%s: exit %i, %s", (state, exit, weight, commands) => {
    expect(RULES[state]).toEqual({ exit, weight, commands });
  });

  it("are there for every state, and for no other", () => {
    expect(Object.keys(RULES)).toEqual([...LOGIN_STATE_NAMES]);
  });

  it("leave no dead end: what needs someone names a command or the next step", () => {
    for (const name of LOGIN_STATE_NAMES) {
      const { weight, commands } = RULES[name];
      if (weight === "needsYou") {
        expect(commands.length, name).toBeGreaterThan(0);
        expect(sentenceOf(EXAMPLES[name], "the-id", HINT, 1), name).toMatch(
          /opencode auth login|pilot-light allow the-id/,
        );
      }
    }
  });

  it("have one sentence each, unless all is well", () => {
    for (const name of LOGIN_STATE_NAMES) {
      const sentence = sentenceOf(EXAMPLES[name], "the-id", HINT, 1);
      if (["healthy", "due", "refreshing"].includes(name)) expect(sentence).toBeNull();
      else expect(sentence, name).toMatch(/^[A-Z].*[^.]\.?$/s);
    }
  });

  it("offer a rescue of an emptied entry only where a copy is kept", () => {
    const gone = sentenceOf({ name: "wipedElsewhere", since: 1, kept: false }, "the-id", HINT, 1);
    expect(gone).toContain(HINT);
    expect(gone).not.toContain("allow");
  });

  it("say when a lost answer is followed by the next try", () => {
    const next = new Date(2026, 10, 24, 15, 54).getTime();
    const lost = { name: "outcomeUnknown", since: 1, next } as const;
    expect(sentenceOf(lost, "the-id", HINT, next - 60_000)).toContain("tried again at 15:54");
    expect(sentenceOf(lost, "the-id", HINT, next)).toContain("tried again now");
  });

  it("name the command that does not wait for another process", () => {
    expect(sentenceOf({ name: "outcomeUnknown", since: 1, next: null }, "the-id", HINT, 1)).toContain(
      "pilot-light refresh the-id",
    );
  });
});

describe("what may be done", () => {
  it.each(LOGIN_STATE_NAMES)("in state %s is what its rule lists", (state) => {
    const commands = ["refresh", "tryOnce", "ping", "pause", "resume", "allow"] as const;
    expect(commands.filter((command) => allows(state, command))).toEqual(RULES[state].commands);
  });

  it.each<[string, (state: LoginStateName) => boolean, readonly LoginStateName[]]>([
    ["calls for a sign-in", needsSignIn, ["oldCopy", "wipedElsewhere", "signIn"]],
    ["is tried again by itself", triesAgain, ["retrying", "rateLimited", "outcomeUnknown"]],
    ["is none that we keep alive", (state) => !isManaged(state), ["unmanaged", "unreadable"]],
  ])("%s in these states only", (_what, holds, states) => {
    expect(LOGIN_STATE_NAMES.filter((state) => holds(state))).toEqual(states);
  });

  it("waits for a next try exactly where the rules say that it waits", () => {
    for (const state of LOGIN_STATE_NAMES) expect(triesAgain(state), state).toBe(RULES[state].weight === "waiting");
  });

  it("lets a permission be taken back where one was given: a shared login that is refreshed all the same", () => {
    const given = LOGIN_STATE_NAMES.filter((state) => mayDisallow({ state, sharedWith: "Claude Code" }));
    expect(given).toEqual(LOGIN_STATE_NAMES.filter((state) => state !== "shared" && isManaged(state)));
    expect(LOGIN_STATE_NAMES.some((state) => mayDisallow({ state, sharedWith: null }))).toBe(false);
  });
});

describe("the exit code", () => {
  it.each<readonly [readonly LoginStateName[], number]>([
    [[], 0],
    [["healthy", "due", "refreshing", "paused", "unmanaged"], 0],
    [["healthy", "retrying"], 3],
    [["rateLimited"], 3],
    [["outcomeUnknown"], 3],
    [["retrying", "signIn"], 1],
    [["shared"], 1],
    [["oldCopy", "rateLimited"], 1],
    [["wipedElsewhere"], 1],
    [["signIn", "unreadable", "retrying"], 4],
    [["unreadable", "healthy"], 4],
  ])("of %j is %i", (states, code) => {
    expect(exitCodeOf(snapshot(states))).toBe(code);
    expect(exitCodeOf(snapshot(states.toReversed()))).toBe(code);
  });

  it("of a file that cannot be read is 4", () => {
    expect(exitCodeOf(snapshot([], "it is not JSON"))).toBe(4);
  });

  it("of a file that does not exist yet is 0", () => {
    expect(exitCodeOf(snapshot([]))).toBe(0);
  });

  it("of some accounts is theirs", () => {
    const all = snapshot(["signIn", "retrying", "healthy"]);
    expect(exitCodeOf(all, all.accounts.slice(1))).toBe(3);
    expect(exitCodeOf(all, all.accounts.slice(2))).toBe(0);
  });
});
