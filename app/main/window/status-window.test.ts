import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BACKGROUND } from "./status-window.ts";

const CSS = readFileSync(new URL("../../renderer/style.css", import.meta.url), "utf8");

describe("the status window", () => {
  it("has the ground of its page before the page is drawn, so that nothing flashes", () => {
    const [light, dark, ...more] = Array.from(CSS.matchAll(/--ground:\s*(#[\da-f]{6});/g), ([, colour]) => colour);
    expect(more).toEqual([]);
    expect(CSS.indexOf("prefers-color-scheme: dark")).toBeLessThan(CSS.lastIndexOf("--ground:"));
    expect({ light, dark }).toEqual(BACKGROUND);
  });
});
