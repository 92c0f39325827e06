import { describe, expect, it } from "vitest";
import { accountOf } from "../testing/snapshots.ts";
import { byNeed } from "./need.ts";
import { LOGIN_STATE_NAMES } from "./states.ts";

describe("logins by need", () => {
  it("come with the worst first, and last the ones that are left alone", () => {
    const accounts = LOGIN_STATE_NAMES.map((state) => accountOf(state, { state }));
    expect(byNeed(accounts).map(({ state }) => state)).toEqual([
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
    const accounts = ["c", "a", "b"].map((id) => accountOf(id));
    expect(byNeed([...accounts, accountOf("z", { state: "signIn" })]).map(({ id }) => id)).toEqual([
      "z",
      "c",
      "a",
      "b",
    ]);
  });
});
