import { describe, expect, it } from "vitest";
import { isRefreshAll } from "./keys.ts";

describe("the keys that refresh all logins", () => {
  const keys = { key: "r", code: "KeyR", ctrlKey: true, metaKey: false, shiftKey: false, altKey: false };

  it("are Ctrl+R and Cmd+R, wherever R is on the keyboard", () => {
    expect(isRefreshAll(keys)).toBe(true);
    expect(isRefreshAll({ ...keys, ctrlKey: false, metaKey: true })).toBe(true);
    expect(isRefreshAll({ ...keys, key: "R", code: "KeyO" })).toBe(true);
    expect(isRefreshAll({ ...keys, key: "к" })).toBe(true);
  });

  it("are no others", () => {
    expect(isRefreshAll({ ...keys, ctrlKey: false })).toBe(false);
    expect(isRefreshAll({ ...keys, metaKey: true })).toBe(false);
    expect(isRefreshAll({ ...keys, shiftKey: true })).toBe(false);
    expect(isRefreshAll({ ...keys, altKey: true })).toBe(false);
    expect(isRefreshAll({ ...keys, key: "p" })).toBe(false);
  });
});
