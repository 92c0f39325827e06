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

  it("is nothing where only times are new", () => {
    const later = snapshotOf(two("healthy").accounts.map((login) => ({ ...login, accessExpiresAt: 1 })));
    expect(newsOf(two("healthy"), later, NOON)).toBe("");
  });

  it("at first is how all of them are", () => {
    expect(newsOf(null, two("healthy"), NOON)).toBe("2 logins, all well");
  });
});
