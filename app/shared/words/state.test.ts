import { describe, expect, it } from "vitest";
import { allows, needsSignIn, RULES } from "../login/rules.ts";
import { END_REASONS, LOGIN_STATE_NAMES, type LoginState, type LoginStateName, reasonKindOf } from "../login/states.ts";
import { loginOf } from "../testing/snapshots.ts";
import {
  addressed,
  endSentence,
  type Reader,
  sharingUnseenSentence,
  stateSentence,
  UNKEPT,
  windowSentence,
} from "./state.ts";

const HINT = "opencode auth login";

const EXAMPLES: Readonly<Record<LoginStateName, LoginState>> = {
  healthy: { name: "healthy" },
  due: { name: "due" },
  refreshing: { name: "refreshing" },
  retrying: { name: "retrying", since: 1, next: 2, why: { kind: "status", status: 404 } },
  rateLimited: { name: "rateLimited", until: 2 },
  outcomeUnknown: { name: "outcomeUnknown", since: 1, next: 2 },
  shared: { name: "shared", with: "Claude Code" },
  oldCopy: { name: "oldCopy", since: 1 },
  wipedElsewhere: { name: "wipedElsewhere", since: 1, kept: true },
  signIn: { name: "signIn", reason: "deadline", since: 1 },
  paused: { name: "paused", until: null },
  unmanaged: { name: "unmanaged" },
  unreadable: { name: "unreadable", problem: { kind: "noRefresh" } },
};
/** States that say more than their example. */
const MORE: readonly LoginState[] = [
  { name: "outcomeUnknown", since: 1, next: null },
  { name: "wipedElsewhere", since: 1, kept: false },
  { name: "paused", until: 5 },
  { name: "retrying", since: 1, next: 2, why: { kind: "cannotReplace", problem: { kind: "mounted" } } },
  ...END_REASONS.map((reason) => ({ name: "signIn", reason, since: 1 }) as const),
];
const ALL_STATES = [...LOGIN_STATE_NAMES.map((name) => EXAMPLES[name]), ...MORE];

const said = (state: LoginState, reader: Reader = "cli", now = 1) =>
  stateSentence(state, { id: "the-id", signInHint: HINT, now, reader });

describe("the sentence of a state", () => {
  it("leaves no dead end: what needs someone names a command or the next step", () => {
    for (const state of ALL_STATES.filter(({ name }) => RULES[name].weight === "needsYou"))
      expect(said(state), state.name).toMatch(/opencode auth login|pilot-light allow the-id/);
  });

  it("is one sentence or two, unless all is well", () => {
    for (const state of ALL_STATES) {
      const sentence = said(state);
      if (["healthy", "due", "refreshing"].includes(state.name)) expect(sentence).toBeNull();
      else expect(sentence, state.name).toMatch(/^[A-Z].*[^.]\.$/s);
    }
  });

  it("names a command of ours on the command line only, and only one that is allowed", () => {
    for (const state of ALL_STATES) {
      expect(said(state, "window") ?? "", state.name).not.toContain("pilot-light");
      for (const command of ["allow", "refresh"] as const)
        if (said(state)?.includes(`pilot-light ${command} `) === true)
          expect(allows(state.name, command), state.name).toBe(true);
    }
  });

  it("offers a rescue of an emptied entry only where a copy is kept", () => {
    expect(said({ name: "wipedElsewhere", since: 1, kept: false })).toBe(
      "Another program emptied this login. Sign in again: opencode auth login.",
    );
    expect(said(EXAMPLES.wipedElsewhere)).toBe(
      'Another program emptied this login. Sign in again (opencode auth login), or put our safe copy back with "pilot-light allow the-id".',
    );
    expect(said(EXAMPLES.wipedElsewhere, "window")).toMatch(/, or put our safe copy back\.$/);
  });

  it("names the rescue on the command line, where there is something to put back", () => {
    const told = { id: "the-id", signInHint: HINT, now: 1 };
    const rescue = '"pilot-light rescue the-id"';
    for (const name of ["oldCopy", "signIn"] as const) {
      const state = EXAMPLES[name];
      expect(stateSentence(state, { ...told, reader: "cli", rescuable: true }), name).toContain(rescue);
      expect(stateSentence(state, { ...told, reader: "cli", rescuable: false }), name).not.toContain("rescue");
      expect(stateSentence(state, { ...told, reader: "window", rescuable: true }), name).toBe(said(state, "window"));
    }
    const emptied = { name: "wipedElsewhere", since: 1, kept: false } as const;
    expect(stateSentence(emptied, { ...told, reader: "cli", rescuable: true })).toContain(rescue);
  });

  it("says when a lost answer is followed by the next try", () => {
    const next = new Date(2026, 10, 24, 15, 54).getTime();
    const lost = { name: "outcomeUnknown", since: 1, next } as const;
    expect(said(lost, "cli", next - 60_000)).toContain("tries again at 15:54");
    expect(said(lost, "cli", next)).toContain("tries again now");
  });

  it("names the command that does not wait for another process", () => {
    expect(said({ name: "outcomeUnknown", since: 1, next: null })).toContain("pilot-light refresh the-id");
  });

  it("says of a file that cannot be replaced what to do", () => {
    expect(
      said({ name: "retrying", since: 1, next: 2, why: { kind: "cannotReplace", problem: { kind: "mounted" } } }),
    ).toBe(
      "Could not refresh, will try again: something is mounted on it, so it cannot be replaced safely. Make it a plain file in its own folder, and mount or link that folder instead.",
    );
  });

  it("tells each way in which a login ends in its own words", () => {
    expect(new Set(END_REASONS.map(endSentence)).size).toBe(END_REASONS.length);
  });
});

