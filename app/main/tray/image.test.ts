import { describe, expect, it } from "vitest";
import { trayImagePath } from "./image.ts";

describe("the tray's picture", () => {
  it.each([
    ["linux", "resources/tray/needsYou.png"],
    ["darwin", "resources/tray/needsYouTemplate.png"],
    ["win32", "resources/tray/needsYou.ico"],
  ] as const)("on %s is %s", (platform, path) => {
    expect(trayImagePath("needsYou", platform)).toBe(path);
  });
});
