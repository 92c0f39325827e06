import { describe, expect, it } from "vitest";
import { loginOf, NOON, snapshotOf } from "../shared/testing/snapshots.ts";
import { newsOf } from "./announce.ts";

describe("what is heard of a change", () => {
  const two = (state: "healthy" | "retrying" | "signIn", other: "healthy" | "signIn" = "healthy") =>
    snapshotOf([loginOf("a", { state }), loginOf("b", { state: other })]);

  it("names the login and how it is now, then how all of them are", () => {
    expect(newsOf(two("healthy"), two("signIn"), NOON)).toBe("a: sign in. 1 of 2 logins needs you");
    expect(newsOf(two("signIn"), two("healthy"), NOON)).toBe("a: healthy. 2 logins, all well");
  });

  it("is not silent where two logins change places", () => {
    expect(newsOf(two("signIn"), two("healthy", "signIn"), NOON)).toBe("a: healthy. b: sign in");
  });

  it("of a login that is back is that it was signed in again, once", () => {
    const back = (at: number) => snapshotOf([loginOf("a", { signedInAt: at }), loginOf("b")]);
    expect(newsOf(two("signIn"), back(NOON), NOON)).toBe("a: signed in again. 2 logins, all well");
    expect(newsOf(back(NOON), back(NOON + 40), NOON + 50)).toBe("");
    // It was signed out before, so it was not there.
    expect(newsOf(snapshotOf([loginOf("b")]), back(NOON), NOON)).toBe("a: signed in again. 2 logins, all well");
    expect(newsOf(two("retrying"), back(NOON), NOON + 3_600_000)).toBe("a: healthy. 2 logins, all well");
  });

  it("is nothing where only times are new", () => {
    const later = snapshotOf(two("healthy").accounts.map((login) => ({ ...login, accessExpiresAt: 1 })));
    expect(newsOf(two("healthy"), later, NOON)).toBe("");
  });

  it("at first is how all of them are", () => {
    expect(newsOf(null, two("healthy"), NOON)).toBe("2 logins, all well");
  });
});
