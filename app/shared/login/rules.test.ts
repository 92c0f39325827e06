import { describe, expect, it } from "vitest";
import { allows, exitCodeOf, isManaged, mayDisallow, needsSignIn, RULES, triesAgain } from "./rules.ts";
import type { Login, Snapshot } from "./snapshot.ts";
import { LOGIN_STATE_NAMES, type LoginStateName } from "./states.ts";

function login(state: LoginStateName): Login {
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
    accounts: states.map(login),
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
