import { describe, expect, it } from "vitest";
import type { Login } from "../login/snapshot.ts";
import { LOGIN_STATE_NAMES, type LoginStateName } from "../login/states.ts";
import { loginOf, NOON, snapshotOf } from "../testing/snapshots.ts";
import { calledAmong, fileProblemSentence, fileProblemText, howToSignIn, loginName, summaryOf } from "./status.ts";

const withStates = (...states: readonly LoginStateName[]) =>
  summaryOf(snapshotOf(states.map((state, at) => loginOf(`login-${at}`, { state }))), NOON);

describe("the summary", () => {
  it.each<[readonly LoginStateName[], string, string]>([
    [["healthy"], "well", "1 login, well"],
    [["healthy", "due", "refreshing"], "well", "3 logins, all well"],
    [["healthy", "signIn", "healthy"], "needsYou", "1 of 3 logins needs you"],
    [["oldCopy", "signIn", "healthy"], "needsYou", "2 of 3 logins need you"],
    [["signIn"], "needsYou", "1 login needs you"],
    [["signIn", "unreadable"], "unreadable", "1 of 2 logins cannot be read"],
    [["retrying", "healthy"], "waiting", "1 of 2 logins will be tried again"],
    [["paused", "paused"], "paused", "2 logins, all well, pings paused"],
    [["paused", "healthy"], "paused", "2 logins, all well, pings paused for 1"],
    [["unmanaged", "healthy"], "well", "1 login, well"],
    [["unmanaged"], "well", "no logins"],
    [[], "well", "no logins"],
  ])("of %j is heavy as %s: %s", (states, weight, text) => {
    expect(withStates(...states)).toEqual({ weight, text });
  });

  it("tells of a deadline that is near where nothing is worse", () => {
    const ending = loginOf("a", { loginEndsAt: NOON + 86_400_000 });
    const textOf = (...logins: readonly Login[]) => summaryOf(snapshotOf(logins), NOON).text;
    expect(textOf(ending, loginOf("b"))).toBe("1 of 2 logins needs a sign-in soon");
    expect(textOf(ending, loginOf("b", { state: "retrying" }))).toBe("1 of 2 logins needs a sign-in soon");
    expect(textOf({ ...ending, state: "paused" })).toBe("1 login needs a sign-in soon");
    expect(textOf(ending, loginOf("b", { state: "retrying", accessExpiresAt: NOON }))).toBe(
      "1 of 2 logins will be tried again",
    );
    expect(textOf(ending, loginOf("b", { state: "shared" }))).toBe("1 of 2 logins needs you");
  });

  it("has words for a file that is missing, cannot be used, or was not looked at yet", () => {
    expect(summaryOf(null, NOON).text).toBe("starting");
    expect(summaryOf(snapshotOf([], { format: null }), NOON).text).toBe("waiting for a first sign-in");
    const whose = (problemKind: "notJson" | "ownNotes") =>
      summaryOf(snapshotOf([], { format: null, problem: "it is so.", problemKind }), NOON);
    expect(whose("notJson")).toEqual({ weight: "unreadable", text: "the credential file cannot be used" });
    expect(whose("ownNotes")).toEqual({ weight: "unreadable", text: "our own files cannot be used" });
  });

  it.each(LOGIN_STATE_NAMES)("of a login that is %s has words", (state) => {
    expect(withStates(state).text).toMatch(/^(\d|no)/);
  });
});

describe("a login's name", () => {
  it.each([
    ["anthropic", "anthropic", "anthropic"],
    ["anthropic", "work", "anthropic · work"],
    ["anthropic", "anthropic work", "anthropic work"],
    ["anthropic", " ", "anthropic · (no name)"],
    ["", "", "(no name)"],
  ])("of provider %s and label %s is %s", (provider, label, name) => {
    expect(loginName({ provider, label })).toBe(name);
  });
});

describe("the name of a login in a notification", () => {
  const named = (provider: string, label: string) => ({ provider, label });
  it.each([
    ["its label", "work", [], "work"],
    ["whole where another login has that label", "work", [named("openai", " work")], "anthropic · work"],
    ["whole where it has none", " ", [], "anthropic · (no name)"],
  ])("is %s", (_how, label, others, name) => {
    const login = named("anthropic", label);
    expect(calledAmong(login, [login, ...others])).toBe(name);
  });
});

describe("how to sign in", () => {
  it("names opencode's command for opencode's own file only", () => {
    expect(howToSignIn("default")).toBe("sign in with: opencode auth login");
    for (const from of ["flag", "env", "settings"] as const)
      expect(howToSignIn(from)).toBe("sign in with the tool that writes this file");
  });
});

describe("a file that cannot be used", () => {
  it("is named before what is wrong with it, but for a sentence on our own notes, which names its own", () => {
    const file = { path: "/auth.json", format: null, problem: "it is empty", problemKind: "empty" } as const;
    expect(fileProblemText(file)).toBe(
      "/auth.json: it is empty. Nothing was written. Fix it, or move it away and sign in again.",
    );
    const own = { ...file, problem: "/state is a link. Remove it.", problemKind: "ownNotes" } as const;
    expect(fileProblemSentence(own)).toBe("/state is a link. Remove it.");
    expect(fileProblemText(own)).toBe("/state is a link. Remove it. Nothing was written.");
  });
});
