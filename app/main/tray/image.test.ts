import { describe, expect, it } from "vitest";
import { trayImagePath } from "./image.ts";

describe("the tray's picture", () => {
  it.each([
    ["linux", "resources/tray/needs-you.png"],
    ["darwin", "resources/tray/needs-youTemplate.png"],
    ["win32", "resources/tray/needs-you.ico"],
  ] as const)("on %s is %s", (platform, path) => {
    expect(trayImagePath("needs-you", platform)).toBe(path);
  });
});