describe("the window's sentence about a published login", () => {
  it.each(LOGIN_STATE_NAMES)("that is %s is that of its state", (name) => {
    const state = EXAMPLES[name];
    const login = loginOf("the-id", {
      state: name,
      reason: said(state),
      reasonKind: reasonKindOf(state),
      nextRefreshAt: 2,
      sharedWith: name === "shared" ? "Claude Code" : null,
    });
    expect(windowSentence(login, HINT, 1)).toBe(said(state, "window"));
    expect(needsSignIn(name) && windowSentence(login, HINT, 1) === null).toBe(false);
  });

  it("is the keeper's own where that is of an older version and tells no kind", () => {
    const old = loginOf("the-id", { state: "wipedElsewhere", reason: "As it was said then." });
    expect(windowSentence(old, HINT, 1)).toBe("As it was said then.");
  });

  it("is what a command answers in the window, too; on the command line the published one is", () => {
    const login = loginOf("the-id", { state: "oldCopy", reason: said(EXAMPLES.oldCopy) });
    const told = { id: "the-id", signInHint: HINT, now: 1 };
    expect(addressed(login, { ...told, reader: "cli" }).reason).toContain("pilot-light allow the-id");
    expect(addressed(login, { ...told, reader: "window" }).reason).toBe(said(EXAMPLES.oldCopy, "window"));
  });

  it("names no command of ours, whatever was published for the command line", () => {
    const signIn = loginOf("a", { state: "signIn", reasonKind: "refused", reason: 'Run "pilot-light rescue a".' });
    expect(windowSentence(signIn, HINT, 1)).toBe(said({ name: "signIn", reason: "refused", since: 1 }, "window"));
    const unkept = loginOf("a", { state: "due", reasonKind: "unkept", reason: UNKEPT });
    expect(windowSentence(unkept, HINT, 1)).not.toContain("pilot-light");
  });

  it("keeps what is said of a login that is well", () => {
    const odd = loginOf("the-id", { reason: "Look at this.", reasonKind: "accountChanged" });
    expect(windowSentence(odd, HINT, 1)).toBe("Look at this.");
  });
});

it("says why it cannot be seen whether a login is shared", () => {
  expect(sharingUnseenSentence({ kind: "inKeychain", program: "Claude Code" })).toBe(
    "Claude Code keeps its login in the macOS keychain, so Pilot Light cannot tell whether it shares one of these logins.",
  );
  expect(sharingUnseenSentence({ kind: "databaseTooLarge" })).toMatch(
    /^OpenCode's database is too large .* shares these logins\.$/,
  );
});
