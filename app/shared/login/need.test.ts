import { describe, expect, it } from "vitest";
import { loginOf } from "../testing/snapshots.ts";
import { byNeed } from "./need.ts";
import { LOGIN_STATE_NAMES } from "./states.ts";

describe("logins by need", () => {
  it("come with the worst first, and last the ones that are left alone", () => {
    const logins = LOGIN_STATE_NAMES.map((state) => loginOf(state, { state }));
    expect(byNeed(logins).map(({ state }) => state)).toEqual([
      "unreadable",
      "shared",
      "oldCopy",
      "wipedElsewhere",
      "signIn",
      "retrying",
      "rateLimited",
      "outcomeUnknown",
      "paused",
      "healthy",
      "due",
      "refreshing",
      "unmanaged",
    ]);
  });

  it("keep the order of the file where they need the same", () => {
    const logins = ["c", "a", "b"].map((id) => loginOf(id));
    expect(byNeed([...logins, loginOf("z", { state: "signIn" })]).map(({ id }) => id)).toEqual(["z", "c", "a", "b"]);
  });
});
