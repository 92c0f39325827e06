import { describe, expect, it } from "vitest";
import { isAllowed } from "./security.ts";

describe("the window's requests", () => {
  it.each([
    ["file:///opt/app/out/renderer/index.html", true],
    ["file:///opt/app/out/renderer/index.js#x", true],
    ["file:///opt/app/out/renderer/../../package.json", false],
    ["file:///opt/app/out/renderer/%2e%2e/main/index.cjs", false],
    ["file:///etc/passwd", false],
    ["https://example.com/", false],
    ["ws://127.0.0.1:1/", false],
    ["data:text/html,x", false],
    ["nonsense", false],
  ])("%s: %s", (url, allowed) => {
    expect(isAllowed(url, "file:///opt/app/out/renderer/")).toBe(allowed);
  });
});
